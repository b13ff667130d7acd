/** Reading rows of a file of examples out of an editor: what the formats have in common. */
import type { TextDocument } from 'vscode';
import type { TaskFacts } from '../../protocol/engine';

export type Lines = Pick<TextDocument, 'lineCount' | 'lineAt' | 'uri'>;
export type Task = Pick<TaskFacts, 'inputs' | 'outputs'>;

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

/** Where a target may be typed. */
export interface Place {
  readonly document: Lines;
  readonly line: number;
  /** What stands on the line before the cursor, and after it. */
  readonly before: string;
  readonly after: string;
}

/** How rows of a format are found in a document. */
export interface RowReader {
  /** Cells of the columns that go in, of the row at a line; undefined where they are not there. */
  inputsAt(document: Lines, line: number, inputs: readonly string[]): string[] | undefined;
  /** The number, from 0, of the token at a line, where each has a line of its own. */
  tokenAt?(document: Lines, line: number): number;
  /** The first line of the row at a line, where a row takes several. */
  firstLine?(document: Lines, line: number): number;
  /** The row whose target is typed at a place; undefined where none is. */
  typedAt(place: Place, task: Task): TypedRow | undefined;
}

/** Lines `[first, end)` around a line, as far as none is empty. */
export function paragraphAround(
  document: Lines,
  line: number,
): { readonly first: number; readonly end: number } {
  const isEmpty = (at: number) => document.lineAt(at).text.trim() === '';
  let first = line;
  while (first > 0 && !isEmpty(first - 1)) first--;
  let end = line + 1;
  while (end < document.lineCount && !isEmpty(end)) end++;
  return { first, end };
}
