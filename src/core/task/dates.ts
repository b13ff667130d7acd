/** Columns of numbers and dates as arrays. */
import type { Table } from '../tables/table';
import { isMissing, parseDate, parseNumber } from './cells';
import type { UsedColumn } from './understanding';

/** NaN where one is missing. */
export function numbersOf(
  { columns, rows }: Table,
  { index, comma }: Pick<UsedColumn, 'index' | 'comma'>,
): Float64Array {
  const column = columns[index]!;
  const values = new Float64Array(rows).fill(NaN);
  if (column.kind !== 'text') return values;
  for (let row = 0; row < rows; row++) {
    const cell = column.texts.at(row);
    if (!isMissing(cell)) values[row] = parseNumber(cell, comma);
  }
  return values;
}

const dateUnits = [/^month$/i, /^(day|date_of_month|day_of_month|mday)$/i, /^hour$/i] as const;

/** The columns of month, day and hour beside one of the year, as far as they go. */
export function finerColumns<Column extends { readonly name: string }>(
  year: Column | undefined,
  all: readonly Column[],
): Column[] {
  if (year === undefined || !/^year$/i.test(year.name)) return [];
  const found = dateUnits.map((unit) => all.find(({ name }) => unit.test(name)));
  const end = found.indexOf(undefined);
  return (end < 0 ? found : found.slice(0, end)) as Column[];
}

/** Milliseconds since 1970, or the numbers themselves where they are years and the like; NaN where one is missing. */
export function datesOf(
  table: Table,
  column: Pick<UsedColumn, 'index' | 'comma' | 'order'>,
  finer: readonly Pick<UsedColumn, 'index' | 'comma'>[] = [],
): Float64Array {
  const values = numbersOf(table, column);
  if (finer.length > 0) {
    const [months, days, hours] = finer.map((part) => numbersOf(table, part));
    return values.map((year, row) =>
      Date.UTC(year, months![row]! - 1, days?.[row] ?? 1, hours?.[row] ?? 0),
    );
  }
  const cells = table.columns[column.index]!;
  if (cells.kind !== 'text') return values;
  return values.map((value, row) =>
    Number.isNaN(value) ? parseDate(cells.texts.at(row), column.order) : value,
  );
}
