/** Problems of every input/output shape, each with what a model of it has to come to. */
import { createRandom, type Random } from '../../../src/core/random/random';
import type { Alignment, Dataset } from '../../../src/core/task/dataset';
import { channel, dataset, type Rows } from '../../unit/task/made';

export interface Problem {
  readonly name: string;
  readonly dataset: Dataset;
  readonly model: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The column of an evaluation that is judged, and in which range it must be. */
  readonly judged: 'accuracy' | 'tokenAccuracy' | 'exactMatch' | 'validationLoss';
  readonly range: readonly [number, number];
}

interface Made {
  /** Number of symbols that go in and come out; undefined: numbers. */
  readonly inputs: number | undefined;
  readonly outputs: number | undefined;
  readonly alignment: Alignment;
  readonly isSequence: boolean;
  readonly count: number;
  readonly heldOut: number;
  readonly example: (random: Random) => readonly [Rows[number], Rows[number]];
}

function make({ count, heldOut, example, ...shape }: Made): Dataset {
  const random = createRandom(7);
  const all = Array.from({ length: count }, () => example(random));
  const input = all.map(([x]) => x);
  const output = all.map(([, y]) => y);
  const { inputs, outputs, alignment, isSequence } = shape;
  return dataset(
    channel(input, inputs, isSequence),
    channel(output, outputs, alignment !== 'one'),
    alignment,
    count,
    heldOut,
  );
}

const symbols = (random: Random, length: number, classes: number): number[] =>
  Array.from({ length }, () => random.integer(classes));

/** Hochreiter & Schmidhuber 1997, task 6a: two of X and Y far apart among distractors; the class is their order. */
const temporalOrder: Problem = {
  name: 'many to one: temporal order',
  dataset: make({
    ...{ inputs: 6, outputs: 4, alignment: 'one', isSequence: true, count: 4000, heldOut: 500 },
    example(random) {
      const x = symbols(random, 40 + random.integer(11), 4).map((s) => s + 2);
      const [a, b] = [random.integer(2), random.integer(2)];
      x[4 + random.integer(6)] = a;
      x[20 + random.integer(6)] = b;
      return [x, [2 * a + b]];
    },
  }),
  model: 'h[t] = gru(x[t], h[t-1])\ny = softmax(V h[T] + c)',
  settings: { 'model.hidden': 64, 'training.seconds': 60, 'training.learningRate': 0.01 },
  judged: 'accuracy',
  range: [0.99, 1],
};

/** Each tag depends on the symbols before and after it. */
const bothSides: Problem = {
  name: 'many to many, synced: tags that depend on both sides',
  dataset: make({
    ...{ inputs: 4, outputs: 16, alignment: 'synced', isSequence: true, count: 2000, heldOut: 200 },
    example(random) {
      const x = symbols(random, 5 + random.integer(16), 4);
      return [x, x.map((_, t) => 4 * (x[t - 1] ?? 0) + (x[t + 1] ?? 0))];
    },
  }),
  model: 'f[t] = lstm(x[t], f[t-1])\nb[t] = lstm(x[t], b[t+1])\ny[t] = softmax(V [f[t]; b[t]] + c)',
  settings: { 'model.hidden': 48, 'training.seconds': 30, 'training.learningRate': 0.01 },
  judged: 'tokenAccuracy',
  range: [1, 1],
};

const reversal: Problem = {
  name: 'many to many, delayed: reversal of 10 symbols',
  dataset: make({
    ...{ inputs: 10, outputs: 10, alignment: 'delayed', isSequence: true },
    ...{ count: 20_000, heldOut: 500 },
    example(random) {
      const x = symbols(random, 10, 10);
      return [x, [...x].reverse()];
    },
  }),
  model: `s[t] = lstm(x[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(A d[u], s)
k[u] = tanh(K [a[u]; d[u]] + k0)
y[u] = softmax(V k[u] + c)`,
  settings: { 'model.hidden': 96, 'training.seconds': 90, 'training.learningRate': 0.004 },
  judged: 'exactMatch',
  range: [0.99, 1],
};

/** Hochreiter & Schmidhuber 1997, task 4: the sum of two marked numbers among T; guessing their mean errs by 1/6. */
const adding: Problem = {
  name: 'many to one, numbers: adding problem, T = 100',
  dataset: make({
    ...{ inputs: undefined, outputs: undefined, alignment: 'one', isSequence: true },
    ...{ count: 20_000, heldOut: 500 },
    example(random) {
      const numbers = Array.from({ length: 100 }, () => random.uniform());
      const first = random.integer(50);
      const second = 50 + random.integer(50);
      const x = numbers.map((value, t) => [value, Number(t === first || t === second)]);
      return [x, [[numbers[first]! + numbers[second]!]]];
    },
  }),
  model: 'h[t] = gru(x[t], h[t-1])\ny = V h[T] + c',
  settings: { 'model.hidden': 64, 'training.seconds': 150, 'training.learningRate': 0.005 },
  // The loss is half the squared error.
  judged: 'validationLoss',
  range: [0, 0.005],
};

/** Arjovsky et al. 2016: 10 symbols are to be said again after T blanks; knowing none of them costs 10 ln 8 / (T + 20). */
const copyLength = 100;
const copy: Problem = {
  name: 'many to many, synced: copy after T = 100',
  dataset: make({
    ...{
      inputs: 10,
      outputs: 9,
      alignment: 'synced',
      isSequence: true,
      count: 20_000,
      heldOut: 300,
    },
    example(random) {
      const word = symbols(random, 10, 8).map((s) => s + 1);
      const blanks = (n: number): number[] => new Array<number>(n).fill(0);
      return [
        [...word, ...blanks(copyLength - 1), 9, ...blanks(10)],
        [...blanks(copyLength + 10), ...word],
      ];
    },
  }),
  model: 'h[t] = lstm(x[t], h[t-1])\ny[t] = softmax(V h[t] + c)\ninit h.bf = 4',
  settings: { 'model.hidden': 128, 'training.seconds': 240, 'training.learningRate': 0.004 },
  judged: 'validationLoss',
  range: [0, (0.9 * 10 * Math.log(8)) / (copyLength + 20)],
};

const xor: Problem = {
  name: 'one to one: XOR by the plain network',
  dataset: make({
    ...{ inputs: undefined, outputs: 2, alignment: 'one', isSequence: false },
    ...{ count: 1000, heldOut: 200 },
    example(random) {
      const [a, b] = [random.integer(2), random.integer(2)];
      return [[[a, b]], [a ^ b]];
    },
  }),
  model: 'h = relu(A x + a)\ny = softmax(V h + c)',
  settings: { 'model.hidden': 16, 'training.seconds': 5, 'training.learningRate': 0.01 },
  judged: 'accuracy',
  range: [1, 1],
};

export const problems: readonly Problem[] = [temporalOrder, bothSides, reversal, adding, copy, xor];
