/** Marks on lines of a document, as they stay with their lines while the document is edited. */

/** Something about a line, from 0. */
export interface RowMark {
  readonly line: number;
  readonly message: string;
}

/** An edit: these lines, both from 0 and included, are so many others now. */
export interface LineEdit {
  readonly first: number;
  readonly last: number;
  readonly lines: number;
}

/** A line that was touched may be mended: its mark is gone. Those behind it move. */
export function marksAfter<Mark extends RowMark>(
  marks: readonly Mark[],
  { first, last, lines }: LineEdit,
): Mark[] {
  const moved = lines - (last - first + 1);
  return marks
    .filter(({ line }) => line < first || line > last)
    .map((mark) => (mark.line > last ? { ...mark, line: mark.line + moved } : mark));
}
