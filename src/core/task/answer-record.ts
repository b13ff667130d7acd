/** What a model answers, answer by answer: for all that is said of answers beyond their scores. */
import type { Floats } from '../engine/backend';
import type { Program } from '../engine/program';
import { argmax, logSumExp } from '../numerics';
import { logitsAt } from './answers';
import { calibrationOf, type Calibration } from './calibration';
import { firstRow, rowsOf, type Dataset, type Values } from './dataset';

/** Answers one after another, of an example all steps in their order; those without a target are left out. */
export interface AnswerList {
  readonly examples: number[];
  readonly steps: number[];
  /** Nats, or half the squared error of standardised numbers. */
  readonly losses: number[];
  /** Of one of several classes. */
  readonly classes: {
    readonly targets: number[];
    readonly answers: number[];
    readonly targetProbabilities: number[];
    readonly answerProbabilities: number[];
  };
  /** Of any of several labels, label by label: its probability, and whether it is one. */
  readonly labels: { readonly probabilities: number[]; readonly came: number[] };
  /** Standardised, `[answers, width]`. */
  readonly numbers: { readonly targets: number[]; readonly answers: number[] };
}

export interface AnswerRecord extends AnswerList {
  /** Takes the example in a row of the batch that has just run. */
  add(example: number, row: number): void;
}

/** @param floats the arena, as it is now */
export function createAnswerRecord(
  dataset: Dataset,
  { probes }: Program,
  floats: () => Floats,
): AnswerRecord {
  const { output } = dataset;
  const view = probes.get('logits')!;
  const list: AnswerList = {
    examples: [],
    steps: [],
    losses: [],
    classes: { targets: [], answers: [], targetProbabilities: [], answerProbabilities: [] },
    labels: { probabilities: [], came: [] },
    numbers: { targets: [], answers: [] },
  };
  const take = takerOf(output.values, list);
  return {
    ...list,
    add(example, row) {
      const first = firstRow(output, example);
      for (let step = 0; step < rowsOf(output, example); step++) {
        if (!isKnown(output.values, first + step)) continue;
        list.examples.push(example);
        list.steps.push(step);
        list.losses.push(take(first + step, logitsAt({ floats: floats(), view, step, row })));
      }
    },
  };
}

function isKnown(values: Values, at: number): boolean {
  return values.kind === 'symbols' ? values.ids[at]! >= 0 : values.known?.[at] !== 0;
}

/** What takes the answer to a target, and gives its loss. */
function takerOf(values: Values, list: AnswerList): (at: number, logits: Float64Array) => number {
  if (values.kind === 'symbols') {
    const { classes } = list;
    return (at, logits) => {
      const target = values.ids[at]!;
      const answer = argmax(logits);
      const sum = logSumExp(logits);
      classes.targets.push(target);
      classes.answers.push(answer);
      classes.targetProbabilities.push(Math.exp(logits[target]! - sum));
      classes.answerProbabilities.push(Math.exp(logits[answer]! - sum));
      return sum - logits[target]!;
    };
  }
  const { width } = values;
  const targetOf = (at: number) => values.values.subarray(at * width, (at + 1) * width);
  if (values.labels) {
    return (at, logits) =>
      targetOf(at).reduce((loss, came, i) => {
        const z = logits[i]!;
        list.labels.probabilities.push(1 / (1 + Math.exp(-z)));
        list.labels.came.push(came);
        return loss + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - z * came;
      }, 0);
  }
  return (at, logits) => {
    const target = targetOf(at);
    list.numbers.targets.push(...target);
    list.numbers.answers.push(...logits);
    return target.reduce((loss, value, i) => loss + (logits[i]! - value) ** 2 / 2, 0);
  };
}

/** Of classes the probability of each answer, of labels that of each label; of numbers there is none. */
export function calibrationOfAnswers({ classes, labels }: AnswerList): Calibration | undefined {
  const { answers, targets, answerProbabilities } = classes;
  if (answers.length > 0) {
    const right = answers.map((answer, i) => Number(answer === targets[i]));
    return calibrationOf(answerProbabilities, right);
  }
  if (labels.came.length > 0) return calibrationOf(labels.probabilities, labels.came);
  return undefined;
}
