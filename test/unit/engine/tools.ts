import { compileProgram } from '../../../src/core/engine/compile';
import { buildModel, type Mode, type Model } from '../../../src/core/engine/model';
import { writeParameter } from '../../../src/core/engine/parameters';
import type { View } from '../../../src/core/engine/program';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import { parseCell } from '../../../src/core/equations/parse';

/** A model on the reference backend with one program loaded. */
export interface Bench {
  readonly model: Model;
  readonly backend: Backend;
  readonly loaded: LoadedProgram;
}

export interface Sizes {
  readonly hidden: number;
  readonly vocabulary: number;
  readonly batch: number;
  readonly sequence: number;
  readonly layers?: number;
  readonly embedding?: number;
  readonly dropout?: number;
  readonly mode?: Mode;
}

export function prepare(source: string, sizes: Sizes): Bench {
  const { hidden, vocabulary, batch, sequence, layers = 1, embedding = 0, dropout = 0 } = sizes;
  const cell = parseCell(source, 'cell');
  const model = buildModel({
    cell,
    hidden,
    layers,
    vocabulary,
    embedding,
    dropout,
  });
  const backend = createReferenceBackend(model.layout);
  const mode = sizes.mode ?? 'inspect';
  const program = compileProgram(model, {
    batch,
    sequence,
    mode,
    base: model.layout.free,
  });
  return { model, backend, loaded: backend.load(program) };
}

/** A small generator for tests (mulberry32), independent of the product's. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fills all parameters with values uniform in ±scale, and tokens and targets with random ids. */
export function randomise({ model, backend, loaded }: Bench, seed: number, scale = 0.5): void {
  const next = random(seed);
  for (const parameter of model.parameters) {
    const values = Array.from(
      { length: parameter.rows * parameter.columns },
      () => (2 * next() - 1) * scale,
    );
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  backend.parametersChanged();
  const { vocabulary } = model.spec;
  for (let i = 0; i < loaded.tokens.length; i++) {
    loaded.tokens[i] = Math.floor(next() * vocabulary);
    loaded.targets[i] = Math.floor(next() * vocabulary);
  }
}

/** Sets one parameter from rows. */
export function setMatrix(
  { model, backend }: Bench,
  name: string,
  rows: readonly (readonly number[])[],
): void {
  const parameter = model.parameters.find((p) => p.name === name);
  if (!parameter) throw new Error(`The model has no ${name}.`);
  writeParameter(backend.floats(), model.layout.parameters, parameter, rows.flat());
  backend.parametersChanged();
}

/** The row of a probe at step t, batch row b. */
export function probe({ backend, loaded }: Bench, name: string, t: number, b: number): number[] {
  const view: View | undefined = loaded.program.probes.get(name);
  if (!view)
    throw new Error(`No probe ${name}; there are ${[...loaded.program.probes.keys()].join(', ')}.`);
  const start = view.offset + t * view.timeStride + b * view.rowStride;
  return [...backend.floats().subarray(start, start + view.width)];
}

/** `count` evenly spaced values from a to b. */
export function linspace(a: number, b: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => a + ((b - a) * i) / (count - 1));
}

/** Cuts a flat list into rows. */
export function rowsOf(values: readonly number[], columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, r) =>
    values.slice(r * columns, (r + 1) * columns),
  );
}

export function transpose(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, c) => rows.map((row) => row[c]!));
}
