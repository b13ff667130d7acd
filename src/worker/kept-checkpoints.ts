/** Earlier checkpoints of a run: the model as it was, evenly spaced over its steps however long it goes on. */
import { checkpointFileName, stepsAmong, type RunFiles } from '../core/training/run';
import { thinned } from '../protocol/thinned';

/** Beyond this a slider over them is no finer. */
const mostKept = 64;
/** Fewer than this tell nothing of a course. */
const fewestKept = 2;
/** Least time between two, s; and how many times longer than writing one took. */
const leastSeconds = 1;
const timesCost = 50;

export interface KeptCheckpoints {
  /**
   * Keeps the model as it is now, if it is time for that, and drops what is too much.
   * @returns the steps of all that are kept, if these are others than before
   * @throws JobError if files cannot be written or removed
   */
  tick(step: number): Promise<readonly number[] | undefined>;
}

export interface KeptOptions {
  readonly files: RunFiles;
  /** Bytes of all together; where not even two fit, none is kept. */
  readonly limit: number;
  /** Of a run that goes on: the step it goes on from; later ones are dropped. */
  readonly after: number | undefined;
  /** The model as it is now. */
  readonly encode: () => Uint8Array;
  /** A clock that never goes back, s. */
  readonly now: () => number;
}

/**
 * The first is kept as soon as there is something to keep, the next ones every second or so. Once they are as many as
 * may be, the next is due after as many steps as there are between two, on average: so the longer a training goes on,
 * the more seldom it is.
 *
 * @throws JobError if a later one cannot be removed
 */
export async function openKeptCheckpoints({
  files,
  limit,
  after = 0,
  encode,
  now,
}: KeptOptions): Promise<KeptCheckpoints> {
  const found = stepsAmong(await files.list());
  for (const step of found.filter((later) => later > after)) await remove(step);
  let steps = found.filter((step) => step <= after);
  let dueAt = -Infinity;
  let capacity = limit > 0 ? mostKept : 0;

  function remove(step: number): Promise<void> {
    return files.remove(checkpointFileName(step));
  }

  function isDue(step: number): boolean {
    const last = steps.at(-1) ?? 0;
    const isFull = steps.length >= capacity;
    const spacing = isFull ? (last - steps[0]!) / (steps.length - 1) : 1;
    return step - last >= spacing;
  }

  return {
    async tick(step) {
      if (capacity < fewestKept || now() < dueAt || !isDue(step)) return undefined;
      const start = now();
      const file = encode();
      capacity = Math.min(mostKept, Math.floor(limit / file.length));
      if (capacity < fewestKept) return undefined;
      await files.write(checkpointFileName(step), file);
      dueAt = now() + Math.max(leastSeconds, timesCost * (now() - start));
      const all = [...steps, step].map((own) => ({ step: own }));
      const kept = thinned(capacity, all).items.map((item) => item.step);
      for (const { step: own } of all) if (!kept.includes(own)) await remove(own);
      steps = kept;
      return steps;
    },
  };
}
