/** Data sets made by hand, and a trainer of them. */
import type { Backend } from '../../../src/core/engine/backend';
import type { GraphModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { parseSettings } from '../../../src/core/settings/settings';
import type { TaskDescription } from '../../../src/core/task/description';
import type { Alignment, ChannelData, Dataset } from '../../../src/core/task/dataset';
import { createTrainer, type Trainer } from '../../../src/core/training/trainer';
import type { AnyCheckpoint } from '../../../src/core/training/checkpoint';
import { sha256 } from '../../../src/worker/sha256';

/** Of each example its rows: symbols, or rows of numbers. */
export type Rows = readonly (readonly (number | readonly number[])[])[];

/** @param classes number of symbols; undefined: rows of numbers */
export function channel(rows: Rows, classes: number | undefined, isSequence: boolean): ChannelData {
  const flat = rows.flat();
  const starts = { starts: Uint32Array.from(startsOf(rows)) };
  const of = isSequence ? starts : {};
  if (classes !== undefined) {
    return { values: { kind: 'symbols', classes, ids: Int32Array.from(flat as number[]) }, ...of };
  }
  const numbers = flat.map((row): number[] => [row].flat());
  const width = numbers[0]!.length;
  return { values: { kind: 'numbers', width, values: Float32Array.from(numbers.flat()) }, ...of };
}

function startsOf(rows: Rows): number[] {
  const starts = [0];
  for (const { length } of rows) starts.push(starts.at(-1)! + length);
  return starts;
}

/** The first part is trained on, the last tenth or so held out. */
export function dataset(
  input: ChannelData,
  output: ChannelData,
  alignment: Alignment,
  count: number,
  heldOut = Math.ceil(count / 10),
): Dataset {
  const range = (from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const parts = {
    train: range(0, count - heldOut),
    validation: range(count - heldOut, count),
    test: range(0, 0),
  };
  return { count, input, output, alignment, parts };
}

const used = (name: string) => ({ name, index: 0, type: 'category' });

export const description = {
  understanding: {
    ...{ name: 'made', format: 'csv', alignment: 'one', response: 'softmax' },
    ...{ inputs: [used('x')], outputs: [used('y')] },
  },
  input: { kind: 'category', column: 'x', names: ['a'] },
  output: { kind: 'category', column: 'y', names: ['a'] },
} as unknown as TaskDescription;

export interface MadeOptions {
  readonly dataset: Dataset;
  /** The model's equations. */
  readonly model: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly backend?: (model: GraphModel) => Backend;
  readonly resume?: AnyCheckpoint;
  readonly hash?: string;
  /** A millisecond later each time unless said otherwise. */
  readonly now?: () => number;
}

export const reference = ({ layout }: GraphModel): Backend => createReferenceBackend(layout);
export const strict = ({ layout }: GraphModel): Backend =>
  createWasmBackend({ layout, build: 'strict' });

export async function makeExampleTrainer(options: MadeOptions): Promise<Trainer> {
  let time = 0;
  const { resume } = options;
  return createTrainer({
    settings: resume?.settings ?? parseSettings(options.settings),
    cell: parseCell(options.model, 'model'),
    data: {
      kind: 'examples',
      dataset: options.dataset,
      task: description,
      hash: options.hash ?? 'made',
    },
    createHash: sha256,
    createBackend: options.backend ?? strict,
    now: options.now ?? (() => (time += 0.001)),
    ...(resume && { resume }),
  });
}
