/** Runs of an experiment, as many side by side as the cores allow, and what is told of them. */
import path from 'node:path';
import type { Plan, Trial } from '../core/notebooks/plan';
import type { Results, TrialResult } from '../core/notebooks/results';
import type { Sample } from '../core/notebooks/sample';
import { settingsTable } from '../core/settings/table';
import { makeFolder } from '../files/write';
import type { Client } from '../protocol/client';
import type { TrainEvent } from '../protocol/engine';
import type { Lanes, Task } from './lanes';
import type { OpenNotebook } from './open';
import { keptTrial, runTrial, type Goal } from './trial';

/** What whoever runs a notebook is told as it goes on. */
export type NotebookEvent =
  /** An experiment begins, or a round of successive halving: so many runs, `kept` of them there already: `found`. */
  | {
      readonly event: 'experiment';
      readonly plan: Plan;
      readonly runs: number;
      readonly kept: number;
      readonly found: readonly TrialResult[];
    }
  /** A model is timed alone; `done` of `of`. */
  | { readonly event: 'timing'; readonly plan: Plan; readonly done: number; readonly of: number }
  /** Something of a run under way, as the engine says it. */
  | {
      readonly event: 'training';
      readonly plan: Plan;
      readonly trial: Trial;
      readonly what: TrainEvent;
    }
  /** A run has ended. */
  | {
      readonly event: 'trial';
      readonly plan: Plan;
      readonly result: TrialResult;
      readonly done: number;
    }
  | { readonly event: 'results'; readonly results: Results }
  | {
      readonly event: 'sample';
      readonly sample: Sample;
      readonly run: string;
      readonly text: string;
    };

export interface RunOptions {
  /** Makes an engine of its own, in a thread or a process. */
  readonly startEngine: () => Client;
  readonly cores: number;
  /** How many runs side by side at most. */
  readonly jobs: number;
  /** Of `of` shares the one with this number, from 1: of an experiment every such run. */
  readonly shard?: { readonly number: number; readonly of: number };
  /** Stops: runs under way keep a checkpoint, to be gone on with. */
  readonly signal: AbortSignal;
  onEvent(event: NotebookEvent): void;
}

/** All that an experiment is run with. */
export interface Running {
  readonly opened: OpenNotebook;
  readonly options: RunOptions;
  readonly lanes: Lanes;
  readonly plan: Plan;
}

/** The time that a run has, s; undefined: it ends after steps or epochs. */
export function secondsOf({ settings }: Trial): number | undefined {
  const {
    'training.seconds': seconds,
    'training.steps': steps,
    'training.epochs': epochs,
  } = settings;
  if (typeof seconds === 'number') return seconds;
  return steps === undefined && epochs === undefined
    ? settingsTable.training.seconds.default
    : undefined;
}

/** A run with how far it goes. */
export interface Aim {
  readonly trial: Trial;
  readonly goal: Goal;
}

/** Runs trials to their goals, as many side by side as may be; those that are kept or not of this shard are not run. */
export async function runAll(running: Running, aims: readonly Aim[]): Promise<TrialResult[]> {
  const { opened, options, lanes, plan } = running;
  const { runs, material } = opened;
  const { shard, signal, onEvent } = options;
  const kept = await lanes.alone(async (client) => {
    const all: (TrialResult | undefined)[] = [];
    for (const { trial, goal } of aims) all.push(await keptTrial(client, runs, trial, goal));
    return all;
  });
  const found = kept.filter((result) => result !== undefined);
  let done = found.length;
  onEvent({ event: 'experiment', plan, runs: aims.length, kept: done, found });
  const isOurs = (index: number): boolean =>
    shard === undefined || index % shard.of === shard.number - 1;
  const left = aims.flatMap((aim, i) => (kept[i] === undefined && isOurs(i) ? [aim] : []));
  const tags = [path.basename(opened.file)];
  const tasks = left.map(({ trial, goal }): Task<TrialResult | undefined> => ({
    isLarge: isLarge(trial),
    async run(client, threads, stopping) {
      const about = { title: titleOf(plan, trial), tags, experiment: plan.experiment.name };
      const what = { client, threads, material, runs, signal: stopping, about };
      const result = await runTrial(
        { ...what, onEvent: (event) => onEvent({ event: 'training', plan, trial, what: event }) },
        trial,
        goal,
      );
      if (result !== undefined) onEvent({ event: 'trial', plan, result, done: ++done });
      return result;
    },
  }));
  // Engines that make it at once could be in each other's way.
  if (tasks.length > 0) await makeFolder(runs);
  const trained = await lanes.all(tasks, signal);
  return [...found, ...trained].filter((result) => result !== undefined);
}

/** Hidden units squared times layers from which a model's weights no longer share a processor's cache with another's. */
const largeSize = 1024 * 1024;

function isLarge({ settings }: Trial): boolean {
  const hidden = Number(settings['model.hidden'] ?? 256);
  return hidden * hidden * Number(settings['model.layers'] ?? 1) >= largeSize;
}

/** `cells: cell gru, seed 2` */
function titleOf({ experiment, varied }: Plan, { values, seed }: Trial): string {
  const said = varied.map(({ name }) => `${name} ${String(values[name])}`);
  const seeds = experiment.seeds.length > 1 ? [`seed ${String(seed)}`] : [];
  return `${experiment.name}: ${[...said, ...seeds].join(', ')}`.replace(/: $/, '');
}
