import { createRandom } from '../random/random';
import { choose, logProbability, type Choice } from '../sampling/choose';
import { answerOf, type Search, type Trail } from './answers';

export interface SamplerOptions extends Choice {
  readonly seed: number;
  /** Number of the example: its answer does not depend on which others there are. */
  readonly example: number;
  /** START and END. */
  readonly boundary: number;
  /** A symbol that is never drawn. */
  readonly excluded?: number | undefined;
}

/** Draws symbol by symbol, as a text's tokens are drawn. */
export function createSampler(options: SamplerOptions): Search {
  const { boundary, excluded, seed, example } = options;
  const random = createRandom(seed ^ Math.imul(example + 1, 0x9e3779b1));
  const next = Int32Array.of(boundary);
  let trail: Trail | undefined;
  return {
    next,
    parents: Int32Array.of(0),
    get done() {
      return trail?.id === boundary;
    },
    advance(reading) {
      const logits = reading.logits(0);
      const id = choose(logits, options, excluded, random);
      const before = trail?.logProbability ?? 0;
      const weights = reading.weights(0);
      trail = {
        before: trail,
        id,
        logProbability: before + logProbability(logits, id),
        weights,
      };
      next[0] = id;
    },
    answers: () => [answerOf(trail, boundary, trail?.logProbability ?? 0)],
  };
}
