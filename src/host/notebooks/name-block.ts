import { l10n, NotebookEdit, window, workspace, WorkspaceEdit, type NotebookCell } from 'vscode';
import { kindOfCell, metadataOf, type CellMetadata } from './cells';

/** Asks for the name of a block, the one in front where none is given. */
export async function nameBlock(target: unknown): Promise<void> {
  const cell = isCell(target) ? target : selectedCell();
  if (cell === undefined) return;
  const taken = new Set(
    cell.notebook
      .getCells()
      .filter((each) => each !== cell && kindOfCell(each) === kindOfCell(cell))
      .map((each) => metadataOf(each).name),
  );
  const name = await window.showInputBox({
    title: l10n.t('Name the block'),
    prompt: l10n.t('Experiments name equations and texts by it, samples experiments.'),
    value: metadataOf(cell).name ?? '',
    validateInput(text) {
      if (/[\s`]/.test(text.trim())) return l10n.t('A name is one word, without a backtick.');
      if (taken.has(text.trim())) return l10n.t('Another block has this name.');
      return undefined;
    },
  });
  // A run may have ended, or the cell been deleted, while the box was open.
  if (name === undefined || cell.index < 0) return;
  const { output, origin } = metadataOf(cell);
  const named: CellMetadata = {
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(output !== undefined && { output }),
    ...(origin !== undefined && { origin }),
  };
  const edit = new WorkspaceEdit();
  edit.set(cell.notebook.uri, [NotebookEdit.updateCellMetadata(cell.index, { ...named })]);
  await workspace.applyEdit(edit);
}

function isCell(target: unknown): target is NotebookCell {
  return typeof target === 'object' && target !== null && 'notebook' in target;
}

function selectedCell(): NotebookCell | undefined {
  const editor = window.activeNotebookEditor;
  return editor?.notebook.cellAt(editor.selection.start);
}
