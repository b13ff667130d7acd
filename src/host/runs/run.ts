import { l10n } from 'vscode';
import type { Job } from '../../protocol/client';
import {
  wholeOf,
  type DescribeResult,
  type KeptFacts,
  type Limit,
  type Observation,
  type RunFacts,
  type RunSummary,
  type TrainingSample,
} from '../../protocol/engine';
import {
  evaluationTable,
  metricsTable,
  type EvaluationColumn,
  type MetricsColumn,
  type Table,
} from '../../protocol/history';
import type { RunPhase } from '../../protocol/panel';
import { observationLimit, sampleLimit, thinned, type Thinned } from '../../protocol/thinned';
import { translated } from '../translate';

/** How far a model had been trained before it was imported. */
type TrainedElsewhere = Pick<RunSummary, 'step' | 'bestValidationLoss'>;

/** A run as the host knows it; its rows are in bounded memory, all of them are in its folder. */
export interface Run {
  /** Its folder, absolute: what identifies it. */
  readonly folder: string;
  /** What the user calls it; undefined: it has no title. */
  title: string | undefined;
  /** Of a run of an earlier session, less. */
  facts: KeptFacts & Partial<Pick<RunFacts, 'threads' | 'backend'>>;
  phase: RunPhase;
  /** Why it failed or was interrupted, and what to do; empty where there is nothing to say. */
  message: string;
  /** What the file of an imported model told of the training before. */
  readonly imported?: TrainedElsewhere;
  /** Whether the folder holds a checkpoint to sample from and to go on from. */
  hasCheckpoint: boolean;
  /** Whether it holds the step at which the numbers went wrong. */
  hasFailedStep: boolean;
  /** Sentences about what is odd but could go on. */
  readonly warnings: readonly string[];
  /** Steps whose weights are kept, ascending. */
  keptSteps: readonly number[];
  /** The one of them at which the model is looked at; undefined: as it is now. */
  traveled: number | undefined;
  readonly metrics: Table<MetricsColumn>;
  readonly evaluations: Table<EvaluationColumn>;
  readonly observations: Thinned<Observation>;
  readonly samples: Thinned<TrainingSample>;
  /** The learning rate that was set by hand in this session, and holds whatever the schedule says. */
  fixedRate: number | undefined;
  /** The training under way in this window. */
  job: Job<'train'> | undefined;
}

/** What a run is called: its title, or its text. */
export function runName({ title, facts }: Pick<Run, 'title' | 'facts'>): string {
  return title ?? facts.name;
}

/** A run that has just begun. */
export function newRun(folder: string, facts: RunFacts, job: Job<'train'>): Run {
  return {
    folder,
    title: undefined,
    facts,
    phase: 'training',
    message: '',
    hasCheckpoint: false,
    hasFailedStep: false,
    warnings: [],
    keptSteps: [],
    traveled: undefined,
    metrics: metricsTable(),
    evaluations: evaluationTable(),
    observations: thinned(observationLimit),
    samples: thinned(sampleLimit),
    fixedRate: undefined,
    job,
  };
}

/** A run of an earlier session, or of another window. */
export function describedRun(
  { summary, facts, history, observations, samples, checkpoints, steps, failure }: DescribeResult,
  messages: {
    readonly interrupted: string;
    readonly neverSaved: string;
    readonly imported: (training: TrainedElsewhere) => string;
  },
): Run {
  const metrics = metricsTable();
  metrics.append(history.metrics);
  const evaluations = evaluationTable();
  evaluations.append(history.evaluations);
  const phase = summary.state === 'training' ? 'elsewhere' : summary.state;
  const failed = failure === null ? '' : translated(wholeOf(failure));
  // A checkpoint brings its training itself.
  const { step, bestValidationLoss } = summary.imported ?? summary;
  const elsewhere = { step, bestValidationLoss };
  const hasCheckpoint = checkpoints.length > 0;
  const isImported = facts.tokens === 0 && metrics.length === 0;
  const interrupted = hasCheckpoint ? messages.interrupted : messages.neverSaved;
  return {
    folder: summary.run,
    title: summary.title ?? undefined,
    facts,
    phase,
    message: isImported
      ? messages.imported(elsewhere)
      : phase === 'interrupted'
        ? interrupted
        : failed,
    ...(isImported && { imported: elsewhere }),
    hasCheckpoint,
    hasFailedStep: summary.hasFailedStep,
    warnings: [],
    keptSteps: steps,
    traveled: undefined,
    metrics,
    evaluations,
    observations: thinned(observationLimit, observations),
    samples: thinned(sampleLimit, samples),
    fixedRate: undefined,
    job: undefined,
  };
}

