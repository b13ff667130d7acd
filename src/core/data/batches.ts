import { sentence } from '../sentence';
import { InputError } from '../input-error';
import type { Split } from './split';
import type { TokenIds } from './tokenizer';

/** Where in the data training is; with the generator's state it says what comes next. */
export interface Cursor {
  /** Passes begun, from 0. */
  readonly epoch: number;
  /** Next chunk of the pass. */
  readonly chunk: number;
  /** How many tokens into the text this pass begins. */
  readonly shift: number;
}

/** Stateful streams: row b of chunk k + 1 goes on where row b of chunk k ended. */
export interface Batches {
  /** Chunks in a pass. */
  readonly chunks: number;
  /** Training tokens of a chunk, T · B. */
  readonly chunkTokens: number;
  /**
   * Writes the next chunk: `tokens` and `targets` are `[T, B]`, entry (t, b) at t · B + b.
   * @param integer draws from 0 … n - 1; asked once at the start of each pass but the first
   * @returns whether the chunk begins a pass, so that the carried states have to be reset
   */
  fill(tokens: Int32Array, targets: Int32Array, integer: (n: number) => number): boolean;
  /** Passes done, a fraction. */
  epoch(): number;
  cursor(): Cursor;
  /** @throws InputError if the cursor is not of data of this size */
  restore(cursor: Cursor): void;
}

/**
 * Chunks `[T, B]` of the training part. What a whole number of chunks leaves over is not lost: each pass
 * but the first begins at a random place within that remainder, which also moves the chunks' borders.
 */
export function createBatches(ids: TokenIds, split: Split): Batches {
  const { batch, sequence } = split;
  const { starts, chunks, slack } = layRows(split);
  let epoch = 0;
  let chunk = 0;
  let shift = 0;

  function fill(tokens: Int32Array, targets: Int32Array, integer: (n: number) => number): boolean {
    if (chunk === chunks) {
      epoch++;
      chunk = 0;
      shift = slack === 0 ? 0 : integer(slack + 1);
    }
    const base = shift + chunk * sequence;
    for (let b = 0; b < batch; b++) {
      let from = starts[b]! + base;
      for (let at = b; at < sequence * batch; at += batch) {
        tokens[at] = ids[from - 1]!;
        targets[at] = ids[from]!;
        from++;
      }
    }
    return chunk++ === 0;
  }

  return {
    chunks,
    chunkTokens: batch * sequence,
    fill,
    epoch: () => epoch + chunk / chunks,
    cursor: () => ({ epoch, chunk, shift }),
    restore(cursor) {
      if (cursor.chunk > chunks || cursor.shift > slack) {
        throw new InputError(
          sentence`The checkpoint is damaged: its position in the text is past the end of the text.`,
          sentence`Use the run’s other checkpoint, or train again.`,
        );
      }
      ({ epoch, chunk, shift } = cursor);
    },
  };
}

/** Where each row begins in an unshifted pass, how many chunks it has, how far the pass may be shifted. */
function layRows({ batch, sequence, training }: Split): {
  starts: readonly number[];
  chunks: number;
  slack: number;
} {
  const first = training[0]!;
  const length = first.to - first.from;
  if (training.length > 1) {
    const chunks = Math.floor(length / sequence);
    return { starts: training.map(({ from }) => from), chunks, slack: length - chunks * sequence };
  }
  const chunks = Math.floor(length / (batch * sequence));
  const row = chunks * sequence;
  const starts = Array.from({ length: batch }, (_, b) => first.from + b * row);
  return { starts, chunks, slack: length - batch * row };
}
