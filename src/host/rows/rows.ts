/** Rows of files of examples as they stand in editors. */
import * as path from 'node:path';
import { isImageList } from '../../core/tables/image-list';
import type { TaskFacts } from '../../protocol/engine';
import { catalogue } from './catalogue';
import { delimited } from './delimited';
import { object } from './object';
import { isLabelled, labelled } from './labelled';
import type { Lines, RowReader, Task, TypedRow } from './reader';
import { tagged } from './tagged';

/** A reader for each format whose rows are lines, by the file's extension. */
const readers: Readonly<Record<string, RowReader>> = {
  csv: delimited,
  tsv: delimited,
  jsonl: object,
  ndjson: object,
  conll: tagged,
  conllu: tagged,
  po: catalogue,
};

function readerOf(document: Lines, line: number): RowReader | undefined {
  const own = readers[path.extname(document.uri.path).slice(1).toLowerCase()];
  return own ?? (isLabelled(document, line) ? labelled : undefined);
}

/**
 * What stands at a line of a document, as a model of examples reads it; of files of other formats a line is an input.
 *
 * @returns undefined where the columns that go in are not there, or are all empty
 */
export function inputsAt(
  document: Lines,
  line: number,
  { inputs }: Pick<TaskFacts, 'inputs'>,
): string[] | undefined {
  const reader = readerOf(document, line);
  const text = () => (inputs.length === 1 ? [document.lineAt(line).text] : undefined);
  // What is read as an image is named in a list of images.
  const columns = isImageList(path.basename(document.uri.path))
    ? inputs.map((name) => (name === 'image' ? 'file_name' : name))
    : inputs;
  const cells = reader ? reader.inputsAt(document, line, columns) : text();
  return cells?.some((cell) => cell.trim() !== '') === true ? cells : undefined;
}

/**
 * What the file itself answers at a line.
 *
 * @returns undefined where it has no columns, or not those, or a cell is empty
 */
export function truthAt(
  document: Lines,
  line: number,
  { outputs }: Pick<TaskFacts, 'outputs'>,
): string[] | undefined {
  const cells = readerOf(document, line)?.inputsAt(document, line, outputs);
  return cells?.every((cell) => cell.trim() !== '') === true ? cells : undefined;
}

/** The number, from 0, of the token at a line of a sentence; undefined: a line is a row. */
export function tokenAt(document: Lines, line: number): number | undefined {
  return readerOf(document, line)?.tokenAt?.(document, line);
}

/** The first line of the row at a line. */
export function firstLineOf(document: Lines, line: number): number {
  return readerOf(document, line)?.firstLine?.(document, line) ?? line;
}

/**
 * What stands before the target of the row that is being typed.
 *
 * @returns undefined where no target is typed whose inputs are there
 */
export function typedRow(
  document: Lines,
  { line, character }: { readonly line: number; readonly character: number },
  task: Task,
): TypedRow | undefined {
  const { text } = document.lineAt(line);
  const place = {
    ...{ document, line },
    ...{ before: text.slice(0, character), after: text.slice(character) },
  };
  const row = readerOf(document, line)?.typedAt(place, task);
  return row?.inputs.some((cell) => cell !== '') === true ? row : undefined;
}