/** What there is to say of a run whose folder is gone. */
export function vanishedText(folder: string): string {
  return l10n.t(
    '{0} is no longer there: it was moved or removed, but not by RNN Lab. Put it back, or remove the run from the list.',
    folder,
  );
}

/** Replaces a run's rows by those of its folder. */
export function refill(
  run: Run,
  { history, observations, samples }: Pick<DescribeResult, 'history' | 'observations' | 'samples'>,
): void {
  for (const rows of [run.metrics, run.evaluations, run.observations, run.samples])
    rows.truncate(-1);
  run.metrics.append(history.metrics);
  run.evaluations.append(history.evaluations);
  observations.forEach(run.observations.append);
  samples.forEach(run.samples.append);
}

/** Whether the engine of this window has it now. */
export function isLive({ phase }: Pick<Run, 'phase'>): boolean {
  return ['preparing', 'training', 'paused', 'stopping'].includes(phase);
}

/** Whether there is a model, in the engine or on the disk. */
function hasModel(run: Run): boolean {
  return run.hasCheckpoint || (run.job !== undefined && run.metrics.length > 0);
}

/** Whether there is a model that goes on with a text: one to sample from, and to look at texts with. */
export function canSample(run: Run): boolean {
  return run.facts.task === undefined && hasModel(run);
}

/** Whether there is a model that answers examples; it is asked as its checkpoint has it. */
export function canPredict(run: Run): boolean {
  return run.facts.task !== undefined && run.hasCheckpoint;
}

/** Whether the step at which its numbers went wrong can be gone through. */
export function canDebugStep({
  hasFailedStep,
  phase,
}: Pick<Run, 'hasFailedStep' | 'phase'>): boolean {
  return hasFailedStep && phase === 'failed';
}

/** Whether it can go on: from its last checkpoint, or from its beginning where it was cut short before the first one. */
export function canContinue(run: Pick<Run, 'hasCheckpoint' | 'phase'>): boolean {
  const { hasCheckpoint, phase } = run;
  return (hasCheckpoint || phase === 'interrupted') && !isLive(run) && phase !== 'elsewhere';
}

/** Whether it has gone as far as its limit, or has ended before that because it did not get better any more. */
export function hasReachedLimit(run: Run): boolean {
  const { kind, value } = run.facts.limit;
  return run.phase === 'finished' || latest(run, limitColumns[kind]) >= value;
}

/** How far a run is in the unit of a limit; 0 before the first row. */
export function doneOf(run: Run, kind: Limit['kind']): number {
  return latest(run, limitColumns[kind]) || 0;
}

const limitColumns = { steps: 'step', epochs: 'epoch', seconds: 'seconds' } as const;

/** Whether a number can be set as learning rate. */
export function isLearningRate(rate: number): boolean {
  return Math.fround(rate) > 0 && rate <= 1000;
}

/** The newest row's value; NaN before the first. */
export function latest({ metrics }: Run, column: MetricsColumn): number {
  return metrics.at(column, metrics.length - 1);
}

/** A run of which all is known here, that on show or the one in training; undefined: only its folder tells. */
export function knownRun(
  { current, trained }: { readonly current: Run | undefined; readonly trained: Run | undefined },
  folder: string,
): Run | undefined {
  return [current, trained].find((run) => run?.folder === folder);
}
