import type { Stretch } from './split';
import type { TokenIds } from './tokenizer';

/** How stretches are measured: in rows side by side, each warmed up, a chunk of steps at a time. */
export interface EvaluationShape {
  readonly batch: number;
  /** Steps of a chunk. */
  readonly sequence: number;
  /** Tokens that a row which begins inside a stretch reads first, uncounted. */
  readonly warmup: number;
}

/** Chunks that measure stretches of tokens, each token exactly once; run them in order on a fresh state. */
export interface EvaluationBatches {
  readonly batch: number;
  readonly sequence: number;
  readonly chunks: number;
  /** Tokens that count. */
  readonly tokens: number;
  /** The stretches that are measured, shortened where there was a limit. */
  readonly stretches: readonly Stretch[];
  /** Writes chunk number `chunk`; targets that do not count are -1. Both are `[T, B]`. */
  fill(chunk: number, tokens: Int32Array, targets: Int32Array): void;
}

/** A row reads from `start` on and counts tokens `[from, to)`. */
interface Row extends Stretch {
  readonly start: number;
}

/** With rows of fewer warm-ups than this, most of the work would be warming up. */
const fewestChunks = 4;
const mostRows = 32;

/** Logits of a chunk, unless training itself has more: 64 MB of them. */
const mostLogits = 2 ** 24;

/**
 * How to measure stretches: with a row for each, or a power of two for a single one, so that few shapes serve
 * texts of all lengths.
 *
 * @param warmup tokens that are worth their time, T of the training
 * @param vocabulary C
 * @param mostPositions positions of a chunk that there is room for in any case, B · T of the training
 */
export function evaluationShape(
  stretches: readonly Stretch[],
  warmup: number,
  vocabulary: number,
  mostPositions: number,
): EvaluationShape {
  const batch = rowsFor(stretches, warmup);
  const positions = Math.max(mostPositions, mostLogits / vocabulary);
  const sequence = Math.min(warmup, Math.max(1, Math.floor(positions / batch)));
  return { batch, sequence, warmup };
}

function rowsFor(stretches: readonly Stretch[], warmup: number): number {
  if (stretches.length > 1) return stretches.length;
  const tokens = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  let rows = 1;
  while (rows < mostRows && 2 * rows * fewestChunks * warmup <= tokens) rows *= 2;
  return rows;
}

/**
 * Lays stretches out as rows. A single stretch is cut into `batch` rows, to measure them at once; each row
 * but the first then reads its warm-up before its own tokens, so that it has the state a single row would
 * have there, or nearly so.
 *
 * @param limit most tokens to count, from each stretch's start; 0: all
 */
export function createEvaluationBatches(
  ids: TokenIds,
  stretches: readonly Stretch[],
  { batch, sequence, warmup }: EvaluationShape,
  limit: number,
): EvaluationBatches {
  const measured = shortened(stretches, limit);
  const rows =
    measured.length > 1
      ? measured.map(({ from, to }) => ({ start: from, from, to }))
      : cut(measured[0]!, batch, warmup);
  const longest = Math.max(...rows.map(({ start, to }) => to - start));

  return {
    batch,
    sequence,
    chunks: Math.ceil(longest / sequence),
    tokens: measured.reduce((sum, { from, to }) => sum + to - from, 0),
    stretches: measured,
    fill(chunk, tokens, targets) {
      rows.forEach((row, b) => {
        for (let t = 0; t < sequence; t++) {
          const at = row.start + chunk * sequence + t;
          tokens[t * batch + b] = at < row.to ? ids[at - 1]! : 0;
          targets[t * batch + b] = at >= row.from && at < row.to ? ids[at]! : -1;
        }
      });
    },
  };
}

function shortened(stretches: readonly Stretch[], limit: number): Stretch[] {
  if (limit === 0) return [...stretches];
  const share = Math.max(1, Math.floor(limit / stretches.length));
  return stretches.map(({ from, to }) => ({ from, to: Math.min(to, from + share) }));
}

/** Rows of equal length; the first has no warm-up and so counts more. */
function cut({ from, to }: Stretch, rows: number, warmup: number): Row[] {
  const share = Math.ceil(Math.max(0, to - from - warmup) / rows);
  return Array.from({ length: rows }, (_, row) => {
    const start = from + row * share;
    const counted = row === 0 ? start : start + warmup;
    return { start, from: counted, to: Math.min(to, start + warmup + share) };
  });
}
