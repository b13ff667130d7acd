import * as fs from 'node:fs';
import { commands, l10n, Range, Uri, window, workspace } from 'vscode';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import type { DocumentPlace } from '../panel/projector';
import { readDocument, type KeptDocument } from '../runs/folder';
import { targetRuns } from '../runs/target';
import { lineIn } from './selection';

/**
 * Opens the text that a run has learnt: the document itself, or what the run has kept of it.
 *
 * @param line from 1, which is selected
 */
export async function openText(
  { runs, panel }: Lab,
  target: unknown,
  line?: number,
): Promise<void> {
  const folder = targetRuns(target)[0] ?? runs.current?.folder;
  if (folder === undefined) return;
  const kept = await readDocument(folder);
  if (!kept) {
    throw new UserError(
      l10n.t('This run does not say where its text is: it was trained outside VS Code.'),
    );
  }
  const { ranges } = kept;
  const shown = line !== undefined && ranges ? lineIn(ranges, line - 1) + 1 : line;
  await show(panel, kept, shown === undefined ? undefined : wholeLine(shown));
}

/** Opens a part of what a run has learnt, and selects it. */
export async function openPlace(
  { panel }: Lab,
  { document, start, end }: DocumentPlace,
): Promise<void> {
  const range = new Range(start.line, start.character, end.line, end.character);
  await show(panel, document, range);
}

async function show(
  panel: Lab['panel'],
  kept: KeptDocument,
  selection: Range | undefined,
): Promise<void> {
  const options = { ...panel.otherColumn(), ...(selection && { selection }) };
  if ('path' in kept) {
    if (!fs.existsSync(kept.path)) {
      throw new UserError(
        l10n.t('The text {0} is no longer where it was, and is too large to be kept.', kept.name),
      );
    }
    if (fs.statSync(kept.path).isDirectory()) {
      await commands.executeCommand('revealInExplorer', Uri.parse(kept.uri));
      return;
    }
    // VS Code shows files that are larger than it lets extensions open.
    await commands.executeCommand('vscode.open', Uri.parse(kept.uri), options);
    return;
  }
  try {
    const document = await workspace.openTextDocument(Uri.parse(kept.uri));
    await window.showTextDocument(document, options);
  } catch {
    // It was untitled, or is gone.
    const document = await workspace.openTextDocument({ content: kept.text });
    await window.showTextDocument(document, options);
  }
}

function wholeLine(line: number): Range {
  return new Range(line - 1, 0, line, 0);
}
