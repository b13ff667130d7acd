import type { Scores } from '../src/protocol/core';
import { formatFor, type Format } from '../src/protocol/format';
import {
  evaluationTable,
  metricsTable,
  scoresAt,
  type EvaluationColumn,
  type MetricsColumn,
  type Table,
} from '../src/protocol/history';
import type {
  ComparedRun,
  CursorMessage,
  Inspection,
  Observation,
  PanelFacts,
  PanelStatus,
  ExampleMessage,
  ProjectionMessage,
  ResultsMessage,
  RunPhase,
  ToPanel,
  TrainingSample,
  WorksheetMessage,
} from '../src/protocol/panel';
import { observationLimit, sampleLimit, thinned, type Thinned } from '../src/protocol/thinned';

/** The run on show, as the host told it. */
export interface Run {
  readonly id: string;
  readonly facts: PanelFacts;
  status: PanelStatus;
  readonly metrics: Table<MetricsColumn>;
  readonly evaluations: Table<EvaluationColumn>;
  readonly observations: Thinned<Observation>;
  readonly samples: Thinned<TrainingSample>;
  /** The newest answer to the newest question. */
  inspection: Inspection | undefined;
  /** How it has answered a part of its examples. */
  results: ResultsMessage | undefined;
  /** Where points lie, as it was asked last. */
  projection: ProjectionMessage | undefined;
  /** The newest worksheet. */
  worksheet: WorksheetMessage | undefined;
  /** The row at the cursor, of a model of examples. */
  example: ExampleMessage | undefined;
  /** The newest look back from the cursor of the editor in front. */
  cursor: CursorMessage | undefined;
}

/** Whether the engine has the run now. */
export function isLive(phase: RunPhase): boolean {
  return ['preparing', 'training', 'paused', 'stopping'].includes(phase);
}

/** All that the panel knows; a copy of what the host owns. */
export interface State {
  readonly format: Format;
  readonly run: Run | undefined;
  /** The name of the text of a run that is about to begin; it is shown instead of the run. */
  readonly preparing: string | undefined;
  /** Runs whose loss is drawn beside that of the run on show. */
  readonly compared: readonly ComparedRun[];
}

/** What follows from a message: the new state, which is the old one, changed, unless all is new. */
export function apply(state: State | undefined, message: ToPanel): State | undefined {
  if (message.type === 'hydrate') return hydrate(message);
  if (message.type === 'compared') return state && { ...state, compared: message.compared };
  const run = state?.run;
  if (run?.id !== message.id) return state;
  switch (message.type) {
    case 'status':
      run.status = message.status;
      break;
    case 'append':
      run.metrics.append(message.metrics);
      run.evaluations.append(message.evaluations);
      for (const observation of message.observations) run.observations.append(observation);
      for (const sample of message.samples) run.samples.append(sample);
      break;
    case 'inspection':
      run.inspection = message;
      break;
    case 'example':
      run.example = message;
      break;
    case 'projection':
      run.projection = message;
      break;
    case 'worksheet':
      run.worksheet = message;
      break;
    case 'results':
      run.results = message;
      break;
    case 'cursor':
      run.cursor = message;
      break;
  }
  return state;
}

function hydrate({
  locale,
  run,
  preparing: name,
  compared,
}: Extract<ToPanel, { type: 'hydrate' }>): State {
  const format = formatFor(locale);
  const preparing = name ?? undefined;
  if (run === null) return { format, run: undefined, preparing, compared };
  const metrics = metricsTable();
  metrics.append(run.metrics);
  const evaluations = evaluationTable();
  evaluations.append(run.evaluations);
  const observations = thinned(observationLimit, run.observations);
  const samples = thinned(sampleLimit, run.samples);
  return {
    format,
    run: {
      ...run,
      metrics,
      evaluations,
      observations,
      samples,
      inspection: undefined,
      results: undefined,
      projection: undefined,
      worksheet: undefined,
      example: undefined,
      cursor: undefined,
    },
    preparing,
    compared,
  };
}

/**
 * The evaluation with the lowest loss; undefined before the first.
 *
 * @param until of those up to this step
 */
export function bestEvaluation(
  { evaluations }: Pick<Run, 'evaluations'>,
  until = Infinity,
):
  | {
      readonly step: number;
      readonly seconds: number;
      readonly loss: number;
      readonly scores: Scores;
    }
  | undefined {
  const losses = evaluations.view('validationLoss');
  let best = -1;
  const steps = evaluations.view('step');
  for (let row = 0; row < losses.length && steps[row]! <= until; row++) {
    if (losses[row]! < (losses[best] ?? Infinity)) best = row;
  }
  if (best < 0) return undefined;
  const at = (column: EvaluationColumn) => evaluations.at(column, best);
  return {
    step: at('step'),
    seconds: at('seconds'),
    loss: losses[best]!,
    scores: scoresAt(evaluations, best),
  };
}

/** Values of the newest training row; NaN before the first. */
export function latest({ metrics }: Run, column: MetricsColumn): number {
  return metrics.at(column, metrics.length - 1);
}

/** Values of the training row of the step at which the model is looked at: the newest, unless an earlier one is chosen. */
export function onShow(run: Run, column: MetricsColumn): number {
  const { metrics, status } = run;
  if (status.traveled === null) return latest(run, column);
  if (column === 'step') return status.traveled;
  const { traveled } = status;
  return metrics.at(
    column,
    metrics.view('step').findIndex((step) => step >= traveled),
  );
}
