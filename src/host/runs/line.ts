import type { RunSummary } from '../../protocol/engine';
import type { RunPhase } from '../../protocol/panel';
import { lastPart } from './last-part';
import { canContinue, canSample, latest, type Run } from './run';

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
  /** Training time, s. */
  readonly seconds: number;
  readonly canSample: boolean;
  readonly canContinue: boolean;
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
  return {
    phase: run.phase,
    step: latest(run, 'step') || 0,
    loss: known(latest(run, 'lossMean')),
    best: losses.length > 0 ? known(losses.reduce((a, b) => Math.min(a, b))) : undefined,
    seconds: latest(run, 'seconds') || 0,
    canSample: canSample(run),
    canContinue: canContinue(run),
  };
}

function keptLine({ state, step, loss, bestValidationLoss, seconds, hasCheckpoint }: RunSummary) {
  // Not trained here, or else it would be in this window's memory.
  const phase = state === 'training' ? ('elsewhere' as const) : state;
  return {
    phase,
    step,
    loss: loss ?? undefined,
    best: bestValidationLoss ?? undefined,
    seconds,
    canSample: hasCheckpoint,
    canContinue: canContinue({ hasCheckpoint, phase }),
  };
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
