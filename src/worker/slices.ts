import type { Work } from './work';

/** Longest time without letting messages in, s. */
const sliceSeconds = 0.02;

/**
 * Runs a generator to its end, in slices between which messages are handled and other jobs go on.
 *
 * @param each called with all that is yielded
 * @param afterSlice called after each slice, the last one too
 * @returns undefined if the job was asked to stop before the end
 */
export async function inSlices<T, R>(
  job: Work,
  generator: Generator<T, R, undefined>,
  each: (value: T) => void,
  afterSlice: () => void = () => undefined,
): Promise<R | undefined> {
  for (;;) {
    const end = job.platform.now() + sliceSeconds;
    do {
      const { done, value } = generator.next();
      if (done === true) {
        afterSlice();
        return value;
      }
      each(value);
    } while (job.platform.now() < end);
    afterSlice();
    await job.breathe();
    if (job.stopped()) return undefined;
  }
}
