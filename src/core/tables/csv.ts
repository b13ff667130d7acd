/** Values separated by a delimiter (RFC 4180), by Papa Parse. */
import Papa from 'papaparse';
import type { SourceText } from '../data/source';
import { InputError } from '../input-error';
import { sentence, verbatim, type Sentence } from '../sentence';
import { lineTooLong, longestLine, stringsOf } from './lines';
import { createRows, type Body } from './rows';

export interface Dialect {
  readonly delimiter: string;
  /** `"` at a field's beginning quotes it. */
  readonly quotes: boolean;
  /** The first row has the columns' names. */
  readonly header: boolean;
}

/** A row and the line that it begins on. */
interface Row {
  readonly line: number;
  readonly cells: string[];
}

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly row: number; readonly code: string }[];
  readonly meta: { readonly cursor: number };
}

function parser({ delimiter, quotes }: Omit<Dialect, 'header'>): Papa.Parser {
  return new Papa.Parser({ delimiter, newline: '\n', ...(quotes ? {} : { fastMode: true }) });
}

/** The rows of a text's beginning, the last one left out if `isCut`; undefined: its quotation marks are wrong. */
export function firstRows(
  head: string,
  isCut: boolean,
  dialect: Omit<Dialect, 'header'>,
): string[][] | undefined {
  const { data, errors } = parser(dialect).parse(head, 0, isCut) as Parsed;
  if (errors.length > 0) return undefined;
  return data.map((row) => row.map((cell) => cell.trim())).filter((row) => !isBlank(row));
}

function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0] === '';
}

/** All rows but blank ones, cells trimmed. */
async function* rowsOf(text: SourceText, dialect: Dialect): AsyncGenerator<Row> {
  const parse = parser(dialect);
  let rest = '';
  let line = 1;

  function* take(isLast: boolean): Generator<Row> {
    const { data, errors, meta } = parse.parse(rest, 0, !isLast) as Parsed;
    const [error] = errors;
    for (let i = 0; i < data.length; i++) {
      const cells = data[i]!;
      if (error?.row === i) throw quotesError(text.name, line, error.code);
      const from = line;
      line++;
      for (let c = 0; c < cells.length; c++) {
        const cell = cells[c]!;
        for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) line++;
        cells[c] = cell.trim();
      }
      if (!isBlank(cells)) yield { line: from, cells };
    }
    rest = rest.slice(meta.cursor);
    if (rest.length > longestLine) throw lineTooLong(text.name, line);
  }

  for await (const piece of stringsOf(text)) {
    rest += piece;
    yield* take(false);
  }
  if (rest !== '') yield* take(true);
}

/**
 * @throws InputError for a row with fewer or more cells than there are columns, and for a quotation mark that is
 * not closed
 */
export async function readCsv(text: SourceText, dialect: Dialect): Promise<Body> {
  let names: readonly string[] | undefined;
  let rows = createRows(text.name);
  for await (const { line, cells } of rowsOf(text, dialect)) {
    if (names === undefined) {
      names = dialect.header ? columnNames(cells) : cells.map((_, index) => unnamed(index));
      rows = createRows(text.name, names);
      if (dialect.header) continue;
    }
    while (cells.length > names.length && cells.at(-1) === '') cells.pop();
    if (cells.length !== names.length)
      throw raggedError(text.name, line, cells.length, names.length);
    const columns = names;
    rows.add(
      line,
      cells.map((cell, index) => [columns[index]!, cell] as const),
    );
  }
  return rows.finish();
}

function unnamed(index: number): string {
  return `column ${String(index + 1)}`;
}

/** Names as the header has them; one that is empty or comes again gets its number. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    let name = cell === '' ? unnamed(index) : cell;
    if (taken.has(name)) name = `${name} (${unnamed(index)})`;
    taken.add(name);
    return name;
  });
}

function raggedError(name: string, line: number, cells: number, columns: number): InputError {
  return new InputError(
    sentence`${name}, line ${line}: ${counted(cells)} where the first row has ${columns}.`,
    sentence`Put "…" around a value that has the delimiter in it, or complete the row.`,
    { place: { file: name, line } },
  );
}

function counted(cells: number): Sentence {
  return cells === 1 ? sentence`1 value` : sentence`${cells} values`;
}

function quotesError(name: string, line: number, code: string): InputError {
  const what =
    code === 'MissingQuotes'
      ? sentence`a quotation mark opens a value and nothing closes it`
      : sentence`a quotation mark stands within a quoted value`;
  return new InputError(
    sentence`${name}, line ${line}: ${what}.`,
    sentence`Within a quoted value write ${verbatim('""')} for a quotation mark.`,
    { place: { file: name, line } },
  );
}
