/** What is kept of an experiment's runs, without training any. */
import type { Plan } from '../core/notebooks/plan';
import type { TrialResult } from '../core/notebooks/results';
import type { Client } from '../protocol/client';
import type { OpenNotebook } from './open';
import { secondsOf } from './running';
import { keptTiming } from './timing';
import { folderOf, hasRun, keptTrial } from './trial';

/** Results of the runs that have come to their end. Where halving has stopped some it is not known without timing them: none. */
export async function keptResults(
  { runs }: OpenNotebook,
  plan: Plan,
  client: Pick<Client, 'start'>,
): Promise<TrialResult[]> {
  if (plan.rungs !== undefined) return [];
  const results: TrialResult[] = [];
  for (const trial of plan.trials) {
    const result = await keptTrial(client, runs, trial, {});
    if (result !== undefined) results.push(result);
  }
  return results;
}

/** Whether steps must be timed before an experiment can be run: there is a time, and it is not known what it comes to. */
export async function needsTiming({ runs, plans }: OpenNotebook): Promise<boolean> {
  for (const { trials } of plans.values()) {
    const isThere = await Promise.all(trials.map((trial) => hasRun(folderOf(runs, trial))));
    const left = trials.filter((_, i) => !isThere[i]);
    const kinds = new Map(left.map((trial) => [trial.kind, trial]));
    for (const trial of kinds.values()) {
      if (secondsOf(trial) !== undefined && !(await keptTiming(runs, trial))) return true;
    }
  }
  return false;
}
