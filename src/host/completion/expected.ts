import {
  env,
  Hover,
  l10n,
  MarkdownString,
  window,
  type CancellationToken,
  type TextDocument,
} from 'vscode';
import type { NextToken } from '../../protocol/engine';
import { formatFor, type Format } from '../../protocol/format';
import type { RunChoice } from '../follow/choice';
import type { Reader } from '../follow/reader';
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
  return new Hover(tableOf(answer.next, formatFor(env.language)));
}

function tableOf(next: readonly NextToken[], format: Format): MarkdownString {
  const text = new MarkdownString();
  text.appendMarkdown(`**${l10n.t('The model expects here')}**\n\n`);
  text.appendMarkdown(`| ${l10n.t('token')} | ${l10n.t('probability')} |\n| :-- | --: |\n`);
  for (const { name, probability } of next) {
    text.appendMarkdown(`| ${cellOf(name)} | ${format.percent(probability)} |\n`);
  }
  return text;
}

/** A name as it is, whatever Markdown would make of it. */
function cellOf(name: string): string {
  return Array.from(name, (character) => `&#${String(character.codePointAt(0))};`).join('');
}
