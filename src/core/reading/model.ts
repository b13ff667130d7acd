import type { Tokenizer } from '../data/tokenizer';
import type { Network } from '../engine/network';
import { createExpectations } from './expectations';
import { bitFor, longestBit, type ReadModel } from './reading';
import { createStates } from './states';

/** Makes a model ready to read; nobody else may run its program of mode `read`. */
export function createReadModel(network: Network, tokenizer: Tokenizer): ReadModel {
  const loaded = network.program('read', { batch: 1, sequence: longestBit });
  const parts = Array.from(
    { length: longestBit + 1 },
    (_, to) => ({ pass: 'forward', from: 0, to }) as const,
  );
  let done = 0;
  return {
    network,
    tokenizer,
    expectations: createExpectations(tokenizer),
    loaded,
    states: createStates(network, loaded),
    bit: bitFor(network),
    run(steps) {
      loaded.runPart(parts[steps]!);
      done += steps;
    },
    steps: () => done,
  };
}
