import { createRandom } from '../../../src/core/random/random';
import { WordedError } from '../../../src/core/worded-error';
import { mutate } from './mutate';
import type { Reader } from './reader';

/** An input after which a reader did what it must not do. */
export interface Offence {
  readonly reader: string;
  readonly error: unknown;
  readonly input: Uint8Array;
}

export interface Fuzzed {
  /** Inputs that were read to their end, and those that were refused in words. */
  readonly accepted: number;
  readonly refused: number;
  /** What one input took at most, s. */
  readonly slowest: number;
  readonly offences: readonly Offence[];
}

/** Reads so many mutated files; the same seed gives the same files. */
export async function fuzz(reader: Reader, inputs: number, seed: number): Promise<Fuzzed> {
  const random = createRandom(seed);
  const offences: Offence[] = [];
  let accepted = 0;
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < inputs; i++) {
    const input = mutate(reader.seeds, random);
    const start = performance.now();
    try {
      await reader.read(input);
      accepted++;
    } catch (error) {
      if (error instanceof WordedError) refused++;
      else offences.push({ reader: reader.name, error, input });
    }
    slowest = Math.max(slowest, (performance.now() - start) / 1000);
  }
  return { accepted, refused, slowest, offences };
}
