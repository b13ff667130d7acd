import {
  Hover,
  l10n,
  MarkdownString,
  window,
  type CancellationToken,
  type TextDocument,
} from 'vscode';
import type { RunChoice } from '../follow/choice';
import type { Reader } from '../follow/reader';
import { tokenTable } from '../token-table';
import { completionOptions } from './configured';

/** How many of the likeliest next tokens a hover shows. */
const shown = 10;

/** What the model expects at the cursor, as a table; nothing where completion is off. */
export async function expectedAt(
  document: TextDocument,
  {
    reader,
    choice,
  }: { readonly reader: Pick<Reader, 'ask'>; readonly choice: Pick<RunChoice, 'runOf'> },
  token: CancellationToken,
): Promise<Hover | undefined> {
  if (completionOptions(document).mode === 'off') return undefined;
  const run = await choice.runOf(document);
  const cursor = window.activeTextEditor?.selection.active;
  if (run === undefined || cursor === undefined) return undefined;
  const asked = { offset: document.offsetAt(cursor), confidence: 1, maxTokens: 1, next: shown };
  const answer = await reader.ask(run, 'complete', document, asked, token);
  if (!answer || answer.next.length === 0) return undefined;
  const table = tokenTable([l10n.t('token'), l10n.t('probability')], answer.next);
  return new Hover(new MarkdownString(`**${l10n.t('The model expects here')}**\n\n${table}`));
}
