/** Rows of a table whose input is the same. */
import type { Table } from '../tables/table';
import { countsOf, firstRows } from './first-rows';
import { keyOf } from './split-rows';
import { examplesOf, spelt } from './table-cells';
import type { Understanding } from './understanding';

export interface Duplicates {
  /** In the order of the table, two or more. */
  readonly rows: readonly number[];
  /** Whether what should come out differs. */
  readonly differ: boolean;
}

/**
 * Groups of rows with the same input: first those whose targets contradict each other, then the largest. Numbers and
 * categories may well come again, so of inputs that are nothing else there are none.
 *
 * @param rows of the table that are examples
 */
export function duplicatesOf(
  table: Table,
  { inputs, outputs, series }: Pick<Understanding, 'inputs' | 'outputs' | 'series'>,
  rows: Uint32Array,
): Duplicates[] {
  const isCopied = inputs.some(({ type }) => type !== 'number' && type !== 'category');
  if (series !== undefined || !isCopied) return [];
  const keys = new Float64Array(rows.length);
  let i = 0;
  for (const cells of examplesOf(table, inputs, rows)) keys[i++] = keyOf(spelt(cells));
  const first = firstRows(keys);
  const times = countsOf(first);
  /** By their first row: only of what comes again. */
  const groups = new Map<number, number[]>();
  first.forEach((other, at) => {
    if (times[other]! < 2) return;
    const group = groups.get(other);
    if (group === undefined) groups.set(other, [rows[at]!]);
    else group.push(rows[at]!);
  });
  return [...groups.values()]
    .map((group) => {
      const targets = new Set([...examplesOf(table, outputs, group)].map(spelt));
      return { rows: group, differ: targets.size > 1 };
    })
    .sort((a, b) => Number(b.differ) - Number(a.differ) || b.rows.length - a.rows.length);
}
