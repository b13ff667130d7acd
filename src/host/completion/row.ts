/** What stands before the target of the row that is being typed, in a file of examples. */
import * as path from 'node:path';
import type { TextDocument } from 'vscode';
import { conllCells, conllColumns, separators } from '../../core/tables/conll';
import { firstRows } from '../../core/tables/csv';
import { csvCell } from '../../protocol/csv';
import type { TaskFacts } from '../../protocol/engine';

/** A row whose target is being typed. */
export interface TypedRow {
  /** Cells of the columns that go in. */
  readonly inputs: readonly string[];
  /** What of the target is there already. */
  readonly typed: string;
  /** Of tags, one for each token: the token's number, from 0; undefined: the row has one target. */
  readonly step: number | undefined;
  /** A target as the file writes it. */
  write(target: string): string;
}

interface Place {
  readonly document: Pick<TextDocument, 'lineCount' | 'lineAt' | 'uri'>;
  readonly line: number;
  /** What stands on the line before the cursor, and after it. */
  readonly before: string;
  readonly after: string;
}

type Task = Pick<TaskFacts, 'inputs' | 'outputs'>;

/** A reader for each format whose rows are lines, by the file's extension. */
const readers: Readonly<Record<string, (place: Place, task: Task) => TypedRow | undefined>> = {
  csv: delimited,
  tsv: delimited,
  jsonl: object,
  ndjson: object,
  conll: tagged,
  conllu: tagged,
};

/** @returns undefined where no target is typed whose inputs are there */
export function typedRow(
  document: Place['document'],
  { line, character }: { readonly line: number; readonly character: number },
  task: Task,
): TypedRow | undefined {
  const { text } = document.lineAt(line);
  const extension = path.extname(document.uri.path).slice(1).toLowerCase();
  const place = {
    ...{ document, line },
    ...{ before: text.slice(0, character), after: text.slice(character) },
  };
  const row = readers[extension]?.(place, task);
  return row?.inputs.some((cell) => cell !== '') === true ? row : undefined;
}

const delimiters = [',', ';', '\t', '|'];

function delimited({ document, line, before, after }: Place, task: Task): TypedRow | undefined {
  const [output] = task.outputs;
  if (line === 0 || task.outputs.length !== 1) return undefined;
  for (const delimiter of delimiters) {
    const cellsOf = (text: string) =>
      firstRows(text, false, { delimiter, quotes: delimiter !== '\t' })?.[0];
    const header = cellsOf(document.lineAt(0).text) ?? [];
    const [target, ...columns] = [output!, ...task.inputs].map((name) => header.indexOf(name));
    if (target! < 0 || columns.includes(-1)) continue;
    const cells = cellsOf(before);
    const isAtEnd = after === '' || after.startsWith(delimiter);
    if (cells?.length !== target! + 1 || !isAtEnd) return undefined;
    const whole = cellsOf(before + after) ?? cells;
    const typed = before.slice(before.lastIndexOf(delimiter) + 1).trimStart();
    return {
      ...{ typed, step: undefined },
      inputs: columns.map((column) => whole[column] ?? ''),
      write: (text) => (text.includes(delimiter) || /["\n]/.test(text) ? quoted(text) : text),
    };
  }
  return undefined;
}

/** In quotation marks, as a value with a comma is. */
function quoted(text: string): string {
  const cell = csvCell(text);
  return cell.startsWith('"') ? cell : `"${cell}"`;
}

/** A key with the beginning of a text, at the end of an object’s beginning. */
const openText = /^(.*?)[,{]\s*("(?:[^"\\]|\\.)*")\s*:\s*"([^"\\]*)$/su;

function object({ before, after }: Place, { inputs, outputs }: Task): TypedRow | undefined {
  const found = openText.exec(before);
  if (!found || outputs.length !== 1 || !/^(?:"|$)/.test(after)) return undefined;
  const [, head = '', key = '', typed = ''] = found;
  const values = parsed(`${head === '' ? '{' : head}}`);
  if (!values || parsed(key) !== outputs[0]) return undefined;
  const end = after === '' ? '"' : '';
  return {
    ...{ typed, step: undefined },
    inputs: inputs.map((name) => {
      const value = (values as Record<string, unknown>)[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    }),
    write: (text) => JSON.stringify(text).slice(1, -1) + end,
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A tag beside its token; the sentence goes from one empty line to the next. */
function tagged({ document, line, before, after }: Place, task: Task): TypedRow | undefined {
  if (after.trim() !== '' || task.inputs.length !== 1 || task.outputs.length !== 1)
    return undefined;
  const separator = before.includes('\t') ? separators.tab : separators.space;
  const cells = before.trimStart().split(separator);
  const textAt = (at: number) => document.lineAt(at).text;
  const tokensAt = (at: number) => conllCells(textAt(at), separator, columns) ?? [];
  const columns = columnsOf(document, separator);
  const names = conllColumns(columns);
  const [token, target] = [task.inputs[0]!, task.outputs[0]!].map((name) => names.indexOf(name));
  if (token! < 0 || cells.length !== target! + 1) return undefined;
  const isToken = (at: number) => textAt(at).trim() !== '';
  let first = line;
  while (first > 0 && isToken(first - 1)) first--;
  let end = line + 1;
  while (end < document.lineCount && isToken(end)) end++;
  const tokens: string[] = [];
  let step = 0;
  for (let at = first; at < end; at++) {
    const here = at === line ? cells : tokensAt(at);
    if (here.length === 0) continue;
    if (at === line) step = tokens.length;
    tokens.push(here[token!] ?? '');
  }
  return { inputs: [tokens.join(' ')], typed: cells.at(-1)!, step, write: (text) => text };
}

/** As many as the first token has. */
function columnsOf({ lineCount, lineAt }: Place['document'], separator: RegExp): number {
  for (let at = 0; at < lineCount; at++) {
    const { text } = lineAt(at);
    if (text.trim() !== '' && !text.startsWith('#')) return text.trim().split(separator).length;
  }
  return 0;
}
