/** Where in a document the panel looks, and where that is once the text has changed. */
import type { TextDocument, TextDocumentContentChangeEvent, TextEditor } from 'vscode';

/** Where the panel looks: at the tokens before `offset`; at those from `from` on, where something is selected. */
export interface Place {
  readonly document: TextDocument;
  /** UTF-16 units. */
  readonly offset: number;
  readonly from?: number;
}

/** The cursor's, or the selection's. */
export function placeOf({
  document,
  selection,
}: Pick<TextEditor, 'document' | 'selection'>): Place {
  if (selection.isEmpty) return { document, offset: document.offsetAt(selection.active) };
  const [from, offset] = [selection.start, selection.end].map((at) => document.offsetAt(at));
  return { document, from: from!, offset: offset! };
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.document === other.document && one.offset === other.offset && one.from === other.from;
}

/** A change of a document, its place being that in the text before all changes of the event. */
export type Change = Pick<TextDocumentContentChangeEvent, 'rangeOffset' | 'rangeLength' | 'text'>;

/**
 * The same place after changes of its document. VS Code tells of a change first and of the cursor after it: with
 * this, a keystroke is looked at once, where the cursor is going to be.
 *
 * @param options.typed whether what is inserted at the very place comes before it, as at a cursor
 */
export function placeAfter(
  { document, offset, from }: Place,
  changes: readonly Change[],
  { typed }: { readonly typed: boolean },
): Place {
  const after = (at: number): number =>
    changes
      .filter(({ rangeOffset }) => rangeOffset < at || (typed && rangeOffset === at))
      .map(({ rangeOffset, rangeLength, text }) => {
        return text.length - Math.min(rangeLength, at - rangeOffset);
      })
      .reduce((at, shift) => at + shift, at);
  const end = after(offset);
  const start = from === undefined ? end : after(from);
  return start < end ? { document, from: start, offset: end } : { document, offset: end };
}

/** The column after the beginning of a line, as VS Code's status bar counts: characters from 1, tabs to the next stop. */
export function columnAfter(text: string, tabSize: number): number {
  let columns = 0;
  for (const character of text) columns += character === '\t' ? tabSize - (columns % tabSize) : 1;
  return columns + 1;
}
