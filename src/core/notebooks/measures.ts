/** What a run came to, by the names of the one table of metrics. */
import {
  channels,
  columnsOf,
  mergerOf,
  type Channel,
  type EvaluationColumn,
  type MetricsColumn,
  type Quantities,
} from '../metrics/columns';

/** What every run knows beside its rows: the losses of a text that need no state, and the number of learnt values. */
const facts = ['parameters', 'uniform', 'unigram', 'bigram'] as const;
export type RunFigures = Readonly<Record<(typeof facts)[number], number>>;

/** By name; NaN: this run has none. */
export type Measures = Readonly<Record<string, number>>;

/** All rows of a run as columns. */
export interface RunRows {
  readonly metrics: Readonly<Record<MetricsColumn, ArrayLike<number>>>;
  readonly evaluations: Readonly<Record<EvaluationColumn, ArrayLike<number>>>;
}

const evaluationColumns = columnsOf(channels.evaluation).filter(({ type }) => type !== 'flag');
// What belongs to a single row says nothing of a run.
const trainingColumns = columnsOf(channels.metrics).filter(
  ({ name }) => name !== 'steps' && name !== 'progress',
);

/** `loss` for the column `lossMean`: that of a spread which people mean. */
function nameOf(column: string): string {
  return column.replace(/Mean$/, '');
}

/** Every name that a condition or a table can speak of. */
export const measureNames: readonly string[] = [
  ...new Set([
    ...evaluationColumns.map(({ name }) => name),
    ...trainingColumns.map(({ name }) => nameOf(name)),
    ...facts,
  ]),
];

/** Which way is better; undefined: neither. */
export function betterWay(name: string): 'lower' | 'higher' | undefined {
  const quantities: Quantities = {
    ...channels.metrics.quantities,
    ...channels.evaluation.quantities,
  };
  return quantities[name]?.better;
}

/** Whether a measure is another one each time the same is trained. */
export function isClock(name: string): boolean {
  return [...evaluationColumns, ...trainingColumns].some(
    (column) => nameOf(column.name) === name && column.clock,
  );
}

/** The share of the steps at a run's end over which figures of training are taken together. */
const lastShare = 0.1;

/**
 * What a run came to: of what is held out the evaluation with the lowest validation loss, that of the checkpoint that
 * samples are made with; of training the last tenth of its steps. `step` and `seconds` are those of its end.
 *
 * @param until rows after this step are left out
 */
export function measuresOf(rows: RunRows, figures: RunFigures, until = Infinity): Measures {
  const { metrics, evaluations } = rows;
  const measures: Record<string, number> = { ...figures };
  const last = lastRow(metrics.step, until);
  if (last >= 0) {
    const begin = metrics.step[last]! * (1 - lastShare);
    const values = taken(channels.metrics, metrics, last, (step) => step > begin);
    for (const { name } of trainingColumns) measures[nameOf(name)] = values(name);
  }
  const lastEvaluation = lastRow(evaluations.step, until);
  if (lastEvaluation >= 0) {
    const best = taken(channels.evaluation, evaluations, lastEvaluation, () => true);
    for (const { name } of evaluationColumns) {
      const isOfTraining = name === 'step' || name === 'seconds' || name === 'epoch';
      if (!isOfTraining || measures[name] === undefined) measures[name] = best(name);
    }
  }
  return measures;
}

function lastRow(steps: ArrayLike<number>, until: number): number {
  let row = steps.length - 1;
  while (row >= 0 && steps[row]! > until) row--;
  return row;
}

/** Rows as one, as the table says how two become one: from the last one back, as far as they are wanted. */
function taken(
  channel: Channel<Quantities>,
  columns: Readonly<Record<string, ArrayLike<number>>>,
  last: number,
  isWanted: (step: number) => boolean,
): (name: string) => number {
  const merge = mergerOf(channel);
  let row = last;
  let merged: ((name: string) => number) | undefined;
  for (; row >= 0 && (merged === undefined || isWanted(columns['step']![row]!)); row--) {
    const at = row;
    const own = (name: string): number => columns[name]?.[at] ?? NaN;
    if (merged === undefined) merged = own;
    else {
      const both = merge(own, merged) as Readonly<Record<string, number>>;
      merged = (name) => both[name] ?? NaN;
    }
  }
  return merged!;
}
