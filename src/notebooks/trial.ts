/** One run of an experiment: found where it is kept, gone on with where it was interrupted, else trained. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { curvesOf } from '../core/notebooks/curves';
import { measuresOf } from '../core/notebooks/measures';
import type { Trial } from '../core/notebooks/plan';
import type { TrialResult } from '../core/notebooks/results';
import type { Client, Job } from '../protocol/client';
import {
  EngineError,
  type DescribeResult,
  type TrainEvent,
  type TrainRequest,
} from '../protocol/engine';
import type { Material } from './material';
import { trainingOf } from './request';

/** How far a run is to be trained. */
export interface Goal {
  /** Of the whole run; undefined: its settings say another end. */
  readonly steps?: number;
  /** Where successive halving looks at it: it stops behind this step, and may be gone on with. */
  readonly until?: number;
  readonly evaluateEvery?: number;
}

export interface Training {
  readonly client: Client;
  readonly threads: number;
  readonly material: Material;
  /** The folder of all runs. */
  readonly runs: string;
  readonly signal: AbortSignal;
  /** What the run is called in lists of runs, and what it is found by. */
  readonly about: NonNullable<TrainRequest['about']>;
  onEvent(event: TrainEvent): void;
}

export function folderOf(runs: string, { address }: Trial): string {
  return path.join(runs, address);
}

/** Whether a folder is a run, finished or to be gone on with. */
export async function hasRun(folder: string): Promise<boolean> {
  return fs.stat(path.join(folder, 'run.json')).then(
    () => true,
    () => false,
  );
}

/** What is kept of a run that has come to its goal; undefined: it has not. */
export async function keptTrial(
  client: Pick<Client, 'start'>,
  runs: string,
  trial: Trial,
  goal: Goal,
): Promise<TrialResult | undefined> {
  const run = folderOf(runs, trial);
  if (!(await hasRun(run))) return undefined;
  const kept = await client.start<'describe'>({ kind: 'describe', run }).result;
  return hasEnded(kept, goal) ? resultOf(trial, run, kept, goal) : undefined;
}

/**
 * Trains a run to its goal.
 * @returns undefined: it was stopped before it; what it had is kept
 * @throws EngineError where it is for the user to mend, or the engine has ended
 */
export async function runTrial(
  { client, threads, material, runs, signal, about, onEvent }: Training,
  trial: Trial,
  goal: Goal,
): Promise<TrialResult | undefined> {
  const run = folderOf(runs, trial);
  const request = trainingOf(trial, material, { ...goal, threads });
  const resumed = (await hasRun(run))
    ? { resume: true, settings: { 'training.threads': threads } }
    : {};
  const job: Job<'train'> = client.start<'train'>(
    { ...request, ...resumed, about, run },
    (event) => {
      const isFar = event.event === 'evaluation' && event.row.step >= (goal.until ?? Infinity);
      if (isFar) job.control({ action: 'stop' });
      onEvent(event);
    },
  );
  const stop = (): void => {
    job.control({ action: 'stop' });
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await job.result;
  } catch (error) {
    // A loss that is no number any more is a result too: these settings do not learn.
    if (!(error instanceof EngineError) || error.failure.step === undefined) {
      if (signal.aborted) return undefined;
      throw error;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return await keptTrial(client, runs, trial, goal);
}

function hasEnded({ summary, failure, history }: DescribeResult, { until }: Goal): boolean {
  if (failure?.step !== undefined || summary.state === 'finished') return true;
  return until !== undefined && history.evaluations.step.some((step) => step >= until);
}

function resultOf(
  trial: Trial,
  run: string,
  { facts, history, failure, summary }: DescribeResult,
  { until }: Goal,
): TrialResult {
  const { parameters, baselines, task, limit } = facts;
  const isAtRung = until !== undefined && until < limit.value && summary.state !== 'failed';
  const figures = { parameters, ...baselines };
  const measures = measuresOf(history, figures, isAtRung ? until : undefined);
  return {
    ...{ trial, run, measures, floors: task?.floors ?? [], curves: curvesOf(history, until) },
    ...(isAtRung && { stopped: { step: until, of: limit.value } }),
    ...(failure?.step !== undefined && { failure: failure.message }),
  };
}
