/** Which labels may be wrong. */

/** One of several classes, answered: the class that was given, that was answered, and their probabilities. */
export interface ClassAnswers {
  readonly targets: ArrayLike<number>;
  readonly answers: ArrayLike<number>;
  /** Of the class that was given. */
  readonly targetProbabilities: ArrayLike<number>;
  /** Of the class that was answered. */
  readonly answerProbabilities: ArrayLike<number>;
}

/**
 * Answers that differ from the label although the model is as sure of them as it is, on average, where that class is the
 * label: the threshold of confident learning (Northcutt et al. 2021), which allows for classes that are hard. It means
 * something only of examples that the model was not trained on.
 *
 * @returns their places, the surest first
 */
export function likelyLabelErrors({
  targets,
  answers,
  targetProbabilities,
  answerProbabilities,
}: ClassAnswers): number[] {
  const sums = new Map<number, { count: number; sum: number }>();
  for (let i = 0; i < targets.length; i++) {
    const known = sums.get(targets[i]!) ?? { count: 0, sum: 0 };
    sums.set(targets[i]!, { count: known.count + 1, sum: known.sum + targetProbabilities[i]! });
  }
  const threshold = (label: number): number => {
    const of = sums.get(label);
    return of === undefined ? Infinity : of.sum / of.count;
  };
  return Array.from({ length: targets.length }, (_, i) => i)
    .filter((i) => answers[i] !== targets[i] && answerProbabilities[i]! >= threshold(answers[i]!))
    .sort((a, b) => answerProbabilities[b]! - answerProbabilities[a]! || a - b);
}
