/** What is selected in an editor, to train on: of a data file its rows. */
import * as path from 'node:path';
import type { TextDocument, TextEditor } from 'vscode';

/** Formats of files whose rows are lines, by their extensions, and whether the first line names the columns. */
const formats: Readonly<Record<string, { readonly format: string; readonly header: boolean }>> = {
  csv: { format: 'csv', header: true },
  tsv: { format: 'tsv', header: true },
  jsonl: { format: 'jsonl', header: false },
  ndjson: { format: 'jsonl', header: false },
  conll: { format: 'conll', header: false },
  conllu: { format: 'conllu', header: false },
  po: { format: 'po', header: false },
};

export interface SelectedText {
  readonly text: string;
  /** Of a data file: how it is read. */
  readonly format: string | undefined;
  /** The lines of the document, from 0, that the lines of the text are: `[first, last]`, one range after the other. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

type Selected = TextEditor['selection'];

/** @param selections none of them empty, in the order of the text */
export function selectedText(
  document: TextDocument,
  selections: readonly Selected[],
): SelectedText {
  const extension = path.posix.extname(document.uri.path).slice(1).toLowerCase();
  const rows = formats[extension];
  if (!rows) {
    return {
      text: selections.map((selection) => document.getText(selection)).join('\n'),
      format: undefined,
      ranges: selections.map(({ start, end }) => [start.line, end.line]),
    };
  }
  // Whole lines, each once; the header is there in any case.
  const ranges: [number, number][] = rows.header ? [[0, 0]] : [];
  for (const { start, end } of selections) {
    const before = ranges.at(-1)?.[1] ?? -1;
    const first = Math.max(start.line, before + 1);
    // A selection that ends where a line begins has nothing of that line.
    const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    if (last >= first) ranges.push([first, last]);
  }
  const lines = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => document.lineAt(first + i).text),
  );
  return { text: `${lines.join('\n')}\n`, format: rows.format, ranges };
}

/** The line of the document, from 0, that a line of the text is; the last where there is none. */
export function lineIn(ranges: SelectedText['ranges'], line: number): number {
  let left = line;
  for (const [first, last] of ranges) {
    if (left <= last - first) return first + left;
    left -= last - first + 1;
  }
  return ranges.at(-1)?.[1] ?? line;
}
