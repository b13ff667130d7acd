/** What an editor asks a model of examples: what is selected, or the row or line of the cursor. */
import type { TextDocument, TextEditor } from 'vscode';
import * as path from 'node:path';
import type { TaskFacts } from '../../protocol/engine';

/** Inputs; `rows` is how many of the last answers were asked for. */
export type Question =
  | {
      readonly kind: 'cells';
      readonly examples: readonly (readonly string[])[];
      readonly rows: number;
    }
  /** Part of a table, as a file of its own. */
  | {
      readonly kind: 'table';
      readonly name: string;
      readonly text: string;
      /** Undefined: all. */
      readonly rows: number | undefined;
    };

/** Tables whose rows are lines, by their extensions: whether the first line names the columns. */
const tables: Readonly<Record<string, boolean>> = {
  csv: true,
  tsv: true,
  jsonl: false,
  ndjson: false,
};

/**
 * @param data the name of the file that was learnt
 * @returns undefined: nothing stands there, or it is not what the model reads
 */
export function questionIn(
  editor: Pick<TextEditor, 'document' | 'selection'>,
  { inputs }: Pick<TaskFacts, 'inputs'>,
  data: string,
): Question | undefined {
  const { document, selection } = editor;
  const name = path.posix.basename(document.uri.path);
  const extension = path.extname(name).slice(1).toLowerCase();
  const hasHeader = tables[extension];
  const isLikeData = path.extname(data).slice(1).toLowerCase() === extension;
  if (hasHeader !== undefined && isLikeData) return rowsIn(document, selection, hasHeader, name);
  if (inputs.length !== 1) return undefined;
  const text = selection.isEmpty
    ? document.lineAt(selection.active.line).text
    : document.getText(selection);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  return { kind: 'cells', examples: lines.map((line) => [line]), rows: lines.length };
}

/** Rows that the selection touches; on the header all of them. */
function rowsIn(
  document: TextDocument,
  { start, end, isEmpty }: TextEditor['selection'],
  hasHeader: boolean,
  name: string,
): Question | undefined {
  const header = hasHeader ? `${document.lineAt(0).text}\n` : '';
  if (hasHeader && isEmpty && start.line === 0) {
    return { kind: 'table', name, text: document.getText(), rows: undefined };
  }
  // A selection that ends where a line begins has nothing of that line.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const first = hasHeader ? Math.max(1, start.line) : start.line;
  const lines = Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => document.lineAt(first + i).text,
  ).filter((line) => line.trim() !== '');
  if (lines.length === 0) return undefined;
  return { kind: 'table', name, text: `${header}${lines.join('\n')}\n`, rows: lines.length };
}
