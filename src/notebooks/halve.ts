/** Successive halving over an experiment's configurations: `src/core/notebooks/halving.ts` says how many go on. */
import { rungSteps, survivors } from '../core/notebooks/halving';
import type { Trial } from '../core/notebooks/plan';
import type { TrialResult } from '../core/notebooks/results';
import { mean } from '../core/notebooks/statistics';
import { runAll, type Running } from './running';
import type { Goal } from './trial';

/**
 * Trains all to the first rung, then those that did best further. Each is evaluated right at the rungs and stops behind them;
 * one that goes on continues to the bit, so that it comes to what it would have come to alone.
 *
 * @param goals the steps of whole runs, by the trials' addresses
 */
export async function runHalving(
  running: Running,
  trials: readonly Trial[],
  goals: ReadonlyMap<string, Goal>,
): Promise<TrialResult[]> {
  const { plan, options } = running;
  const rungs = plan.rungs!;
  const found = new Map<string, TrialResult>();
  let kept = new Set(trials.map(({ configuration }) => configuration));
  for (const [rung, { kept: wanted }] of rungs.entries()) {
    if (options.signal.aborted) break;
    const going = trials.filter(({ configuration }) => kept.has(configuration));
    const results = await runAll(
      running,
      going.map((trial) => ({ trial, goal: goalAt(goals.get(trial.address)?.steps ?? 1, rung) })),
    );
    for (const result of results) found.set(result.trial.address, result);
    if (results.length < going.length) break;
    const next = rungs[rung + 1];
    if (next === undefined || wanted <= next.kept) continue;
    const means = new Map(
      [...kept].map((configuration) => {
        const own = results.filter(({ trial }) => trial.configuration === configuration);
        return [configuration, mean(own.map(lossOf))] as const;
      }),
    );
    kept = new Set(survivors(means, next.kept));
  }
  return [...found.values()];

  function goalAt(steps: number, rung: number): Goal {
    const at = rungSteps(rungs, steps);
    const goal = { steps: at.at(-1)!, evaluateEvery: at[0]! };
    return rung === rungs.length - 1 ? goal : { ...goal, until: at[rung]! };
  }
}

/** What halving goes by; what failed comes last. */
function lossOf({ measures, failure }: TrialResult): number {
  return failure === undefined ? (measures['validationLoss'] ?? NaN) : NaN;
}
