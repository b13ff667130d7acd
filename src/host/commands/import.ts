import * as path from 'node:path';
import { env, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { ImportRequest, ImportResult } from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import type { Lab } from '../lab';
import { UserError } from '../notify';

/** What the open dialog offers. */
const extensions = ['safetensors', 'json'];

/** Import model…: a run of a file, which the panel then shows; the file is asked for, unless a menu says which. */
export async function importModel(lab: Lab, target: unknown): Promise<void> {
  const file = target instanceof Uri ? target : await askWhich();
  if (!file) return;
  const result = await importFile(lab, file);
  await lab.runs.open(result.run);
  lab.panel.show();
  const format = formatFor(env.language);
  lab.notifier.info(
    l10n.t(
      'Imported {0}: {1}, {2} parameters.',
      result.name,
      result.cell,
      format.count(result.parameters),
    ),
    { title: l10n.t('Sample'), run: () => lab.run('sample') },
    { title: l10n.t('Train further'), run: () => lab.run('continue') },
  );
}

async function askWhich(): Promise<Uri | undefined> {
  const files = await window.showOpenDialog({
    title: l10n.t('Import model'),
    openLabel: l10n.t('Import'),
    filters: { [l10n.t('RNN Lab models')]: extensions },
  });
  return files?.[0];
}

/** Makes a run of a file; one that the engine cannot read itself is read by VS Code. */
export async function importFile({ runs }: Lab, file: Uri): Promise<ImportResult> {
  const title = l10n.t('RNN Lab: importing');
  return window.withProgress({ location: ProgressLocation.Window, title }, async () =>
    runs.import(await sourceOf(file)),
  );
}

async function sourceOf(file: Uri): Promise<ImportRequest['source']> {
  if (file.scheme === 'file') return { kind: 'file', path: file.fsPath };
  const name = path.posix.basename(file.path);
  try {
    return { kind: 'contents', name, contents: new Uint8Array(await workspace.fs.readFile(file)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(l10n.t('{0} cannot be read: {1}', name, reason.replace(/\.?$/, '.')));
  }
}
