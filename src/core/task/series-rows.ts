/** A series in the order of its dates. */
import { upTo } from '../numerics';
import type { Table } from '../tables/table';
import { datesOf, numbersOf } from './dates';
import type { Understanding, UsedColumn } from './understanding';

export interface SeriesSteps {
  /** The row of the table at each step. */
  readonly order: Uint32Array;
  /**
   * Of each column that goes in the cells by step; a missing one is the last that was known. One that is known in
   * advance has at step t those of t + horizon, and no more.
   */
  readonly cells: readonly (readonly string[])[];
  /** Of each column that comes out its numbers by step, NaN where one is missing; empty where it is a category. */
  readonly values: readonly Float64Array[];
  /** The same where a missing one is the last that was known. */
  readonly known: readonly Float64Array[];
}

export function readSeries(
  table: Table,
  {
    split,
    inputs,
    outputs,
    series,
  }: Pick<Understanding, 'split' | 'inputs' | 'outputs' | 'series'>,
): SeriesSteps {
  const order = orderOf(table, split);
  const isNumbers = outputs.every(({ type }) => type === 'number');
  const values = isNumbers ? outputs.map((column) => inOrder(numbersOf(table, column), order)) : [];
  return {
    order,
    cells: inputs.map((column) => {
      const texts = textsOf(table, column, order, true);
      return series?.ahead?.includes(column.name) ? texts.slice(series.horizon) : texts;
    }),
    values,
    known: values.map(filled),
  };
}

/** Rows by their dates; those without come last. */
function orderOf(table: Table, { by, finer }: Understanding['split']): Uint32Array {
  const rows = upTo(table.rows);
  if (by === undefined) return rows;
  const dates = datesOf(table, by, finer).map((date) => (Number.isNaN(date) ? Infinity : date));
  return rows.sort((a, b) => dates[a]! - dates[b]! || a - b);
}

function inOrder(values: Float64Array, order: Uint32Array): Float64Array {
  return Float64Array.from(order, (row) => values[row]!);
}

/** Where one is missing, the last that is known: a change has to begin somewhere. */
function filled(values: Float64Array): Float64Array {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => (last = Number.isNaN(value) ? last : value));
}

/** Cells in order; if `carries`, a missing one is the last that was known. */
export function textsOf(
  { columns, rows }: Table,
  { index }: UsedColumn,
  order: Uint32Array,
  carries: boolean,
): string[] {
  const column = columns[index]!;
  if (column.kind !== 'text') return Array<string>(rows).fill('');
  let last = '';
  return Array.from(order, (row) => {
    const cell = column.texts.at(row);
    if (cell !== '') last = cell;
    return carries ? last : cell;
  });
}
