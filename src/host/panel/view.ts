import * as path from 'node:path';
import { tokenizerNamed } from '../../core/data/kinds';
import type {
  ComparedFacts,
  ComparedRun,
  CursorModel,
  PanelRun,
  PanelStatus,
} from '../../protocol/panel';
import { canContinue, canDebugStep, canPredict, canSample, type Run } from '../runs/run';
import { translated } from '../translate';

/**
 * A run as the panel sees it, with all its rows.
 *
 * @param slot says which colour it has where runs are compared
 */
export function viewRun(run: Run, slot: number): PanelRun {
  const { facts, metrics, evaluations } = run;
  const number = (key: string) => Number(facts.settings[key]);
  return {
    id: run.folder,
    facts: {
      ...viewFacts(facts),
      ...viewComparable(facts),
      hidden: number('model.hidden'),
      layers: number('model.layers'),
      dropout: number('model.dropout'),
      validationTokens: facts.validationTokens,
      optimizer: String(facts.settings['training.optimizer']),
      learningRate: facts.learningRate,
      batch: facts.batch,
      sequence: facts.sequence,
      clip: number('training.clip'),
      isObserved: number('inspection.observeEvery') > 0,
      // Runs of before there were such texts do not have the setting.
      sampleEvery: number('inspection.sampleEvery') || 0,
      seed: number('training.seed'),
      threads: facts.threads ?? null,
      backend: facts.backend ?? null,
      warnings: [...run.warnings],
    },
    status: viewStatus(run, slot),
    metrics: metrics.columns(),
    evaluations: evaluations.columns(),
    observations: [...run.observations.items],
    samples: [...run.samples.items],
  };
}

/** What a run can differ from others in. */
function viewComparable({
  name,
  cell,
  parameters,
  vocabulary,
  tokens,
  task,
  settings,
}: Run['facts']): ComparedFacts {
  // A cell from a file is called by its path.
  const named = { name: path.basename(cell.name), equations: cell.source };
  return {
    ...{ name, cell: named, parameters, vocabulary, tokens, settings },
    task: task ? { ...task, line: translated(task.line) } : null,
  };
}

/** What pictures of a model's values have to know of it. */
export function viewFacts({
  name,
  settings,
  baselines,
  network,
}: Run['facts']): CursorModel['facts'] {
  return { name, tokenizer: tokenizerNamed(settings['data.tokenizer']), baselines, network };
}

/** What changes now and then. */
export function viewStatus(run: Run, slot: number): PanelStatus {
  return {
    label: labelOf(run),
    phase: run.phase,
    limit: run.facts.limit,
    message: run.message,
    canSample: canSample(run),
    canPredict: canPredict(run),
    canContinue: canContinue(run),
    canDebugStep: canDebugStep(run),
    fixedRate: run.fixedRate ?? null,
    keptSteps: [...run.keptSteps],
    traveled: run.traveled ?? null,
    imported: run.metrics.length === 0 ? (run.imported ?? null) : null,
    slot,
  };
}

/** A run that is drawn beside the one on show. */
export function viewCompared(run: Run, slot: number): ComparedRun {
  const newest = run.observations.items.at(-1);
  return {
    id: run.folder,
    label: labelOf(run),
    slot,
    baselines: run.facts.baselines,
    facts: viewComparable(run.facts),
    lags: newest ? { step: newest.step, states: newest.lags } : null,
    metrics: run.metrics.columns(),
    evaluations: run.evaluations.columns(),
  };
}

/** What tells a run from others. */
export function labelOf({ title, facts }: Run): string {
  return title ?? `${facts.name} · ${path.basename(facts.cell.name)}`;
}
