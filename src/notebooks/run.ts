/** A notebook's experiments, run one after the other; what is kept already is not done again. */
import path from 'node:path';
import type { Trial } from '../core/notebooks/plan';
import { reportOf } from '../core/notebooks/report';
import { bestRun, resultsOf, type Results, type TrialResult } from '../core/notebooks/results';
import type { Sample } from '../core/notebooks/sample';
import type { Client } from '../protocol/client';
import type { SampleRequest } from '../protocol/engine';
import { makeData } from './data';
import { runHalving } from './halve';
import { openLanes } from './lanes';
import type { OpenNotebook } from './open';
import { runAll, secondsOf, type RunOptions, type Running } from './running';
import { keptTiming, stepsIn, timeTrial, type Timing } from './timing';
import type { Goal } from './trial';

export interface Outcome {
  /** By the experiments' names. */
  readonly results: ReadonlyMap<string, Results>;
  /** What blocks came to, by their parts. */
  readonly outputs: ReadonlyMap<number, string>;
  /** Whether nothing was stopped. */
  readonly isWhole: boolean;
  /** Whether every condition holds. */
  readonly holds: boolean;
}

/** @throws EngineError that says what is wrong with the data, equations or settings of a run */
export async function runNotebook(opened: OpenNotebook, options: RunOptions): Promise<Outcome> {
  const { notebook, plans, material, runs } = opened;
  const { signal, onEvent } = options;
  const lanes = openLanes(options.startEngine, options.cores, options.jobs);
  const results = new Map<string, Results>();
  const best = new Map<string, string | undefined>();
  const outputs = new Map<number, string>();
  try {
    if (material.generated.length > 0) {
      await lanes.alone((client) => makeData(client, runs, material.generated, signal));
    }
    for (const step of notebook.steps) {
      if (signal.aborted) break;
      if (step.kind === 'experiment') {
        const plan = plans.get(step.name)!;
        const found = await runExperiment({ opened, options, lanes, plan });
        const told = resultsOf(plan, found);
        results.set(step.name, told);
        best.set(step.name, bestRun(told, found));
        onEvent({ event: 'results', results: told });
        if (found.length > 0) outputs.set(step.part, reportOf(told).join('\n'));
      } else {
        const run = best.get(step.run);
        if (run === undefined) continue;
        const text = await lanes.alone((client) => writeSample(client, step, run));
        onEvent({ event: 'sample', sample: step, run, text });
        outputs.set(step.part, text.replace(/\n$/, ''));
      }
    }
  } finally {
    await lanes.dispose();
  }
  const verdicts = [...results.values()].flatMap((each) => each.verdicts);
  return {
    results,
    outputs,
    isWhole: !signal.aborted,
    holds: verdicts.every(({ holds }) => holds),
  };
}

async function runExperiment(running: Running): Promise<TrialResult[]> {
  const { opened, options, plan } = running;
  // The same run may be asked for twice.
  const trials = [...new Map(plan.trials.map((trial) => [trial.address, trial])).values()];
  const goals = await timedGoals(running, trials);
  const found =
    plan.rungs === undefined
      ? await runAll(
          running,
          trials.map((trial) => ({ trial, goal: goals.get(trial.address) ?? {} })),
        )
      : await runHalving(running, trials, goals);
  if (options.signal.aborted && found.length === 0) return [];
  const byAddress = new Map(found.map((result) => [result.trial.address, result]));
  return plan.trials.flatMap((trial) => {
    const result = byAddress.get(trial.address);
    return result === undefined
      ? []
      : [{ ...result, trial, run: path.join(opened.runs, trial.address) }];
  });
}

/**
 * How far each trial goes, by its address. A time becomes steps by what a step costs: models that are not timed yet are, one
 * at a time. Runs that differ in their end alone are of one kind, and have goals of their own.
 */
async function timedGoals(
  { opened: { runs, material }, options, lanes, plan }: Running,
  trials: readonly Trial[],
): Promise<ReadonlyMap<string, Goal>> {
  const goals = new Map<string, Goal>();
  const timings = new Map<string, Timing>();
  const { cores, signal, onEvent } = options;
  const isTimed = (trial: Trial): boolean => secondsOf(trial) !== undefined;
  const of = new Set(trials.filter(isTimed).map(({ kind }) => kind)).size;
  for (const trial of trials) {
    const seconds = secondsOf(trial);
    if (signal.aborted) break;
    if (seconds === undefined) {
      const steps = trial.settings['training.steps'];
      if (typeof steps === 'number') goals.set(trial.address, { steps });
      continue;
    }
    let timing = timings.get(trial.kind);
    if (timing === undefined) {
      onEvent({ event: 'timing', plan, done: timings.size, of });
      timing =
        (await keptTiming(runs, trial)) ??
        (await lanes.alone((client) =>
          timeTrial(client, trial, material, runs, { cores, keep: true }),
        ));
      timings.set(trial.kind, timing);
    }
    goals.set(trial.address, { steps: stepsIn(seconds, timing) });
  }
  return goals;
}

async function writeSample(client: Client, { settings }: Sample, run: string): Promise<string> {
  const given = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key.replace('sampling.', ''), value]),
  ) as Omit<SampleRequest, 'kind' | 'model'>;
  const request = { kind: 'sample', model: { kind: 'run', run }, ...given } as const;
  const { text } = await client.start<'sample'>(request).result;
  return `${given.prime ?? ''}${text}`;
}
