import { sentence } from '../core/sentence';
import { inputError } from './failures';
import type { Work } from './work';

/** Longest time without letting messages in, s. */
const sliceSeconds = 0.02;

export const evaluationStopped = sentence`The evaluation was stopped before its end.`;

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

/**
 * Runs an evaluation, which yields the share that is done, to its end.
 *
 * @param tell called with the share, 0 to 1, after each slice
 * @throws JobError if the job was asked to stop before the end
 */
export async function evaluateInSlices<R>(
  job: Work,
  evaluating: Generator<number, R, undefined>,
  tell: (done: number) => void,
): Promise<R> {
  let done = 0;
  const result = await inSlices(
    job,
    evaluating,
    (share) => (done = share),
    () => {
      tell(done);
    },
  );
  if (result === undefined) throw inputError(evaluationStopped);
  return result;
}
