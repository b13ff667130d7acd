// Runs in a page before the panel's script: it feeds it what a long run would, and takes times.
import { evaluationColumns, metricsColumns, toColumns } from '../../../src/protocol/history';
import type { Observation, ToPanel } from '../../../src/protocol/panel';
import { comparedRuns, hydration, id, longRun, metricsRow, observation } from './run';

/** Milliseconds of the panel's own work. */
export interface Times {
  /** Work within a frame, messages of that frame included. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** From one frame to the next. */
  readonly intervalP50: number;
  readonly intervalP99: number;
  readonly frames: number;
}

const drawing = window.requestAnimationFrame.bind(window);
let work = 0;

/** Runs a function and adds its time to that of the frame. */
function timed(run: () => void): void {
  const start = performance.now();
  run();
  work += performance.now() - start;
}

window.requestAnimationFrame = (callback) => drawing((now) => timed(() => callback(now)));

function feed(message: ToPanel): void {
  timed(() => window.dispatchEvent(new MessageEvent('message', { data: message })));
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => drawing(resolve));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

let step = 0;

export const bench = {
  /** Shows a run of so many steps; milliseconds until it is drawn. */
  async hydrate(steps: number, compared: number): Promise<{ apply: number; draw: number }> {
    const message = hydration(longRun(steps), comparedRuns(steps, compared));
    step = steps;
    work = 0;
    feed(message);
    const apply = work;
    await nextFrame();
    await nextFrame();
    return { apply, draw: work - apply };
  },

  /** Adds rows for so many seconds, so many a second, and an observation every two seconds. */
  async stream(seconds: number, perSecond: number): Promise<Times> {
    const works: number[] = [];
    const intervals: number[] = [];
    const start = performance.now();
    let last = start;
    let sent = 0;
    let observed = 0;
    while (last - start < 1000 * seconds) {
      work = 0;
      const due = Math.floor(((performance.now() - start) / 1000) * perSecond);
      for (; sent < due; sent++) append();
      if (Math.floor((last - start) / 2000) > observed) {
        observed++;
        append([observation(step + 1)]);
        sent++;
      }
      await nextFrame();
      const now = performance.now();
      works.push(work);
      intervals.push(now - last);
      last = now;
    }
    return {
      p50: quantile(works, 0.5),
      p99: quantile(works, 0.99),
      longest: Math.max(...works),
      intervalP50: quantile(intervals, 0.5),
      intervalP99: quantile(intervals, 0.99),
      frames: works.length,
    };
  },
};

function append(observations: readonly Observation[] = []): void {
  step++;
  feed({
    type: 'append',
    id,
    metrics: toColumns(metricsColumns, metricsRow(step)),
    evaluations: toColumns(evaluationColumns),
    observations: [...observations],
    samples: [],
  });
}

Object.assign(window, { bench });
