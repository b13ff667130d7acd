import { l10n, MarkdownString, ThemeIcon, TreeItem } from 'vscode';
import { spoken } from '../accessible';
import { readDocument } from '../runs/folder';
import type { QueuedTraining } from '../runs/queue';
import type { QueuedTarget } from '../runs/target';
import { textNotes } from '../runs/text-notes';
import { asMarkdown, tableOf } from './markdown';

/** A training that waits for its turn. */
export function queuedItem(element: QueuedTarget, items: readonly QueuedTraining[]): TreeItem {
  const place = items.findIndex(({ folder }) => folder === element.queued);
  const name = items[place]?.name ?? '';
  const item = new TreeItem(name);
  const waits =
    place === 0 ? l10n.t('next in the queue') : l10n.t('no. {0} in the queue', place + 1);
  item.id = `queued ${element.queued}`;
  item.iconPath = new ThemeIcon('clock');
  item.description = waits;
  item.contextValue = 'queued';
  item.accessibilityInformation = spoken([name, waits]);
  return item;
}

/** What is to be trained, with which settings, and whether its text is another one by now. */
export async function queuedTooltip(item: QueuedTraining): Promise<MarkdownString> {
  const { name, folder, continues, settings } = item;
  const does = continues
    ? l10n.t('This run continues when those before it are done.')
    : l10n.t('A new run begins when those before it are done.');
  const notes = await textNotes(await readDocument(folder), continues ? 'begun' : 'queued');
  const text = new MarkdownString('', true);
  text.appendMarkdown(`**${asMarkdown(name)}**\n\n`);
  for (const paragraph of [does, ...notes]) text.appendMarkdown(`${asMarkdown(paragraph)}\n\n`);
  const rows = Object.entries(settings).map(([key, value]) => [key, String(value)] as const);
  if (rows.length > 0) text.appendMarkdown(tableOf(rows));
  return text;
}
