/** Rows of CSV and TSV, by the names of the first line. */
import { firstRows } from '../../core/tables/csv';
import { csvCell } from '../../protocol/csv';
import type { Lines, RowReader } from './reader';

interface Dialect {
  readonly delimiter: string;
  /** Places of the columns that are asked for. */
  readonly columns: readonly number[];
  cellsOf(text: string): readonly string[] | undefined;
}

/** With the first delimiter by which the first line names all columns. */
function dialectOf(document: Lines, names: readonly string[]): Dialect | undefined {
  for (const delimiter of [',', ';', '\t', '|']) {
    const cellsOf = (text: string) =>
      firstRows(text, false, { delimiter, quotes: delimiter !== '\t' })?.[0];
    const header = cellsOf(document.lineAt(0).text) ?? [];
    const columns = names.map((name) => header.indexOf(name));
    if (!columns.includes(-1)) return { delimiter, columns, cellsOf };
  }
  return undefined;
}

export const delimited: RowReader = {
  inputsAt(document, line, inputs) {
    if (line === 0) return undefined;
    const dialect = dialectOf(document, inputs);
    const cells = dialect?.cellsOf(document.lineAt(line).text);
    return cells && dialect!.columns.map((column) => cells[column] ?? '');
  },
  typedAt({ document, line, before, after }, { inputs, outputs }) {
    if (line === 0 || outputs.length !== 1) return undefined;
    const dialect = dialectOf(document, [...outputs, ...inputs]);
    if (!dialect) return undefined;
    const { delimiter, cellsOf } = dialect;
    const [target, ...columns] = dialect.columns;
    const cells = cellsOf(before);
    const isAtEnd = after === '' || after.startsWith(delimiter);
    if (cells?.length !== target! + 1 || !isAtEnd) return undefined;
    const whole = cellsOf(before + after) ?? cells;
    return {
      typed: before.slice(before.lastIndexOf(delimiter) + 1).trimStart(),
      step: undefined,
      inputs: columns.map((column) => whole[column] ?? ''),
      write: (text) => (text.includes(delimiter) || /["\n]/.test(text) ? quoted(text) : text),
    };
  },
};

/** In quotation marks, as a value with a comma is. */
function quoted(text: string): string {
  const cell = csvCell(text);
  return cell.startsWith('"') ? cell : `"${cell}"`;
}
