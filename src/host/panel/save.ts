import { homedir } from 'node:os';
import * as path from 'node:path';
import { commands, l10n, Uri, window, workspace, type Memento } from 'vscode';
import { beginning } from '../../core/beginning';
import type { FromPanel, SavedFormat } from '../../protocol/panel';
import { UserError, type Notifier } from '../notify';

/** Where the last picture went is remembered for this workspace. */
const memory = 'pictureFolder';

/** What the panel wants to be saved. */
export type SaveRequest = Omit<Extract<FromPanel, { readonly type: 'save' }>, 'type'>;

/** Saves a picture of the panel, or its data, where the user says; errors are told. */
export async function saveFromPanel(
  request: SaveRequest,
  memento: Memento,
  notifier: Notifier,
): Promise<void> {
  try {
    const file = await askWhere(request, memento);
    if (!file) return;
    await write(file, request.content);
    await memento.update(memory, Uri.joinPath(file, '..').toString());
    notifier.info(l10n.t('Saved {0}.', nameOf(file)), {
      title: l10n.t('Open'),
      run: () => commands.executeCommand('vscode.open', file),
    });
  } catch (error) {
    notifier.error(error);
  }
}

function askWhere({ name, format }: SaveRequest, memento: Memento): Thenable<Uri | undefined> {
  const labels: Record<SavedFormat, string> = {
    png: l10n.t('PNG image'),
    svg: l10n.t('SVG image'),
    csv: l10n.t('CSV table'),
    html: l10n.t('Page to print'),
  };
  const titles: Record<SavedFormat, string> = {
    png: l10n.t('Save image'),
    svg: l10n.t('Save image'),
    csv: l10n.t('Save data'),
    html: l10n.t('Save page'),
  };
  const remembered = memento.get<string>(memory);
  const folder =
    remembered === undefined
      ? (workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir()))
      : Uri.parse(remembered);
  return window.showSaveDialog({
    title: titles[format],
    filters: { [labels[format]]: [format] },
    defaultUri: Uri.joinPath(folder, `${proposed(name)}.${format}`),
  });
}

/** Of a name, in UTF-8. */
const longestName = 200;

/** `hamlet.txt loss`, without what a file's name may not hold somewhere. */
function proposed(name: string): string {
  const clean = beginning(name.replace(/[\p{Cc}"*/:<>?\\|]+/gu, '-').trim(), longestName);
  return clean === '' ? 'rnn-lab' : clean;
}

async function write(file: Uri, content: Uint8Array): Promise<void> {
  try {
    await workspace.fs.writeFile(file, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      l10n.t('{0} cannot be written: {1}', nameOf(file), reason.replace(/\.?$/, '.')),
    );
  }
}

function nameOf(file: Uri): string {
  return path.posix.basename(file.path);
}
