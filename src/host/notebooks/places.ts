/** Which cell of an open notebook is which part of its text. */
import type { NotebookCell, NotebookDocument } from 'vscode';
import type { Part } from '../../core/notebooks/markdown';
import { textOfNotebook } from './cells';

/** A place in a cell; lines and columns from 0. */
export interface CellPlace {
  readonly cell: NotebookCell;
  readonly line: number;
  readonly column: number;
  /** It is the block's fence, which the cell does not show. */
  readonly isFence: boolean;
}

export interface Places {
  readonly text: string;
  /** Which of a notebook's parts a cell is; undefined: none of those that are read. */
  partOf(parts: readonly Part[], cell: NotebookCell): number | undefined;
  cellOf(parts: readonly Part[], part: number): NotebookCell | undefined;
  /** Where a place of the text is in its cell; that of a fence is the cell's first. */
  placeOf(line: number, column: number): CellPlace | undefined;
}

export function placesIn(notebook: NotebookDocument): Places {
  const cells = notebook.getCells();
  const { text, lines } = textOfNotebook(notebook);
  return {
    text,
    partOf(parts, cell) {
      const line = lines[cells.indexOf(cell)];
      const part = parts.findIndex((each) => each.kind !== 'prose' && each.line === line);
      return part < 0 ? undefined : part;
    },
    cellOf: (parts, part) => cells[lines.indexOf(parts[part]?.line ?? -1)],
    placeOf(line, column) {
      const at = lines.findLastIndex((first) => first <= line);
      const cell = cells[at];
      if (cell === undefined) return undefined;
      const own = line - lines[at]! - 1;
      const isFence = own < 0;
      return { cell, line: Math.max(0, own), column: isFence ? 0 : column - 1, isFence };
    },
  };
}
