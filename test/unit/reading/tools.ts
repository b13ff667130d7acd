import type { Backend } from '../../../src/core/engine/backend';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { createTokenizer } from '../data/tools';
import { buildModel, type Model } from '../../../src/core/engine/model';
import { writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { prepareText } from '../../../src/core/data/text';
import { createReadModel } from '../../../src/core/reading/model';
import type { ReadModel } from '../../../src/core/reading/reading';
import { logSumExp } from '../../../src/core/numerics';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { random } from '../engine/tools';

export const cells = {
  vanilla: 's[t] = tanh(U x[t] + W s[t-1] + b)',
  lstm: `i[t] = sigmoid(A x[t] + B h[t-1] + a)
    f[t] = sigmoid(C x[t] + D h[t-1] + b)
    o[t] = sigmoid(E x[t] + F h[t-1])
    g[t] = tanh(U x[t] + W h[t-1])
    c[t] = f[t] * c[t-1] + i[t] * g[t]
    h[t] = o[t] * tanh(c[t])`,
  'long lag': 's[t] = tanh(U x[t-300] + b)',
  'two lags': 's[t] = tanh(U x[t] + Q x[t-2] + W s[t-1] + A s[t-3])',
} as const;

export const backends = {
  reference: ({ layout }: Model): Backend => createReferenceBackend(layout),
  kernels: ({ layout }: Model): Backend => createWasmBackend({ layout }),
} as const;

export interface Shape {
  readonly cell?: keyof typeof cells;
  readonly hidden?: number;
  readonly layers?: number;
  readonly embedding?: number;
  /** Of the parameters, uniform in ± this. */
  readonly scale?: number;
  readonly backend?: keyof typeof backends;
}

/** A model of random weights. */
export function makeNetwork(vocabulary: number, shape: Shape = {}, seed = 5): Network {
  const { hidden = 6, layers = 1, embedding = 0, scale = 0.8 } = shape;
  const cell = parseCell(cells[shape.cell ?? 'lstm'], 'cell');
  const model = buildModel({ cell, hidden, layers, vocabulary, embedding, dropout: 0 });
  const backend = backends[shape.backend ?? 'reference'](model);
  fill(model, backend, seed, scale);
  return createNetwork(model, backend);
}

export function fill(model: Model, backend: Backend, seed: number, scale = 0.8): void {
  const next = random(seed);
  for (const parameter of model.parameters) {
    const { rows, columns } = parameter;
    const values = Array.from({ length: rows * columns }, () => (2 * next() - 1) * scale);
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  backend.parametersChanged();
}

export function makeReadModel(tokenizer: Tokenizer, shape: Shape = {}): ReadModel {
  return createReadModel(makeNetwork(tokenizer.vocabulary, shape), tokenizer);
}

/** Texts with whatever makes tokens and places differ. */
export const alphabet = [
  ...['a', 'b', 'c', 'the', ' ', '  ', '\n', '\r\n', '\r', '.', ',', "don't", '3.14', '\t'],
  ...['ß', 'é', '𝒳', '🌸', '👩‍👩‍👧', '\uD800', '\uFEFF', '春眠', '“', '…', '\u2028'],
];

export function randomText(next: () => number, length: number): string {
  return Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]!).join('');
}

/** Knows some of the alphabet. */
export function makeTokenizer(kind: Tokenizer['kind']): Tokenizer {
  const { text } = prepareText("the cab don't, 3.14 é\n a the\tb ss 春眠 .");
  // Byte pairs are merged only where they come again.
  return kind === 'bpe'
    ? createTokenizer(kind, text.repeat(3), 280)
    : createTokenizer(kind, text, 14);
}

/**
 * Loss of each token but the first, of ids read from the initial state, one program for all: what reading in any
 * other way is held to. Entry 0 is NaN.
 */
export function lossesOf(network: Network, ids: ArrayLike<number>): number[] {
  if (ids.length === 0) return [];
  // Texts of nearly the same length share a program; what follows a text changes nothing before it.
  const loaded = network.program('evaluate', {
    batch: 1,
    sequence: 128 * Math.ceil(ids.length / 128),
  });
  loaded.resetState();
  loaded.tokens.fill(0);
  loaded.tokens.set(Array.from(ids));
  loaded.targets.fill(-1);
  loaded.run(0);
  const view = loaded.program.probes.get('logits')!;
  const floats = network.backend.floats();
  return Array.from(ids, (id, i) => {
    if (i === 0) return NaN;
    const start = view.offset + (i - 1) * view.timeStride;
    const logits = floats.subarray(start, start + view.width);
    return logSumExp(logits) - logits[id]!;
  });
}

/** Runs a generator to its end. */
export function finish<T>(generator: Generator<unknown, T, undefined>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}
