import type { Stretch } from './split';
import type { TokenIds } from './tokenizer';

/** How stretches are measured: in rows side by side, a chunk of steps at a time. */
export interface EvaluationShape {
  readonly batch: number;
  /** Steps of a chunk. */
  readonly sequence: number;
}

/** Chunks that measure stretches of tokens, each token exactly once; run them in order. */
export interface EvaluationBatches extends EvaluationShape {
  readonly chunks: number;
  /** Tokens that count. */
  readonly tokens: number;
  /** Whether the rows are parts of one stretch, so that each is to begin with the state in which the one before it ends. */
  readonly isCut: boolean;
  /** How many rows, from the first, have tokens left after so many chunks, or a row after them that begins there. */
  rowsAfter(chunks: number): number;
  /** Writes chunk number `chunk`; targets that do not count are -1. Both are `[T, B]`. */
  fill(chunk: number, tokens: Int32Array, targets: Int32Array): void;
}

/** Rows of fewer chunks, or tokens, would be read again for most of their length: a GRU remembers some 500 tokens. */
const fewestChunks = 4;
const fewestTokens = 1024;
const mostRows = 32;

/** Logits of a chunk, unless training itself has more: 64 MB of them. */
const mostLogits = 2 ** 24;

/** What of stretches is measured: at most so many tokens, from the start of each; 0: all. */
export function limitStretches(stretches: readonly Stretch[], limit: number): readonly Stretch[] {
  if (limit === 0) return stretches;
  const share = Math.max(1, Math.floor(limit / stretches.length));
  return stretches.map(({ from, to }) => ({ from, to: Math.min(to, from + share) }));
}

/**
 * The shapes in which stretches are measured: with a row for each, or for a single one a power of two, so that few
 * shapes serve texts of all lengths; then, behind that, one row, for cells that forget too slowly to be cut.
 *
 * @param steps of a chunk, as many as T of the training
 * @param vocabulary C
 * @param mostPositions positions of a chunk that there is room for in any case, B · T of the training
 */
export function evaluationShapes(
  stretches: readonly Stretch[],
  steps: number,
  vocabulary: number,
  mostPositions: number,
): readonly EvaluationShape[] {
  const positions = Math.max(mostPositions, mostLogits / vocabulary);
  const shape = (batch: number): EvaluationShape => ({
    batch,
    sequence: Math.min(steps, Math.max(1, Math.floor(positions / batch))),
  });
  const rows = rowsFor(stretches, steps);
  return stretches.length > 1 || rows === 1 ? [shape(rows)] : [shape(rows), shape(1)];
}

function rowsFor(stretches: readonly Stretch[], steps: number): number {
  if (stretches.length > 1) return stretches.length;
  const tokens = tokensOf(stretches);
  const shortest = Math.max(fewestTokens, fewestChunks * steps);
  let rows = 1;
  while (rows < mostRows && 2 * rows * shortest <= tokens) rows *= 2;
  return rows;
}

/**
 * Lays stretches out as rows. A single stretch is cut into `batch` rows of whole chunks, the last of which may be
 * shorter than the others, or empty.
 */
export function createEvaluationBatches(
  ids: TokenIds,
  stretches: readonly Stretch[],
  { batch, sequence }: EvaluationShape,
): EvaluationBatches {
  const isCut = stretches.length === 1 && batch > 1;
  const longest = Math.max(...stretches.map(({ from, to }) => to - from));
  const chunks = Math.ceil(longest / (isCut ? batch : 1) / sequence);
  const rows = isCut ? cut(stretches[0]!, batch, chunks * sequence) : stretches;

  return {
    batch,
    sequence,
    chunks,
    tokens: tokensOf(stretches),
    isCut,
    rowsAfter(done) {
      const end = stretches.at(-1)!.to;
      return rows.filter(({ from }) => from + done * sequence < end).length;
    },
    fill(chunk, tokens, targets) {
      rows.forEach(({ from, to }, b) => {
        for (let t = 0; t < sequence; t++) {
          const at = from + chunk * sequence + t;
          tokens[t * batch + b] = at < to ? ids[at - 1]! : 0;
          targets[t * batch + b] = at < to ? ids[at]! : -1;
        }
      });
    },
  };
}

function tokensOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

function cut({ from, to }: Stretch, rows: number, length: number): Stretch[] {
  return Array.from({ length: rows }, (_, row) => {
    const start = Math.min(to, from + row * length);
    return { from: start, to: Math.min(to, start + length) };
  });
}
