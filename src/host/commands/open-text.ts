import { l10n, Uri, window, workspace } from 'vscode';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { readDocument, textOf } from '../runs/folder';
import { targetRuns } from '../runs/target';

/** Opens the text that a run has learnt: the document itself, or what the run has kept of it. */
export async function openText({ runs, panel }: Lab, target: unknown): Promise<void> {
  const folder = targetRuns(target)[0] ?? runs.current?.folder;
  if (folder === undefined) return;
  const kept = await readDocument(folder);
  if (!kept) {
    throw new UserError(
      l10n.t('This run does not say where its text is: it was trained outside VS Code.'),
    );
  }
  const options = panel.otherColumn();
  try {
    const document = await workspace.openTextDocument(Uri.parse(kept.uri));
    await window.showTextDocument(document, options);
  } catch {
    // It was untitled, or is gone.
    const text = await textOf(kept);
    if (text === undefined) {
      throw new UserError(
        l10n.t('The text {0} is no longer where it was, and is too large to be kept.', kept.name),
      );
    }
    const document = await workspace.openTextDocument({ content: text });
    await window.showTextDocument(document, options);
  }
}
