import * as path from 'node:path';
import { commands, l10n, Uri, window, workspace, type TextDocument } from 'vscode';
import type { KeptDocument } from '../runs/folder';
import { UserError, type Notifier } from '../notify';

/** Documents of these schemes are no texts of the user's: the Output view's, a debugger's. */
const notTexts = new Set(['output', 'debug', 'vscode-scm', 'comment']);

/**
 * The document a command is about: the one it was called on, else that of the active editor, else
 * that of an editor on show (the panel may have the focus).
 *
 * @throws UserError where there is none, or it cannot be opened as text
 */
export async function documentFor(target: unknown): Promise<TextDocument> {
  if (target instanceof Uri) return openAsText(target);
  const active = window.activeTextEditor?.document;
  if (active && isText(active)) return active;
  const tab = window.tabGroups.activeTabGroup.activeTab?.input;
  if (hasUri(tab)) return openAsText(tab.uri);
  const visible = window.visibleTextEditors.map(({ document }) => document).find(isText);
  if (visible) return visible;
  throw new UserError(l10n.t('There is no text to train on. Open a text file, then try again.'), [
    {
      title: l10n.t('Open file…'),
      run: () => commands.executeCommand('workbench.action.files.openFile'),
    },
  ]);
}

function isText({ uri }: TextDocument): boolean {
  return !notTexts.has(uri.scheme);
}

function hasUri(input: unknown): input is { readonly uri: Uri } {
  return typeof input === 'object' && input !== null && 'uri' in input && input.uri instanceof Uri;
}

async function openAsText(uri: Uri): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(uri);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      l10n.t(
        '{0} cannot be opened as text: {1} Save its text as a UTF-8 text file, and train on that.',
        path.posix.basename(uri.path),
        reason.replace(/\.?$/, '.'),
      ),
    );
  }
}

/**
 * The text of a document as it is in the editor, fit to train on.
 *
 * @throws UserError for a document that is empty or binary
 */
export function readText(document: TextDocument, notifier: Notifier): KeptDocument {
  const text = document.getText();
  const name = path.posix.basename(document.uri.path);
  if (text.trim() === '') {
    throw new UserError(l10n.t('{0} is empty. Write or paste a text into it, then train.', name));
  }
  if (text.includes('\0')) {
    throw new UserError(
      l10n.t('{0} is not text: it holds zero bytes. Train on a text file, saved as UTF-8.', name),
    );
  }
  if (text.includes('\uFFFD')) {
    notifier.warn(
      l10n.t(
        '{0} holds characters that could not be decoded; they are learnt as “�”. If the file has another encoding, reopen it with that, and train again.',
        name,
      ),
      {
        title: l10n.t('Reopen with encoding'),
        run: async () => {
          await window.showTextDocument(document);
          await commands.executeCommand('workbench.action.editor.changeEncoding');
        },
      },
    );
  }
  return { uri: document.uri.toString(), name, text };
}
