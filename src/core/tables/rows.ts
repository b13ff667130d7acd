/** Rows that are added one by one, each with names for its cells. */
import { createRoom } from '../data/scratch';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { Column } from './table';
import { createColumn, createNumbers, type ColumnBuilder } from './texts';

/** What a reader gives: a table but for its name and format. */
export interface Body {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly lines?: Uint32Array | undefined;
}

export type CellText = string | readonly string[];

/** More columns than this are no columns. */
const mostColumns = 10_000;

export interface RowsBuilder {
  readonly rows: number;
  /** Adds a row; a column that it lacks is missing there, one that it alone has is missing before. */
  add(line: number, cells: Iterable<readonly [name: string, cell: CellText]>): void;
  finish(): Body;
}

/** @param name of the file */
export function createRows(name: string, columns: readonly string[] = []): RowsBuilder {
  const builders = new Map<string, ColumnBuilder & { row: number }>();
  const lines = createNumbers();
  const room = createRoom();
  for (const column of columns) add(column);

  function add(column: string): ColumnBuilder & { row: number } {
    if (builders.size === mostColumns) {
      throw new InputError(
        sentence`${name} has more than ${mostColumns} columns.`,
        sentence`Write what varies from row to row as a value, or as a list of values, under one name.`,
      );
    }
    const builder = { ...createColumn(column, room), row: 0 };
    builders.set(column, builder);
    return builder;
  }

  /** Up to a row, the cells that were not given are missing. */
  function fill(builder: ColumnBuilder & { row: number }, row: number): void {
    for (; builder.row < row; builder.row++) builder.push('');
  }

  return {
    get rows() {
      return lines.length;
    },
    add(line, cells) {
      const row = lines.length;
      for (const [column, cell] of cells) {
        const builder = builders.get(column) ?? add(column);
        // Of a name that comes twice in a row the first counts.
        if (builder.row > row) continue;
        fill(builder, row);
        builder.push(cell);
        builder.row++;
      }
      lines.push(line);
    },
    finish() {
      const rows = lines.length;
      for (const builder of builders.values()) fill(builder, rows);
      return {
        rows,
        columns: Array.from(builders.values(), (builder) => builder.finish()),
        lines: lines.finish(),
      };
    },
  };
}
