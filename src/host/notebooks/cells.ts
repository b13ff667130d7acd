/** Cells of lab notebooks as VS Code has them, and as the core reads and writes them. */
import {
  NotebookCellData,
  NotebookCellKind,
  NotebookData,
  type NotebookCell as EditorCell,
  type NotebookDocument,
} from 'vscode';
import {
  writeCells,
  type CellKind,
  type CellOrigin,
  type NotebookCell,
  type NotebookCells,
  type NotebookText,
} from '../../core/notebooks/cells';
import { cellLanguage } from '../language/language';
import { outputsOf } from './outputs';

/** The languages of cells that can be run, or that experiments name. */
export const languages = {
  rnn: cellLanguage,
  experiment: 'rnn-experiment',
  text: 'plaintext',
  sample: 'rnn-sample',
} as const satisfies Record<Exclude<CellKind, 'prose'>, string>;

/** What a cell's metadata keep beside what VS Code shows of it. */
export interface CellMetadata {
  readonly name?: string;
  /** As the file keeps it. */
  readonly output?: string;
  readonly origin?: CellOrigin;
}

/** What a notebook's metadata keep. */
type DocumentMetadata = Partial<Pick<NotebookCells, 'head' | 'end'>>;

export function toEditor({ cells, head, end }: NotebookCells): NotebookData {
  const data = new NotebookData(
    cells.map(({ kind, name, value, output, origin }) => {
      const cell =
        kind === 'prose'
          ? new NotebookCellData(NotebookCellKind.Markup, value, 'markdown')
          : new NotebookCellData(NotebookCellKind.Code, value, languages[kind]);
      const metadata: CellMetadata = {
        ...(name !== '' && { name }),
        ...(output !== undefined && { output }),
        ...(origin !== undefined && { origin }),
      };
      cell.metadata = metadata;
      if (output !== undefined) cell.outputs = outputsOf({ text: output });
      return cell;
    }),
  );
  data.metadata = { head, end } satisfies DocumentMetadata;
  return data;
}

/** A cell's kind by its language: whatever is no language of ours is a text. */
export function kindOf(language: string, isMarkup: boolean): CellKind {
  if (isMarkup) return 'prose';
  const kinds = Object.keys(languages) as (keyof typeof languages)[];
  return kinds.find((kind) => languages[kind] === language) ?? 'text';
}

function cellOf(metadata: CellMetadata | undefined, kind: CellKind, value: string): NotebookCell {
  const { name = '', output, origin } = metadata ?? {};
  return { kind, name, value, output, origin };
}

export function fromEditor({ cells, metadata }: NotebookData): NotebookCells {
  const { head = '', end = '\n' } = (metadata ?? {}) as DocumentMetadata;
  return {
    cells: cells.map(({ metadata: own, kind, languageId, value }) =>
      cellOf(own, kindOf(languageId, kind === NotebookCellKind.Markup), value),
    ),
    head,
    end,
  };
}

export function kindOfCell({ document, kind }: EditorCell): CellKind {
  return kindOf(document.languageId, kind === NotebookCellKind.Markup);
}

export function metadataOf({ metadata }: EditorCell): CellMetadata {
  return metadata;
}

/** An open notebook's text, as it would be saved now. */
export function textOfNotebook(notebook: NotebookDocument): NotebookText {
  const { head = '', end = '\n' } = notebook.metadata as DocumentMetadata;
  const cells = notebook
    .getCells()
    .map((cell) => cellOf(metadataOf(cell), kindOfCell(cell), cell.document.getText()));
  return writeCells({ cells, head, end });
}
