/** Examples in batches: mixed anew in each pass, those of like length together. */
import { upTo } from '../numerics';
import { InputError } from '../input-error';
import { createRandom, type Random } from '../random/random';
import { sentence } from '../sentence';
import { stepsOf } from './channels';
import type { Dataset } from './dataset';

/** Where in the data training is. */
export interface ExampleCursor {
  /** Passes begun, from 0. */
  readonly epoch: number;
  /** Next batch of the pass. */
  readonly chunk: number;
}

/** The batches of a pass, the longest examples of each first: a step's rows are its first ones. */
export interface ExampleBatches {
  /** Batches in a pass. */
  readonly chunks: number;
  /** Numbers of the next examples, at most B; valid until the next call. */
  next(): Uint32Array;
  /** Whether the next batch begins a pass. */
  begins(): boolean;
  /** Passes done, a fraction. */
  epoch(): number;
  cursor(): ExampleCursor;
  /** @throws InputError if the cursor is not of data of this size */
  restore(cursor: ExampleCursor): void;
}

/** Batches whose examples are sorted by length together: few of their steps run with few rows. */
const poolBatches = 32;

/**
 * @param examples their numbers
 * @param seed of the order; pass n has the same order each time
 */
export function createExampleBatches(
  dataset: Dataset,
  examples: Uint32Array,
  batch: number,
  seed: number,
): ExampleBatches {
  const chunks = Math.ceil(examples.length / batch);
  const length = lengthsOf(dataset, examples);
  let epoch = 0;
  let chunk = 0;
  let order: Uint32Array | undefined;

  return {
    chunks,
    next() {
      if (chunk === chunks) {
        epoch++;
        chunk = 0;
        order = undefined;
      }
      order ??= orderOf(length, batch, createRandom(seed + Math.imul(epoch + 1, 0x9e3779b9))).map(
        (place) => examples[place]!,
      );
      return order.subarray(chunk * batch, Math.min(++chunk * batch, examples.length));
    },
    begins: () => chunk === 0 || chunk === chunks,
    epoch: () => epoch + chunk / chunks,
    cursor: () => ({ epoch, chunk }),
    restore(cursor) {
      if (cursor.chunk > chunks) {
        throw new InputError(
          sentence`The checkpoint is damaged: its position in the data is past the end of the data.`,
          sentence`Use the run’s other checkpoint, or train again.`,
        );
      }
      ({ epoch, chunk } = cursor);
      order = undefined;
    },
  };
}

/** Examples in an order that measures them soonest: the longest first. */
export function byLength(dataset: Dataset, examples: Uint32Array): Uint32Array {
  const length = lengthsOf(dataset, examples);
  const places = upTo(examples.length);
  places.sort((a, b) => length[b]! - length[a]! || a - b);
  return places.map((place) => examples[place]!);
}

function lengthsOf(dataset: Dataset, examples: Uint32Array): Float64Array {
  return Float64Array.from(examples, (example) => {
    const { t, u } = stepsOf(dataset, example);
    // First by the source, then by the answer.
    return t * 2 ** 24 + u;
  });
}

/** Places of examples, batch after batch; where they are no whole number of batches, the last one is the smaller. */
function orderOf(length: Float64Array, batch: number, random: Random): Uint32Array {
  const mixed = shuffle(upTo(length.length), random);
  const pool = batch * poolBatches;
  for (let start = 0; start < mixed.length; start += pool) {
    // Those of one length stay mixed: in the order of the file a batch could be all of one class.
    mixed.subarray(start, start + pool).sort((a, b) => length[b]! - length[a]!);
  }
  const whole = Math.floor(mixed.length / batch);
  const batches = shuffle(upTo(whole), random);
  const order = mixed.slice();
  batches.forEach((from, to) => {
    order.set(mixed.subarray(from * batch, (from + 1) * batch), to * batch);
  });
  return order;
}

/** Fisher and Yates, in place. */
function shuffle(values: Uint32Array, random: Random): Uint32Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
  return values;
}
