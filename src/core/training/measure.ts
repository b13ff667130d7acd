import type { EvaluationBatches } from '../data/evaluation-batches';
import type { LoadedProgram } from '../engine/backend';

/** Cross-entropy summed over tokens, nats. */
export interface Measurement {
  readonly lossSum: number;
  readonly tokens: number;
}

/**
 * Runs evaluation batches on a program of mode `evaluate` and their shape, from a fresh state. A generator,
 * so that the caller can do other things between two chunks.
 *
 * @yields number of tokens measured so far, after each chunk
 */
export function* measure(
  loaded: LoadedProgram,
  batches: EvaluationBatches,
): Generator<number, Measurement, undefined> {
  loaded.resetState();
  let lossSum = 0;
  let tokens = 0;
  for (let chunk = 0; chunk < batches.chunks; chunk++) {
    batches.fill(chunk, loaded.tokens, loaded.targets);
    const result = loaded.run(0);
    lossSum += result.lossSum;
    tokens += result.count;
    yield tokens;
  }
  return { lossSum, tokens };
}
