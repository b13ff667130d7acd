import type { EvaluationBatches } from '../data/evaluation-batches';
import { createEvaluationBatches, type EvaluationShape } from '../data/evaluation-batches';
import type { Stretch } from '../data/split';
import type { TokenIds } from '../data/tokenizer';
import type { LoadedProgram } from '../engine/backend';
import type { Network } from '../engine/network';
import { areNear, followOn } from './row-states';

/** Cross-entropy summed over tokens, nats. */
export interface Measurement {
  readonly lossSum: number;
  readonly tokens: number;
}

/** A program of mode `evaluate`, and what it is to measure. */
export interface Measurable {
  readonly loaded: LoadedProgram;
  readonly batches: EvaluationBatches;
}

/** Loads a program for each shape, to measure the same stretches. */
export function measurables(
  network: Network,
  ids: TokenIds,
  stretches: readonly Stretch[],
  shapes: readonly EvaluationShape[],
): readonly Measurable[] {
  return shapes.map((shape) => ({
    loaded: network.program('evaluate', { batch: shape.batch, sequence: shape.sequence }),
    batches: createEvaluationBatches(ids, stretches, shape),
  }));
}

/** A chunk whose loss changes by less than this has been read rightly before, nats per token. */
const negligible = 1e-6;
/** Share of the work that reading everything once is, where rows are read again from their beginnings. */
const firstShare = 0.9;

/**
 * Measures stretches, each as it is when it is read from its beginning: side by side, and where the model remembers
 * too much for that, in one row. A generator, so that the caller can do other things between two chunks.
 *
 * @param ways to measure the same stretches, as `evaluationShapes` lists them
 * @yields share done, 0 to 1, after each chunk
 */
export function* measure(ways: readonly Measurable[]): Generator<number, Measurement, undefined> {
  const [{ loaded, batches }, inOneRow] = ways as [Measurable, Measurable?];
  const { chunks, tokens } = batches;
  const losses = new Float64Array(chunks);
  const sum = (): Measurement => ({ lossSum: losses.reduce((a, b) => a + b, 0), tokens });
  const run = (chunk: number): void => {
    batches.fill(chunk, loaded.tokens, loaded.targets);
    losses[chunk] = loaded.run(0).lossSum;
  };

  loaded.resetState();
  const fresh = loaded.readState();
  const states = new Map<number, Float64Array>();
  for (let chunk = 0; chunk < chunks; chunk++) {
    run(chunk);
    if (batches.isCut && isCompared(chunk + 1, batches, loaded))
      states.set(chunk + 1, loaded.readState());
    yield ((chunk + 1) / chunks) * (batches.isCut ? firstShare : 1);
  }
  if (!batches.isCut) return sum();

  // Again, each row with the state in which the one before it has ended, until that makes no difference any more.
  loaded.writeState(followOn(loaded.program, fresh, states.get(chunks)!));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const lossBefore = losses[chunk]!;
    run(chunk);
    const before = states.get(chunk + 1);
    const changed = Math.abs(losses[chunk]! - lossBefore);
    const isSame = changed <= negligible * loaded.targets.length && before !== undefined;
    const rows = batches.rowsAfter(chunk + 1);
    if (isSame && areNear(loaded.program, before, loaded.readState(), rows)) return sum();
    yield firstShare;
  }
  for (const rest = measure([inOneRow!]); ;) {
    const { done, value } = rest.next();
    if (done === true) return value;
    yield firstShare + (1 - firstShare) * value;
  }
}

/** After 1, 2, 3, 4, 6, 8, 12 … chunks and the last one; not where a lag still reaches behind the row's beginning. */
function isCompared(
  done: number,
  { chunks, sequence }: EvaluationBatches,
  { program }: LoadedProgram,
): boolean {
  if (done === chunks) return true;
  const longestLag = program.carried.reduce((most, { lag }) => Math.max(most, lag), 0);
  // One bit, or two that are neighbours.
  const highest = 2 ** Math.floor(Math.log2(done));
  return done * sequence >= longestLag && [highest, 1.5 * highest].includes(done);
}
