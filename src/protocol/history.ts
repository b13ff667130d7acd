/**
 * The rows of a run, in bounded memory. The extension host and the panel keep the same tables and
 * halve them at the same row, so that a row travels once.
 */
import {
  channels,
  columnsOf,
  flatten,
  mergerOf,
  scoreNames,
  scoresOf,
  type Channel,
  type ColumnOf,
  type EvaluationColumn,
  type EvaluationRow,
  type MetricsColumn,
  type MetricsRow,
  type Quantities,
  type Scores,
} from '../core/metrics/columns';

/** A growing table of numbers by columns that merges its rows pairwise when it is full. */
export interface Table<Column extends string> {
  readonly length: number;
  /** Copies of the filled part of each column, from row `from` on (default: all). */
  columns(from?: number): Columns<Column>;
  /** The filled part of a column, not a copy: to be read at once, as it is overwritten when the table grows. */
  view(column: Column): Float64Array;
  /** Entry of a column at a row; NaN outside the table. */
  at(column: Column, row: number): number;
  append(rows: Columns<Column>): void;
  /** Drops the rows whose `step` is greater than this. */
  truncate(step: number): void;
}

/** Columns of equal length. */
export type Columns<Column extends string> = Readonly<Record<Column, Float64Array<ArrayBuffer>>>;

/** How many rows a table keeps at most; a panel has fewer pixels than that. */
export const defaultRowLimit = 20_000;

export type { EvaluationColumn, MetricsColumn } from '../core/metrics/columns';

export const metricsColumns = namesOf(channels.metrics);
export type MetricsColumns = Columns<MetricsColumn>;

export const evaluationColumns = namesOf(channels.evaluation);
export type EvaluationColumns = Columns<EvaluationColumn>;

function namesOf<Q extends Quantities>(channel: Channel<Q>): readonly ColumnOf<Q>[] {
  return columnsOf(channel).map(({ name }) => name);
}

/** The scores of a row of evaluations, those that are known. */
export function scoresAt(evaluations: Pick<Table<EvaluationColumn>, 'at'>, row: number): Scores {
  return scoresOf(Object.fromEntries(scoreNames.map((name) => [name, evaluations.at(name, row)])));
}

/** Training rows: merged rows keep the least and the greatest value, and the mean over all their steps. */
export function metricsTable(limit = defaultRowLimit): Table<MetricsColumn> {
  return createTable(metricsColumns, limit, mergerOf(channels.metrics));
}

/** Evaluations: of two, the better one stays as it is, so that the best is never lost. */
export function evaluationTable(limit = defaultRowLimit): Table<EvaluationColumn> {
  return createTable(evaluationColumns, limit, mergerOf(channels.evaluation));
}

/** Rows of the engine as columns. */
export function metricsOf(rows: readonly MetricsRow[]): MetricsColumns {
  return fromRows(
    metricsColumns,
    rows.map((row) => flatten(channels.metrics, row)),
  );
}

/** Evaluations of the engine as columns. */
export function evaluationsOf(rows: readonly EvaluationRow[]): EvaluationColumns {
  return fromRows(
    evaluationColumns,
    rows.map((row) => flatten(channels.evaluation, row)),
  );
}

/** How many of the newest rows the speed on show is averaged over: about a second. */
const speedRows = 10;

/** Training speed now, tokens/s: that of the newest rows, each counted by its steps; NaN before the first. */
export function recentSpeed(metrics: Table<MetricsColumn>): number {
  let steps = 0;
  let time = 0;
  for (let row = Math.max(0, metrics.length - speedRows); row < metrics.length; row++) {
    steps += metrics.at('steps', row);
    time += metrics.at('steps', row) / metrics.at('tokensPerSecond', row);
  }
  return steps / time;
}

/** Training speed over the whole run, evaluations included, tokens/s; NaN before the first row. */
export function meanSpeed(metrics: Table<MetricsColumn>): number {
  const last = metrics.length - 1;
  return metrics.at('tokens', last) / metrics.at('seconds', last);
}

/** Columns without a row, or with the values of one; NaN is what that does not say. */
export function toColumns<Column extends string>(
  names: readonly Column[],
  row?: Readonly<Partial<Record<Column, number>>>,
): Columns<Column> {
  return fromRows(names, row === undefined ? [] : [row]);
}

function fromRows<Column extends string>(
  names: readonly Column[],
  rows: readonly Readonly<Partial<Record<Column, number>>>[],
): Columns<Column> {
  return build(names, (name) => Float64Array.from(rows, (row) => row[name] ?? NaN));
}

/** What becomes of two rows a (earlier) and b: each column's value of the one row that replaces them. */
type Merge<Column extends string> = (
  a: (column: Column) => number,
  b: (column: Column) => number,
) => Record<Column, number>;

function createTable<Column extends string>(
  names: readonly Column[],
  limit: number,
  merge: Merge<Column>,
): Table<Column> {
  let capacity = 64;
  let length = 0;
  let data: Columns<Column> = build(names, () => new Float64Array(capacity));

  function grow() {
    capacity = Math.min(2 * capacity, limit);
    data = build(names, (name) => {
      const larger = new Float64Array(capacity);
      larger.set(data[name]);
      return larger;
    });
  }

  function halve() {
    const half = length >> 1;
    for (let i = 0; i < half; i++) {
      const merged = merge(
        (column) => data[column][2 * i]!,
        (column) => data[column][2 * i + 1]!,
      );
      for (const name of names) data[name][i] = merged[name];
    }
    if (length % 2 === 1) for (const name of names) data[name][half] = data[name][length - 1]!;
    length -= half;
  }

  return {
    get length() {
      return length;
    },
    columns: (from = 0) => build(names, (name) => data[name].slice(Math.max(0, from), length)),
    view: (column) => data[column].subarray(0, length),
    at: (column, row) => (row >= 0 && row < length ? data[column][row]! : NaN),
    append(rows) {
      const added = rows[names[0]!].length;
      for (let i = 0; i < added; i++) {
        if (length === limit) halve();
        else if (length === capacity) grow();
        for (const name of names) data[name][length] = rows[name][i]!;
        length++;
      }
    },
    truncate(step) {
      const steps = data['step' as Column];
      while (length > 0 && steps[length - 1]! > step) length--;
    },
  };
}

function build<Column extends string>(
  names: readonly Column[],
  column: (name: Column) => Float64Array<ArrayBuffer>,
): Columns<Column> {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Record<
    Column,
    Float64Array<ArrayBuffer>
  >;
}
