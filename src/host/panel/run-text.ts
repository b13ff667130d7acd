/** The texts that runs have learnt, to be looked at. */
import * as path from 'node:path';
import { l10n, Uri } from 'vscode';
import { readDocument, type KeptDocument } from '../runs/folder';
import type { Run } from '../runs/run';
import { readableText, type ReadableText } from './text';

export interface RunTexts {
  /**
   * Undefined: it was not kept with the run.
   * @throws Error where its file cannot be read
   */
  of(run: Run): Promise<ReadableText | undefined>;
}

/** The text that was looked at last is read from the disk once. */
export function createRunTexts(): RunTexts {
  let kept:
    | { readonly folder: string; readonly text: Promise<ReadableText | undefined> }
    | undefined;
  return {
    of(run) {
      const { folder } = run;
      if (kept?.folder !== folder) {
        const text = shownDocument(run).then((document) => document && opened(document));
        kept = { folder, text };
        // A file that is away now may be back at the next question.
        text.catch(() => {
          kept = undefined;
        });
      }
      return kept.text;
    },
  };
}

/** Of a folder of texts one document is looked at: the last, which nothing is learnt from if any is held out. */
export async function shownDocument({ folder, facts }: Run): Promise<KeptDocument | undefined> {
  const document = await readDocument(folder);
  const last = facts.documents?.last;
  if (document === undefined || last === undefined || !('path' in document)) return document;
  const file = path.join(document.path, ...last.split('/'));
  return { ...document, path: file, uri: Uri.file(file).toString(), name: last };
}

async function opened(document: KeptDocument): Promise<ReadableText> {
  try {
    return await readableText(document);
  } catch (cause) {
    const message = l10n.t('The file {0} with the text of this run cannot be read.', document.name);
    throw new Error(message, { cause });
  }
}
