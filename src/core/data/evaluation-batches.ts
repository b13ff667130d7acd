import type { Stretch } from './split';
import type { TokenIds } from './tokenizer';

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

/**
 * How many rows to measure stretches with: one for each, or a power of two for a single one, so that few
 * shapes serve texts of all lengths.
 */
export function evaluationRows(stretches: readonly Stretch[], sequence: number): number {
  if (stretches.length > 1) return stretches.length;
  const tokens = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  let rows = 1;
  while (rows < mostRows && 2 * rows * fewestChunks * sequence <= tokens) rows *= 2;
  return rows;
}

/**
 * Lays stretches out as rows. A single stretch is cut into `batch` rows, to measure them at once; each row
 * but the first then reads T tokens before its own, uncounted, so that it has the state a single row would
 * have there, or nearly so.
 *
 * @param shape the chunks' shape, `batch` as `evaluationRows` says
 * @param limit most tokens to count, from each stretch's start; 0: all
 */
export function createEvaluationBatches(
  ids: TokenIds,
  stretches: readonly Stretch[],
  { batch, sequence }: { readonly batch: number; readonly sequence: number },
  limit: number,
): EvaluationBatches {
  const measured = shortened(stretches, limit);
  const rows =
    measured.length > 1
      ? measured.map(({ from, to }) => ({ start: from, from, to }))
      : cut(measured[0]!, batch, sequence);
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
