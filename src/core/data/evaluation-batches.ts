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

/**
 * Lays stretches out as rows. A single stretch is cut into up to `batch` rows, to measure them at once; each
 * row but the first then reads T tokens before its own, uncounted, so that it has the state a single row
 * would have there, or nearly so.
 *
 * @param limit most tokens to count, from each stretch's start; 0: all
 */
export function createEvaluationBatches(
  ids: TokenIds,
  stretches: readonly Stretch[],
  shape: { readonly batch: number; readonly sequence: number },
  limit: number,
): EvaluationBatches {
  const measured = shortened(stretches, limit);
  const longest = Math.max(...measured.map(({ from, to }) => to - from));
  const sequence = Math.min(shape.sequence, longest);
  const rows =
    measured.length > 1
      ? measured.map(({ from, to }) => ({ start: from, from, to }))
      : cut(measured[0]!, shape.batch, sequence);
  const batch = rows.length;
  const chunks = Math.ceil(Math.max(...rows.map(({ start, to }) => to - start)) / sequence);

  return {
    batch,
    sequence,
    chunks,
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
function cut({ from, to }: Stretch, batch: number, warmup: number): Row[] {
  const tokens = to - from;
  // With rows of fewer than four warm-ups, most of the work would be warming up.
  const rows = Math.max(1, Math.min(batch, Math.floor(tokens / (4 * warmup))));
  const share = Math.ceil(Math.max(0, tokens - warmup) / rows);
  return Array.from({ length: rows }, (_, row) => {
    const start = from + row * share;
    const counted = row === 0 ? start : start + warmup;
    return { start, from: counted, to: rows === 1 ? to : Math.min(to, start + warmup + share) };
  });
}
