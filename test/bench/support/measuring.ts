// What the benches that run inside VS Code measure with.
import fs from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Event-loop delay while something is done; the timer's own millisecond is in it. */
export async function delayDuring(work: () => Promise<void>): Promise<Spread> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await work();
  histogram.disable();
  const milliseconds = (nanoseconds: number) => nanoseconds / 1e6;
  return {
    p50: milliseconds(histogram.percentile(50)),
    p99: milliseconds(histogram.percentile(99)),
    max: milliseconds(histogram.max),
  };
}

/** @param duration seconds */
export function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration * 1000));
}

/** Leaves what was measured for the script that started the bench. */
export function leaveResults(figures: object): void {
  const results = process.env['RNN_LAB_BENCH_RESULTS']!;
  fs.writeFileSync(`${results}.tmp`, JSON.stringify(figures));
  fs.renameSync(`${results}.tmp`, results);
}
