/** Rows of a table as examples have them. */
import { listAt } from '../tables/texts';
import type { Table } from '../tables/table';
import { symbolsOf } from './cells';
import { isPixels, type Cell } from './codecs';
import type { UsedColumn } from './understanding';

export function cellAt({ columns }: Table, { index, type }: UsedColumn, row: number): Cell {
  const column = columns[index]!;
  switch (column.kind) {
    case 'text': {
      const text = column.texts.at(row);
      return type === 'sequence' ? symbolsOf(text) : text;
    }
    case 'list': {
      const list = listAt(column, row);
      return type === 'text' ? list.join(' ') : list;
    }
    case 'image': {
      const { width, height, channels, pixels } = column;
      const size = width * height * channels;
      return { width, height, channels, pixels: pixels.subarray(row * size, (row + 1) * size) };
    }
  }
}

/** The cells of some rows. */
export function* examplesOf(
  table: Table,
  columns: readonly UsedColumn[],
  rows: Iterable<number>,
): Generator<readonly Cell[]> {
  for (const row of rows) yield columns.map((column) => cellAt(table, column, row));
}

/** A text that is the same for the same cells. */
export function spelt(cells: readonly Cell[]): string {
  return cells
    .map((cell) => (isPixels(cell) ? latin(cell.pixels) : [cell].flat().join('\u0001')))
    .join('\u0002');
}

function latin(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4096) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 4096)));
  }
  return parts.join('');
}

export function isEmpty(cell: Cell): boolean {
  return !isPixels(cell) && cell.length === 0;
}

/** A column, and what its cells are taken for. */
type ReadAs = Pick<UsedColumn, 'index' | 'type'>;

/** Rows whose input and output have different numbers of symbols: how many, and the first; -1: none. */
export function rowsApart(
  table: Table,
  input: ReadAs,
  output: ReadAs,
): { readonly count: number; readonly first: number } {
  let [count, first] = [0, -1];
  for (let row = 0; row < table.rows; row++) {
    if (lengthAt(table, input, row) === lengthAt(table, output, row)) continue;
    if (count++ === 0) first = row;
  }
  return { count, first };
}

/** Number of symbols, or of rows of a picture. */
export function lengthAt({ columns }: Table, { index, type }: ReadAs, row: number): number {
  const column = columns[index]!;
  if (column.kind === 'image') return column.height;
  if (column.kind === 'list') return listAt(column, row).length;
  const text = column.texts.at(row);
  return type === 'text' ? Array.from(text).length : symbolsOf(text).length;
}
