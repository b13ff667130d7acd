import type { Floats, LoadedProgram } from '../engine/backend';
import type { Network } from '../engine/network';

/** A model that reads a text token by token and says what it expects next. */
export interface Reader {
  /** Forgets everything. */
  reset(): void;
  /** Reads tokens; long texts go through the model in chunks. */
  read(ids: ArrayLike<number>): void;
  /** Logits `[C]` of the token after the last one read; valid until the next call. */
  logits(): Floats;
}

/** Steps of a chunk. */
const chunk = 32;

/**
 * Reads with a batch of one. A network has one reader at a time: two would share their state.
 */
export function createReader(network: Network): Reader {
  const single = network.program('evaluate', { batch: 1, sequence: 1 });
  let long: LoadedProgram | undefined;

  function step(id: number): void {
    single.tokens[0] = id;
    single.targets[0] = -1;
    single.run(0);
  }

  /** Whole chunks; the state goes there and comes back. */
  function readChunks(ids: ArrayLike<number>, end: number): void {
    long ??= network.program('evaluate', { batch: 1, sequence: chunk });
    long.writeState(single.readState());
    for (let at = 0; at < end; at += chunk) {
      for (let t = 0; t < chunk; t++) long.tokens[t] = ids[at + t]!;
      long.targets.fill(-1);
      long.run(0);
    }
    single.writeState(long.readState());
  }

  return {
    reset() {
      single.resetState();
    },
    read(ids) {
      // The last token goes through the program of one step, where the logits are read.
      const end = Math.floor(Math.max(0, ids.length - 1) / chunk) * chunk;
      if (end > 0) readChunks(ids, end);
      for (let at = end; at < ids.length; at++) step(ids[at]!);
    },
    logits() {
      const view = single.program.probes.get('logits');
      if (view === undefined) throw new Error('The program keeps no logits.');
      return network.backend.floats().subarray(view.offset, view.offset + view.width);
    },
  };
}
