/** What has become of an experiment so far, from the events of its runs. */
import { figureOf, type ExperimentFigure } from '../core/notebooks/figure';
import { thinned, type Curves } from '../core/notebooks/curves';
import type { Plan, Trial } from '../core/notebooks/plan';
import { resultsOf, type Results, type TrialResult } from '../core/notebooks/results';
import type { Sentence } from '../core/sentence';
import type { NotebookEvent } from './running';

export interface Following {
  event(event: NotebookEvent): void;
  /** As far as it has come; undefined: nothing has begun. */
  now(): { readonly results: Results; readonly figure: ExperimentFigure } | undefined;
  /** Of the runs of this round: how many are done, and are to be done. */
  readonly progress: { readonly done: number; readonly of: number };
}

/** A run under way: rows as they come. */
interface Live {
  readonly trial: Trial;
  readonly training: { readonly step: number[]; readonly loss: number[] };
  readonly validation: { readonly step: number[]; readonly loss: number[] };
}

/** @param tell says why a run failed, in the reader's language */
export function followExperiment(tell: (told: Sentence) => string): Following {
  const ended = new Map<string, TrialResult>();
  const live = new Map<string, Live>();
  let plan: Plan | undefined;
  let progress = { done: 0, of: 0 };

  /** The plan's trials with what they came to; the same run may be asked for twice. */
  function found(): TrialResult[] {
    return (plan?.trials ?? []).flatMap((trial) => {
      const result = ended.get(trial.address);
      return result === undefined ? [] : [{ ...result, trial }];
    });
  }

  return {
    event(event) {
      switch (event.event) {
        case 'experiment':
          plan = event.plan;
          for (const result of event.found) ended.set(result.trial.address, result);
          progress = { done: event.kept, of: event.runs };
          break;
        case 'training': {
          const { trial, what } = event;
          const known = live.get(trial.address) ?? {
            trial,
            training: { step: [], loss: [] },
            validation: { step: [], loss: [] },
          };
          live.set(trial.address, known);
          if (what.event === 'metrics') push(known.training, what.row.step, what.row.loss.mean);
          if (what.event === 'evaluation') {
            push(known.validation, what.row.step, what.row.validationLoss);
          }
          break;
        }
        case 'trial':
          live.delete(event.result.trial.address);
          ended.set(event.result.trial.address, event.result);
          progress = { ...progress, done: event.done };
          break;
        case 'timing':
        case 'results':
        case 'sample':
      }
    },
    now() {
      if (plan === undefined) return undefined;
      const trials = found();
      const going = [...live.values()].map(({ trial, training, validation }) => {
        const curves: Curves = { training: thinned(training), validation: thinned(validation) };
        return { trial, curves };
      });
      const results = resultsOf(plan, trials);
      return { results, figure: figureOf(results, trials, going, tell) };
    },
    get progress() {
      return progress;
    },
  };
}

function push(curve: Live['training'], step: number, loss: number): void {
  if (!Number.isFinite(loss)) return;
  curve.step.push(step);
  curve.loss.push(loss);
}
