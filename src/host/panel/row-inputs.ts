/** What stands at a line of a document, as a model of examples reads it. */
import * as path from 'node:path';
import type { TextDocument } from 'vscode';
import { conllCells, conllColumns, separators } from '../../core/tables/conll';
import { firstRows } from '../../core/tables/csv';
import type { TaskFacts } from '../../protocol/engine';

type Lines = Pick<TextDocument, 'lineCount' | 'lineAt' | 'uri'>;

/** By the file's extension; of other files a line is an input. */
const readers: Readonly<
  Record<string, (document: Lines, line: number, inputs: readonly string[]) => string[] | undefined>
> = {
  csv: delimited,
  tsv: delimited,
  jsonl: object,
  ndjson: object,
  conll: tagged,
  conllu: tagged,
};

/** @returns undefined where the columns that go in are not there, or are all empty */
export function inputsAt(
  document: Lines,
  line: number,
  { inputs }: Pick<TaskFacts, 'inputs'>,
): string[] | undefined {
  const extension = path.extname(document.uri.path).slice(1).toLowerCase();
  const read = readers[extension];
  const { text } = document.lineAt(line);
  const cells = read ? read(document, line, inputs) : inputs.length === 1 ? [text] : undefined;
  return cells?.some((cell) => cell.trim() !== '') === true ? cells : undefined;
}

function delimited(document: Lines, line: number, inputs: readonly string[]): string[] | undefined {
  if (line === 0) return undefined;
  for (const delimiter of [',', ';', '\t', '|']) {
    const dialect = { delimiter, quotes: delimiter !== '\t' };
    const header = firstRows(document.lineAt(0).text, false, dialect)?.[0] ?? [];
    const columns = inputs.map((name) => header.indexOf(name));
    if (columns.includes(-1)) continue;
    const cells = firstRows(document.lineAt(line).text, false, dialect)?.[0];
    return cells && columns.map((column) => cells[column] ?? '');
  }
  return undefined;
}

function object(document: Lines, line: number, inputs: readonly string[]): string[] | undefined {
  try {
    const values = JSON.parse(document.lineAt(line).text) as Record<string, unknown>;
    return inputs.map((name) => {
      const value = values[name];
      if (Array.isArray(value)) return value.map(String).join(' ');
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    });
  } catch {
    return undefined;
  }
}

/** The tokens of the sentence around a line. */
function tagged(
  { lineAt, lineCount }: Lines,
  line: number,
  [input = '']: readonly string[],
): string[] | undefined {
  const isToken = (at: number) => lineAt(at).text.trim() !== '';
  if (!isToken(line)) return undefined;
  let first = line;
  while (first > 0 && isToken(first - 1)) first--;
  let end = line + 1;
  while (end < lineCount && isToken(end)) end++;
  const lines = Array.from({ length: end - first }, (_, i) => lineAt(first + i).text).filter(
    (text) => !text.startsWith('#'),
  );
  const separator = lines[0]?.includes('\t') === true ? separators.tab : separators.space;
  const count = lines[0]?.trim().split(separator).length ?? 0;
  const column = conllColumns(count).indexOf(input);
  if (column < 0) return undefined;
  const tokens = lines.flatMap((text) => conllCells(text, separator, count)?.[column] ?? []);
  return [tokens.join(' ')];
}
