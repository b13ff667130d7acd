import {
  channels,
  flatten,
  mergerOf,
  unflatten,
  type Channel,
  type EvaluationRow,
  type MetricsRow,
  type Quantities,
  type RowOf,
} from '../metrics/columns';
import type { EvaluationEvent, MetricsEvent } from './events';

/** A line of `metrics.jsonl`. */
export type MetricsLine = MetricsEvent | EvaluationEvent;

/** The rows of a training in bounded memory, however long it goes on. */
export interface KeptMetrics {
  /** In the order in which they were made. */
  readonly items: readonly MetricsLine[];
  append(line: MetricsLine): void;
}

/** Of so many lines at most one in this many is a measurement. */
const evaluationShare = 5;

/**
 * When there are more than `limit` lines, rows are merged pairwise: least, greatest and mean are then those of
 * all their steps. Of two measurements the better one stays, so that the best of all is never lost. Rows
 * between which there was a measurement stay apart.
 */
export function keptMetrics(limit: number, initial: readonly MetricsLine[] = []): KeptMetrics {
  const evaluationLimit = Math.ceil(limit / evaluationShare);
  const rowLimit = limit - evaluationLimit;
  let rows: MetricsRow[] = [];
  let evaluations: EvaluationRow[] = [];

  function append(line: MetricsLine): void {
    if (line.event === 'metrics') rows.push(line.row);
    else evaluations.push(line.row);
    if (evaluations.length > evaluationLimit) evaluations = halved(evaluations, mergeEvaluations);
    if (rows.length > rowLimit) rows = halved(rows, mergeRows, separatedBy(evaluations));
  }

  initial.forEach(append);
  return {
    get items() {
      return inOrder(rows, evaluations);
    },
    append,
  };
}

/** Merges each with its neighbour, unless they stay apart. */
function halved<Row>(
  rows: readonly Row[],
  merge: (a: Row, b: Row) => Row,
  apart: (a: Row) => boolean = () => false,
): Row[] {
  const merged: Row[] = [];
  for (let i = 0; i < rows.length; i++) {
    const a = rows[i]!;
    const b = rows[i + 1];
    if (b === undefined || apart(a)) {
      merged.push(a);
    } else {
      merged.push(merge(a, b));
      i++;
    }
  }
  return merged;
}

/** Whether a measurement was made after a row's last step. */
function separatedBy(evaluations: readonly EvaluationRow[]): (row: MetricsRow) => boolean {
  const steps = new Set(evaluations.map(({ step }) => step));
  return ({ step }) => steps.has(step);
}

function merging<Q extends Quantities>(channel: Channel<Q>) {
  const merge = mergerOf(channel);
  return (a: RowOf<Q>, b: RowOf<Q>): RowOf<Q> => {
    const [first, second] = [flatten(channel, a), flatten(channel, b)];
    return unflatten(
      channel,
      merge(
        (column) => first[column],
        (column) => second[column],
      ),
    );
  };
}

/** One row that sums up the steps of two, `a` before `b`. */
export const mergeRows = merging(channels.metrics);

/** The better one. */
const mergeEvaluations = merging(channels.evaluation);

/** A measurement comes after the rows of the steps before it. */
function inOrder(
  rows: readonly MetricsRow[],
  evaluations: readonly EvaluationRow[],
): MetricsLine[] {
  const lines: MetricsLine[] = [];
  let next = 0;
  for (const row of rows) {
    while (next < evaluations.length && evaluations[next]!.step <= row.step - row.steps) {
      lines.push({ event: 'evaluation', row: evaluations[next++]! });
    }
    lines.push({ event: 'metrics', row });
  }
  for (; next < evaluations.length; next++) {
    lines.push({ event: 'evaluation', row: evaluations[next]! });
  }
  return lines;
}
