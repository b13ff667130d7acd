import * as path from 'node:path';
import { l10n, Uri, workspace } from 'vscode';
import type { KeptDocument } from './folder';

/**
 * What a run should tell of its text: that it is trained on the text as it was, where the document has changed since
 * or is gone.
 *
 * @param since when the text was kept: when the run began, which goes on now, or when it was put into the queue
 */
export async function textNotes(
  kept: KeptDocument | undefined,
  since: 'begun' | 'queued',
): Promise<string[]> {
  // A text that was no copy the engine reads, and tells itself when it is another.
  if (!kept || 'path' in kept) return [];
  const uri = Uri.parse(kept.uri);
  const now = await textNow(uri);
  if (now === undefined) {
    return [
      since === 'begun'
        ? l10n.t(
            '{0} is no longer there; training continues with the copy that the run has kept.',
            kept.name,
          )
        : l10n.t('{0} is no longer there; this run learns the copy that was queued.', kept.name),
    ];
  }
  const isSelection = kept.name !== path.posix.basename(uri.path);
  if (isSelection ? holds(now, kept.text) : plain(now) === plain(kept.text)) return [];
  return [
    since === 'begun'
      ? l10n.t(
          '{0} has changed since; training continues with the text as it was when the run began. Start a new run to learn the new text.',
          kept.name,
        )
      : l10n.t(
          '{0} has changed since it was queued; this run learns the text as it was then.',
          kept.name,
        ),
  ];
}

/** As the editor has it, else as the file is; undefined: it is gone, or cannot be read. */
async function textNow(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open) return open.getText();
  try {
    return await workspace.decode(await workspace.fs.readFile(uri), { uri });
  } catch {
    return undefined;
  }
}

/** Whether every line of what was selected is still there. */
function holds(text: string, selected: string): boolean {
  const lines = plain(text);
  return plain(selected)
    .split('\n')
    .every((line) => lines.includes(line));
}

/** Line ends and a byte order mark are no changes. */
function plain(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}
