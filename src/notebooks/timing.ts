/** How long a step takes, measured while nothing else runs, so that a time becomes the same number of steps for all. */
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { median } from '../core/numerics';
import type { Trial } from '../core/notebooks/plan';
import { makeFolder, writeWhole } from '../files/write';
import type { Client } from '../protocol/client';
import type { MetricsRow } from '../protocol/engine';
import type { Material } from './material';
import { trainingOf } from './request';

const timing = v.object({
  /** Of training alone with all cores, steps a second. */
  stepsPerSecond: v.pipe(v.number(), v.minValue(Number.MIN_VALUE)),
  stepsPerEpoch: v.pipe(v.number(), v.minValue(0)),
  cores: v.number(),
});
export type Timing = v.InferOutput<typeof timing>;

/** How long a step is timed, s, and the share of it at the beginning that is left out: caches are cold. */
const timed = 1.5;
const cold = 0.3;

/** Of a training's time what its steps have; evaluations and looks have the rest (docs/performance.md). */
const stepsShare = 0.93;

/** Kept beside the runs: a run that goes on, or the next seed, has as many steps as the first. */
function fileOf(runs: string, { kind }: Trial): string {
  return path.join(runs, 'timings', `${kind}.json`);
}

export async function keptTiming(runs: string, trial: Trial): Promise<Timing | undefined> {
  try {
    const text = await fs.readFile(fileOf(runs, trial), 'utf8');
    const read = v.safeParse(timing, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Times a model's step on an engine that does nothing else.
 * @param keep whether what was measured is kept beside the runs
 * @throws EngineError
 */
export async function timeTrial(
  client: Client,
  trial: Trial,
  material: Material,
  runs: string,
  { cores, keep }: { readonly cores: number; readonly keep: boolean },
): Promise<Timing> {
  const rows: MetricsRow[] = [];
  const request = trainingOf(trial, material, { seconds: timed, threads: cores });
  const settings = {
    ...request.settings,
    'inspection.observeEvery': 0,
    'inspection.sampleEvery': 0,
  };
  const job = client.start<'train'>({ ...request, settings }, (event) => {
    if (event.event === 'metrics') rows.push(event.row);
  });
  await job.result;
  const warm = rows.filter(({ seconds }) => seconds > timed * cold);
  const last = rows.at(-1)!;
  const speed = median((warm.length > 0 ? warm : rows).map((row) => row.tokensPerSecond));
  const measured: Timing = {
    stepsPerSecond: speed / (last.tokens / last.step),
    stepsPerEpoch: last.epoch > 0 ? last.step / last.epoch : 0,
    cores,
  };
  if (keep) {
    await makeFolder(path.join(runs, 'timings'));
    await writeWhole(fileOf(runs, trial), `${JSON.stringify(measured)}\n`);
  }
  return measured;
}

/** As many steps as a training of so many seconds alone would have. */
export function stepsIn(seconds: number, { stepsPerSecond }: Timing): number {
  return Math.max(1, Math.round(seconds * stepsPerSecond * stepsShare));
}

/** How long so many steps take alone, s. */
export function secondsFor(steps: number, { stepsPerSecond }: Timing): number {
  return steps / stepsPerSecond / stepsShare;
}
