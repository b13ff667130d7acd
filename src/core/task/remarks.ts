/** What there is to tell of how a table was read. */
import type { Sentence } from '../sentence';
import type { Table } from '../tables/table';

/** Something about a row. */
export interface RowRemark {
  /** Of the file, from 1. */
  readonly line: number;
  readonly message: Sentence;
}

export interface Remarks {
  /** Of the whole. */
  readonly notes: Sentence[];
  /** Of single rows; of many only the first. */
  readonly rows: readonly RowRemark[];
  /** Remarks on a row of the table, if rows have lines. */
  onRow(row: number, message: Sentence): void;
}

/** Of so many rows it is told one by one. */
const mostRows = 1000;

export function createRemarks({ lines }: Pick<Table, 'lines'>): Remarks {
  const rows: RowRemark[] = [];
  return {
    ...{ notes: [], rows },
    onRow(row, message) {
      const line = lines?.[row];
      if (line !== undefined && rows.length < mostRows) rows.push({ line, message });
    },
  };
}
