import { loadCell } from '../../../src/core/equations/load-cell';
import { parseCell } from '../../../src/core/equations/parse';
import type { Cell } from '../../../src/core/equations/syntax';
import {
  createMachine,
  type TextMachine as Machine,
  type MachineOptions,
} from '../../../src/core/debugger/machine';
import type { LossOf } from '../../../src/core/debugger/backward';
import { createPlan } from '../../../src/core/debugger/plan';
import { createArithmetic, type Precision } from '../../../src/core/debugger/values';
import { buildModel } from '../../../src/core/engine/model';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { createRandom } from '../../../src/core/random/random';
import { builtinCells } from '../../../src/core/cells';

/** Nothing stops the machine. */
export const unchecked = { before: () => undefined, after: () => undefined };

/** Of every kind that a text can have: built-in, with lags, starts and widths of their own, an output of their own. */
export function cellsOfTexts(): Cell[] {
  const own = {
    jordan: 'h[t] = tanh(U x[t] + W y[t-1] + b)\ny[t] = softmax(V h[t] + c)',
    lags: 's[t] = tanh(U x[t] + X x[t-2] + W s[t-1] + Q s[t-3] + b)',
    start: 's[t] = tanh(U x[t] + W s[t-1] + Q s[t-3] + b)\ninit s = 0.25',
    // In an upper layer x is the state below, and so is its past.
    'start below': 's[t] = tanh(U x[t] + X x[t-2] + W s[t-1] + b)\ninit s = 0.25',
    'two starts':
      's[t] = tanh(U x[t] + W s[t-1] + b)\nk[t] = s[t]\n' +
      'h[t] = tanh(K k[t-1] + Q s[t-1] + R h[t-1])\ninit s = 0.25\ninit h = -0.5',
    'made up':
      'p[t] = softplus(P x[t]) / (2 + abs(q * p[t-1] - 0.5))\n' +
      'g[t] = sigmoid(layernorm(G p[t]) + K (exp(-p[t]) * sqrt(1 + p[t] * p[t])))\n' +
      'm[t] = relu(log(2 + g[t] * g[t]) - M softmax(W h[t-2]))\n' +
      'h[t] = g[t] * tanh(H m[t]) + 0.5 * h[t-1] - b\nsize p = 3',
    applied: 'h[t] = gru(x[t], h[t-1])\nk[t] = tanh(K h[t] + b)',
  };
  return [
    ...[...builtinCells.keys()].map(loadCell),
    ...Object.entries(own).map(([name, source]) => parseCell(source, name)),
  ];
}

export interface Subject {
  readonly machine: Machine;
  readonly network: Network;
  readonly ids: Uint8Array;
}

/** A model with random weights on the reference backend, and the machine with the same weights. */
export function subjectOf(
  cell: Cell,
  {
    hidden = 5,
    layers = 1,
    embedding = 0,
    length = 9,
    precision = 'float64',
    scale = 1,
    ...options
  }: MachineOptions & {
    hidden?: number;
    layers?: number;
    embedding?: number;
    length?: number;
    precision?: Precision;
    scale?: number;
  } = {},
): Subject {
  const vocabulary = 6;
  const spec = { cell, hidden, layers, embedding, vocabulary, dropout: 0 };
  const model = buildModel(spec);
  const network = createNetwork(model, createReferenceBackend(model.layout));
  const random = createRandom(7);
  const parameters = new Map<string, { rows: number; columns: number; values: Float64Array }>();
  for (const parameter of model.parameters) {
    const { name, rows, columns } = parameter;
    const values = Float64Array.from({ length: rows * columns }, () =>
      Math.fround(scale * (random.uniform() - 0.5)),
    );
    writeParameter(network.backend.floats(), model.layout.parameters, parameter, values);
    parameters.set(name, {
      rows,
      columns,
      values: readParameter(network.backend.floats(), model.layout.parameters, parameter),
    });
  }
  const ids = Uint8Array.from({ length: length + 1 }, () => random.integer(vocabulary));
  const numbers = createArithmetic(precision);
  const machine = createMachine({ plan: createPlan(spec), parameters, ids, numbers }, options);
  return { machine, network, ids };
}

/** The reference backend's own variables, gradients and gradients with respect to parameters. */
export function reference({ network, ids }: Subject, lossOf: LossOf) {
  const sequence = ids.length - 1;
  const fill = (mode: 'inspect' | 'train') => {
    const loaded = network.program(mode, { batch: 1, sequence });
    loaded.tokens.set(ids.subarray(0, sequence));
    loaded.targets.fill(-1);
    if (lossOf === 'mean') loaded.targets.set(ids.subarray(1));
    else loaded.targets[sequence - 1] = ids[sequence]!;
    loaded.resetState();
    return { loaded, lossSum: loaded.run(0).lossSum };
  };
  const { loaded, lossSum } = fill('inspect');
  const { layout, parameters } = network.model;
  const row = (name: string, t: number): Float64Array | undefined => {
    const view = loaded.program.probes.get(name);
    if (!view) return undefined;
    const start = view.offset + t * view.timeStride;
    return network.backend.floats().slice(start, start + view.width) as Float64Array;
  };
  const gradients = () => {
    fill('train');
    const floats = network.backend.floats();
    return new Map(parameters.map((p) => [p.name, readParameter(floats, layout.gradients, p)]));
  };
  return { lossSum, row, gradients };
}

/** Runs a generator to its end. */
export function finish<R>(generator: Generator<unknown, R, undefined>): R {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}

/** Largest |a - b| / max(1, |b|). */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!)));
  }
  return worst;
}
