import { l10n, type NotebookData, type NotebookSerializer } from 'vscode';
import { readCells, writeCells } from '../../core/notebooks/cells';
import { UserError } from '../notify';
import { fromEditor, toEditor } from './cells';

/** Lab notebooks as VS Code reads and writes them: what was not changed is the same, byte for byte. */
export const serializer: NotebookSerializer = {
  async deserializeNotebook(content): Promise<NotebookData> {
    return toEditor(await readCells(decoded(content)));
  },
  serializeNotebook(data) {
    return new TextEncoder().encode(writeCells(fromEditor(data)).text);
  },
};

/** @throws UserError: what is no UTF-8 would be another file once saved */
function decoded(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new UserError(
      l10n.t('The notebook is not UTF-8. Save it as UTF-8 with the text editor first.'),
    );
  }
}
