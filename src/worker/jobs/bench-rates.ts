import { median } from '../../core/numerics';
import type { Rates } from '../../protocol/engine';
import type { Job } from '../handler';

/** What a number of threads can do at once, GFLOP/s. */
export type Peak = (threads: number) => Promise<number>;

/** Longest time that caches, threads and the compiler are given to warm up, s. */
const warmUp = 0.3;

/**
 * Calls a function over and over, for some seconds at a time.
 * @returns calls a second of each repetition; fewer repetitions if the job was stopped
 */
export async function rates(
  job: Job<'bench'>,
  call: () => void,
  { repetitions, seconds }: { readonly repetitions: number; readonly seconds: number },
): Promise<number[]> {
  const { now } = job.platform;
  const callsUntil = (end: number): number => {
    let calls = 0;
    do {
      call();
      calls++;
    } while (now() < end);
    return calls;
  };
  callsUntil(now() + Math.min(warmUp, seconds));
  const found: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    await job.breathe();
    if (job.stopped()) break;
    const start = now();
    const calls = callsUntil(start + seconds);
    found.push(calls / (now() - start));
  }
  return found;
}

export function spreadOf(values: readonly number[]): Rates {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
