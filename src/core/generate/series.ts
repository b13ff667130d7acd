/** Series whose next value depends on some of those before it. */
import { entropyOf } from '../numerics';
import type { GeneratedTask } from './task';

/** P(Y = 1), where the bits X three and eight steps before it are these. */
function oneAfter(near: number, far: number): number {
  return 0.5 + 0.5 * near - 0.25 * far;
}

/** Entropy of Y, in nats, where it is one with each of these probabilities alike often. */
function meanEntropy(...ones: readonly number[]): number {
  const entropies = ones.map((p) =>
    entropyOf(
      [p, 1 - p].filter((each) => each > 0),
      1,
    ),
  );
  return entropies.reduce((sum, each) => sum + each, 0) / ones.length;
}

/** Both bits of a step as one letter. */
const pairs = 'abcd';

export const twoLag: GeneratedTask = {
  summary: 'tell bits that depend on others, three and eight steps before them',
  source: 'r2rt 2016, “Recurrent Neural Networks in Tensorflow I”, each step as one letter',
  format: 'text',
  columns: ['text'],
  rows: 1,
  length: { meaning: 'letters', standard: 200_000, least: 100, most: 10_000_000 },
  // X itself is a fair coin, which nothing tells.
  floors: () => [
    {
      metric: 'loss',
      value: Math.LN2 + meanEntropy(oneAfter(0.5, 0.5)),
      knowing: 'neither bit',
    },
    {
      metric: 'loss',
      value: Math.LN2 + meanEntropy(oneAfter(0, 0.5), oneAfter(1, 0.5)),
      knowing: 'that three steps before',
    },
    {
      metric: 'loss',
      value: Math.LN2 + meanEntropy(oneAfter(0, 0), oneAfter(0, 1), oneAfter(1, 0), oneAfter(1, 1)),
      knowing: 'both: none can be lower',
    },
  ],
  row(random, length) {
    const x: number[] = [];
    let text = '';
    for (let t = 0; t < length; t++) {
      x.push(random.integer(2));
      const y = Number(random.uniform() < oneAfter(x[t - 3] ?? 0, x[t - 8] ?? 0));
      text += pairs[2 * x[t]! + y]!;
    }
    return { cells: [text] };
  },
};

/** Steps of a whole wave. */
const period = 20;
/** What is measured is off by up to so much. */
const noise = 0.01;

export const sine: GeneratedTask = {
  summary: 'tell the next value of a sine wave of period 20, measured to a hundredth',
  source: 'two values tell the third: x[t+1] = 2 cos(2π/20) x[t] − x[t-1]',
  format: 'csv',
  columns: ['value'],
  rows: 1000,
  floors: () => [
    {
      metric: 'mse',
      value: Math.sin((2 * Math.PI) / period) ** 2 / 2,
      knowing: 'the last value alone',
    },
  ],
  row(random, _, step) {
    const value = Math.sin((2 * Math.PI * step) / period) + noise * (2 * random.uniform() - 1);
    return { cells: [Math.round(value * 10_000) / 10_000] };
  },
};
