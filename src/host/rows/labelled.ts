/** Rows of fastText: a text a line, and its labels in it as `__label__NAME`. */
import { labelMark } from '../../core/tables/fasttext';
import type { Lines, RowReader } from './reader';

/** Whether a line is such a row, whatever the file is called. */
export function isLabelled(document: Lines, line: number): boolean {
  return document.lineAt(line).text.trimStart().startsWith(labelMark);
}

export const labelled: RowReader = {
  inputsAt(document, line, names) {
    const words = document.lineAt(line).text.trim().split(/\s+/);
    const labels = words.filter((word) => word.startsWith(labelMark));
    const cells: Readonly<Record<string, string>> = {
      text: words.filter((word) => !word.startsWith(labelMark)).join(' '),
      label: labels.map((word) => word.slice(labelMark.length)).join('|'),
    };
    return names.every((name) => name in cells) ? names.map((name) => cells[name]!) : undefined;
  },
  // The label stands before the text that it is of.
  typedAt: () => undefined,
};
