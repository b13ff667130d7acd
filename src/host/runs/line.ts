import type { Scores } from '../../core/metrics/columns';
import type { RunSummary } from '../../protocol/engine';
import { scoresAt } from '../../protocol/history';
import type { RunPhase } from '../../protocol/panel';
import { lastPart } from './last-part';
import { canContinue, canDebugStep, canPredict, canSample, latest, type Run } from './run';

/** A run as a line of a list shows it. */
export interface RunLine {
  readonly folder: string;
  /** Its title; else its text and its cell. */
  readonly name: string;
  readonly phase: RunPhase;
  readonly step: number;
  /** Mean of the last row, nats per token; undefined before the first. */
  readonly loss: number | undefined;
  /** The lowest validation loss, nats per token; undefined before the first measurement. */
  readonly best: number | undefined;
  /** Of a model of examples: its scores where the validation loss was lowest. */
  readonly scores: Scores;
  /** Training time, s. */
  readonly seconds: number;
  /** Whether its model goes on with a text, or answers examples. */
  readonly canSample: boolean;
  readonly canPredict: boolean;
  readonly canContinue: boolean;
  readonly canDebugStep: boolean;
  /** What does not change while it is trained. */
  readonly summary: RunSummary;
}

/** @param trained the run that is trained in this window: more is known of it than its folder tells */
export function lineOf(summary: RunSummary, trained: Run | undefined): RunLine {
  const { run: folder } = summary;
  const about = { folder, summary, name: nameOf(summary) };
  return trained?.folder === folder
    ? { ...about, ...liveLine(trained) }
    : { ...about, ...keptLine(summary) };
}

/** What a run is called: its title; else its text and its cell. */
export function nameOf({
  title,
  name,
  cell,
}: Pick<RunSummary, 'name' | 'cell'> & {
  readonly title: string | null | undefined;
}): string {
  return title ?? `${name} · ${lastPart(cell)}`;
}

function liveLine(run: Run) {
  const { evaluations } = run;
  const losses = evaluations.columns().validationLoss;
  const lowest = losses.reduce((at, loss, row) => (loss < (losses[at] ?? Infinity) ? row : at), -1);
  return {
    phase: run.phase,
    step: latest(run, 'step') || 0,
    loss: known(latest(run, 'lossMean')),
    best: known(evaluations.at('validationLoss', lowest)),
    scores: scoresAt(evaluations, lowest),
    seconds: latest(run, 'seconds') || 0,
    canSample: canSample(run),
    canPredict: canPredict(run),
    canContinue: canContinue(run),
    canDebugStep: canDebugStep(run),
  };
}

function keptLine(summary: RunSummary) {
  const { state, step, loss, bestValidationLoss, seconds, hasCheckpoint, task } = summary;
  const { hasFailedStep } = summary;
  // Not trained here, or else it would be in this window's memory.
  const phase = state === 'training' ? ('elsewhere' as const) : state;
  return {
    phase,
    step,
    loss: loss ?? undefined,
    best: bestValidationLoss ?? undefined,
    scores: task?.scores ?? {},
    seconds,
    canSample: hasCheckpoint && task === null,
    canPredict: hasCheckpoint && task !== null,
    canContinue: canContinue({ hasCheckpoint, phase }),
    canDebugStep: canDebugStep({ hasFailedStep, phase }),
  };
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
