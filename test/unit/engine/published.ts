/** Small computations whose results others have published, or that must be those of another cell. */
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import { readParameter } from '../../../src/core/engine/parameters';
import {
  linspace,
  prepare,
  probe,
  randomise,
  rowsOf,
  setMatrix,
  transpose,
  type Bench,
} from './tools';

/** cs231n's results. */
export const cs231n = {
  vanilla: [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
  lstmHidden: [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
  lstmCell: [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
} as const;

/**
 * Feeds dense inputs through a one-hot model: token i selects column i of U, so that a matrix
 * U' = Wx x for the wanted inputs gives the same pre-activation (D inputs become N tokens).
 */
function inputRows(x: number[][], weights: number[][]): number[][] {
  const columns = weights[0]!.map((_, c) => weights.map((row) => row[c]!));
  return x.map((row) => columns.map((w) => w.reduce((sum, value, d) => sum + value * row[d]!, 0)));
}

/** The first row of cs231n's step of a vanilla network. */
export function vanillaStep(): number[] {
  const [n, d, h] = [3, 10, 4];
  const bench = prepare(vanilla, { hidden: h, vocabulary: n, batch: n, sequence: 1 });
  const x = rowsOf(linspace(-0.4, 0.7, n * d), d);
  const wx = rowsOf(linspace(-0.1, 0.9, d * h), h);
  const wh = rowsOf(linspace(-0.3, 0.7, h * h), h);
  setMatrix(bench, 'layer1.U', transpose(inputRows(x, wx)));
  setMatrix(bench, 'layer1.W', transpose(wh));
  setMatrix(bench, 'layer1.b', rowsOf(linspace(-0.2, 0.4, h), 1));
  bench.loaded.tokens.set([0, 1, 2]);
  bench.loaded.writeState(Float64Array.from(linspace(-0.2, 0.5, n * h)));
  bench.loaded.run(0);
  return probe(bench, 'layer1.s', 0, 0);
}

/** The first rows of cs231n's step of an LSTM: hidden and cell state. */
export function lstmStep(): { readonly hidden: number[]; readonly cell: number[] } {
  const [n, d, h] = [3, 4, 5];
  const bench = prepare(lstm, { hidden: h, vocabulary: n, batch: n, sequence: 1 });
  const x = rowsOf(linspace(-0.4, 1.2, n * d), d);
  const wx = rowsOf(linspace(-2.1, 1.3, d * 4 * h), 4 * h);
  const wh = rowsOf(linspace(-0.7, 2.2, h * 4 * h), 4 * h);
  const b = linspace(0.3, 0.7, 4 * h);
  const inputs = inputRows(x, wx);
  ['i', 'f', 'o', 'g'].forEach((gate, index) => {
    const part = (row: number[]): number[] => row.slice(index * h, (index + 1) * h);
    setMatrix(bench, `layer1.W${gate}`, transpose(inputs.map(part)));
    setMatrix(bench, `layer1.R${gate}`, transpose(wh.map(part)));
    setMatrix(bench, `layer1.b${gate}`, rowsOf(part(b), 1));
  });
  bench.loaded.tokens.set([0, 1, 2]);
  const states = new Map([
    ['layer1.h', linspace(-0.3, 0.7, n * h)],
    ['layer1.c', linspace(-0.4, 0.9, n * h)],
  ]);
  const order = bench.loaded.program.carried.map(({ name }) => states.get(name)!);
  bench.loaded.writeState(Float64Array.from(order.flat()));
  bench.loaded.run(0);
  return { hidden: probe(bench, 'layer1.h', 0, 0), cell: probe(bench, 'layer1.c', 0, 0) };
}

/** The loss of a network whose weights are almost nothing, nats. */
export function untrainedLoss(vocabulary: number): number {
  const sizes = { hidden: 8, vocabulary, batch: 2, sequence: 4, mode: 'evaluate' } as const;
  const bench = prepare(vanilla, sizes);
  randomise(bench, 1, 1e-4);
  const { lossSum, count } = bench.loaded.run(0);
  return lossSum / count;
}

const sizes = { hidden: 7, vocabulary: 5, batch: 3, sequence: 13 };

function copyWeights(from: Bench, to: Bench, pairs: readonly (readonly [string, string])[]): void {
  for (const [source, target] of pairs) {
    const parameter = from.model.parameters.find(({ name }) => name === source)!;
    const { parameters } = from.model.layout;
    const values = [...readParameter(from.backend.floats(), parameters, parameter)];
    setMatrix(to, target, rowsOf(values, parameter.columns));
  }
  to.loaded.tokens.set(from.loaded.tokens);
}

function setGate(bench: Bench, bias: string, value: number): void {
  const column = Array.from({ length: sizes.hidden }, () => [value]);
  setMatrix(bench, `layer1.${bias}`, column);
}

/** Largest difference of two networks' hidden states over all steps, in a row of the batch. */
function stateDifference(a: Bench, nameA: string, b: Bench, nameB: string): number {
  a.loaded.run(0);
  b.loaded.run(0);
  let largest = 0;
  for (let t = 0; t < sizes.sequence; t++) {
    const other = probe(b, nameB, t, 2);
    probe(a, nameA, t, 2).forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - other[i]!));
    });
  }
  return largest;
}

/** How far a GRU with r = 1 and z = 0 is from the vanilla cell. */
export function gruFromVanilla(): number {
  const plain = prepare(vanilla, sizes);
  randomise(plain, 3);
  const gated = prepare(gru, sizes);
  copyWeights(plain, gated, [
    ['layer1.U', 'layer1.Wn'],
    ['layer1.W', 'layer1.Rn'],
    ['layer1.b', 'layer1.bn'],
  ]);
  setGate(gated, 'br', 1000);
  setGate(gated, 'bz', -1000);
  return stateDifference(gated, 'layer1.h', plain, 'layer1.s');
}

/** How far an LSTM with i = 1, f = 0 and o = 1 is from the vanilla cell with one more tanh. */
export function lstmFromVanilla(): number {
  const plain = prepare('c[t] = tanh(U x[t] + W h[t-1] + b)\nh[t] = tanh(c[t])', sizes);
  randomise(plain, 4);
  const gated = prepare(lstm, sizes);
  copyWeights(plain, gated, [
    ['layer1.U', 'layer1.Wg'],
    ['layer1.W', 'layer1.Rg'],
    ['layer1.b', 'layer1.bg'],
  ]);
  setGate(gated, 'bi', 1000);
  setGate(gated, 'bf', -1000);
  setGate(gated, 'bo', 1000);
  return stateDifference(gated, 'layer1.h', plain, 'layer1.h');
}

/** Parameters of a vanilla network without biases, 8000 words and 100 units. */
export function parametersWithoutBiases(sequence: number): number {
  const source = 's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])';
  const { model } = prepare(source, {
    hidden: 100,
    vocabulary: 8000,
    batch: 1,
    sequence,
    mode: 'evaluate',
  });
  return model.parameters.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
}
