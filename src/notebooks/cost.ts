/** What a notebook would cost, before it is run. */
import { costOf } from '../core/notebooks/halving';
import type { Plan, Trial } from '../core/notebooks/plan';
import type { Client } from '../protocol/client';
import type { OpenNotebook } from './open';
import { makeData } from './data';
import { secondsOf } from './running';
import { keptTiming, secondsFor, timeTrial, type Timing } from './timing';
import { folderOf, hasRun } from './trial';

export interface Cost {
  readonly plan: Plan;
  readonly runs: number;
  /** Of them, how many have a folder already: finished, or to be gone on with. */
  readonly begun: number;
  /**
   * About how long those that have none take one after the other, each with all cores, s; side by side it is less.
   * NaN: it takes an engine to say it.
   */
  readonly seconds: number;
}

/**
 * Reckons the cost of each experiment. Where a run ends after steps or epochs, a step is timed.
 *
 * @param client an engine that does nothing else; without one only what has been timed is known
 * @param keep whether what is measured is kept beside the runs
 */
export async function notebookCost(
  { plans, material, runs }: OpenNotebook,
  client: Client | undefined,
  cores: number,
  keep = false,
): Promise<Cost[]> {
  if (client !== undefined) await makeData(client, runs, material.generated);
  const timings = new Map<string, Timing>();
  const costs: Cost[] = [];
  for (const plan of plans.values()) {
    const trials = [...new Map(plan.trials.map((trial) => [trial.address, trial])).values()];
    const isBegun = await Promise.all(trials.map((trial) => hasRun(folderOf(runs, trial))));
    const left = trials.filter((_, i) => !isBegun[i]);
    let seconds = 0;
    for (const trial of left) {
      seconds += await secondsAlone(trial);
      // Without an engine it stays unknown.
      if (client === undefined && Number.isNaN(seconds)) break;
    }
    // Of halving, most runs are stopped early.
    const share = plan.rungs === undefined ? 1 : costOf(plan.rungs) / plan.configurations;
    const begun = trials.length - left.length;
    costs.push({ plan, runs: trials.length, begun, seconds: seconds * share });
  }
  return costs;

  async function secondsAlone(trial: Trial): Promise<number> {
    const asked = secondsOf(trial);
    if (asked !== undefined) return asked;
    let timing = timings.get(trial.kind) ?? (await keptTiming(runs, trial));
    if (timing === undefined && client === undefined) return NaN;
    timing ??= await timeTrial(client!, trial, material, runs, { cores, keep });
    timings.set(trial.kind, timing);
    const { 'training.steps': steps, 'training.epochs': epochs } = trial.settings;
    return secondsFor(Number(steps ?? Number(epochs) * timing.stepsPerEpoch), timing);
  }
}
