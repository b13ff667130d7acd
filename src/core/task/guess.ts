import { entropyOf } from '../numerics';
import { boundaryOf } from './channels';
import { firstRow, rowsOf, type Dataset } from './dataset';

/** Losses that put a loss into proportion: of guesses that do not look at the input. */
export interface Guesses {
  /** ln C: knowing nothing; NaN of numbers. */
  readonly uniform: number;
  /** Knowing how often each answer occurs in the training part; of numbers, their mean. */
  readonly unigram: number;
  /** NaN: what a text has of the token before. */
  readonly bigram: number;
}

/** In the units of the training loss: nats for each target, or half the squared error of a row. */
export function guessOf(dataset: Dataset): Guesses {
  const { output, parts, alignment } = dataset;
  const { values } = output;
  const rows = function* (): Generator<number> {
    for (const example of parts.train) {
      const start = firstRow(output, example);
      for (let t = 0; t < rowsOf(output, example); t++) yield start + t;
    }
  };
  if (values.kind === 'symbols') {
    const ends = alignment === 'delayed' ? parts.train.length : 0;
    const counts = new Float64Array(values.classes + (ends > 0 ? 1 : 0));
    for (const row of rows()) if (values.ids[row]! >= 0) counts[values.ids[row]!]!++;
    if (ends > 0) counts[boundaryOf(dataset)] = ends;
    const total = counts.reduce((a, b) => a + b, 0);
    return { uniform: Math.log(counts.length), unigram: entropyOf(counts, total), bigram: NaN };
  }
  const { width } = values;
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let count = 0;
  for (const row of rows()) {
    if (values.known?.[row] === 0) continue;
    count++;
    for (let i = 0; i < width; i++) {
      const value = values.values[row * width + i]!;
      sums[i]! += value;
      squares[i]! += value * value;
    }
  }
  const unigram = values.labels
    ? sums.reduce((sum, ones) => sum + entropyOf([ones, count - ones], count), 0)
    : squares.reduce((sum, square, i) => sum + square / count - (sums[i]! / count) ** 2, 0) / 2;
  return { uniform: values.labels ? width * Math.LN2 : NaN, unigram, bigram: NaN };
}
