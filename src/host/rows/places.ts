/** Where in a document what a model reads of a row stands. */
import * as path from 'node:path';
import type { TextDocument } from 'vscode';
import { firstRows } from '../../core/tables/csv';

type Lines = Pick<TextDocument, 'lineCount' | 'lineAt' | 'uri' | 'offsetAt'>;

/** `[start, end)` in UTF-16 units of the document. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * @param cell what is read at the line, one column of it
 * @param spans of its steps within the cell, `[start, end)` one after the other
 * @returns of each step; none where the document does not have the cell as it is read
 */
export function placesOf(
  document: Lines,
  line: number,
  cell: string,
  spans: ArrayLike<number>,
): DocumentSpan[] {
  const extension = path.extname(document.uri.path).slice(1).toLowerCase();
  const count = spans.length / 2;
  if (extension === 'conll' || extension === 'conllu') return wordsAround(document, line, count);
  const { text } = document.lineAt(line);
  const start =
    extension === 'csv' || extension === 'tsv' ? cellStart(text, cell) : text.indexOf(cell);
  if (start < 0) return [];
  const offset = document.offsetAt(document.lineAt(line).range.start) + start;
  return Array.from({ length: count }, (_, i) => ({
    start: offset + spans[2 * i]!,
    end: offset + spans[2 * i + 1]!,
  }));
}

/** The first column that is the cell, not another one that has it within. */
function cellStart(text: string, cell: string): number {
  for (const delimiter of [',', ';', '\t', '|']) {
    const cells = firstRows(text, false, { delimiter, quotes: delimiter !== '\t' })?.[0] ?? [];
    const place = cells.indexOf(cell);
    if (place < 0) continue;
    let from = 0;
    for (const before of cells.slice(0, place)) {
      const found = text.indexOf(before, from);
      // A cell with quotes in it stands otherwise in the text than it reads.
      if (found < 0) return -1;
      from = text.indexOf(delimiter, found + before.length) + 1;
    }
    return text.indexOf(cell, from);
  }
  return -1;
}

/** The first word of each line of the sentence around a line. */
function wordsAround(document: Lines, line: number, count: number): DocumentSpan[] {
  const textAt = (at: number) => document.lineAt(at).text;
  let first = line;
  while (first > 0 && textAt(first - 1).trim() !== '') first--;
  const spans: DocumentSpan[] = [];
  for (let at = first; at < document.lineCount && spans.length < count; at++) {
    const text = textAt(at);
    if (text.trim() === '') break;
    if (text.startsWith('#')) continue;
    const start = document.offsetAt(document.lineAt(at).range.start);
    spans.push({ start, end: start + text.trimEnd().length });
  }
  return spans;
}
