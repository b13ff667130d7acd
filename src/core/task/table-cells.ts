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
