import type { ChannelData } from '../task/dataset';
import type { AnswerRows } from './answer-rows';

/**
 * Answers examples with rows of numbers: what the model says at a step is what it reads at the next, before the first
 * step zeros. Of labels (response sigmoid) those are there that are likelier than not.
 *
 * @param examples their numbers; none has a source longer than there is room for
 * @param steps of every answer; at most those that there is room for
 * @yields share done, 0 to 1, after each step
 * @returns of each example `[steps, width]`
 */
export function* answerWithNumbers(
  rows: AnswerRows,
  input: ChannelData,
  examples: ArrayLike<number>,
  steps: number,
): Generator<number, Float32Array[], undefined> {
  const answers: Float32Array[] = [];
  for (let start = 0; start < examples.length; start += rows.room.rows) {
    const chosen = Array.from(examples).slice(start, start + rows.room.rows);
    rows.begin(input, chosen, 1);
    const width = rows.prediction(0, 0).length;
    const found = chosen.map(() => new Float32Array(steps * width));
    for (let u = 0; u < steps; u++) {
      found.forEach((answer, row) => {
        const before = answer.subarray((u - 1) * width, u * width);
        rows.write(u, row, u === 0 ? new Float32Array(width) : before);
      });
      rows.step(u);
      found.forEach((answer, row) => {
        answer.set(rows.prediction(u, row), u * width);
      });
      yield (start + (chosen.length * (u + 1)) / steps) / examples.length;
    }
    answers.push(...found);
  }
  return answers;
}
