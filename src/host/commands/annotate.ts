/** What the user says of runs: tags and notes. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { l10n, Uri, window, type QuickPickItem } from 'vscode';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { noteFile } from '../runs/folder';
import type { RunLine } from '../runs/line';
import { messageOf } from '../translate';
import { runFor, runsFor } from './pick-run';
import { noRuns } from './runs';

/** Enough for a word. */
const longestTag = 50;

/** Tags of run…: of all that are selected; a tag that only some of them have stays theirs alone, unless it is chosen. */
export async function tagRuns(lab: Lab, target: unknown, targets: unknown): Promise<void> {
  const { runs } = lab;
  const folders = await runsFor(lab, target, targets, {
    title: l10n.t('Tags of runs'),
    placeholder: l10n.t('Which runs should have tags?'),
    fits: ({ phase }) => phase !== 'elsewhere',
    none: noRuns(),
  });
  if (folders.length === 0) return;
  await runs.list.load();
  const lines = runs.lines.filter(({ folder }) => folders.includes(folder));
  const known = [...new Set(runs.lines.flatMap(({ summary }) => summary.tags))].sort((a, b) =>
    a.localeCompare(b),
  );
  const chosen = await askTags(lines, known);
  if (!chosen) return;
  const common = known.filter((tag) => lines.every(({ summary }) => summary.tags.includes(tag)));
  const removed = common.filter((tag) => !chosen.includes(tag));
  for (const { folder, summary } of lines) {
    const kept = summary.tags.filter((tag) => !removed.includes(tag));
    await runs.annotate(folder, { tags: [...new Set([...kept, ...chosen])] });
  }
}

/** @returns the chosen tags; undefined: the user has cancelled */
async function askTags(
  lines: readonly RunLine[],
  known: readonly string[],
): Promise<readonly string[] | undefined> {
  const pick = window.createQuickPick<QuickPickItem>();
  pick.title =
    lines.length === 1
      ? l10n.t('Tags of {0}', lines[0]!.name)
      : l10n.t('Tags of {0} runs', lines.length);
  pick.placeholder = l10n.t('Choose tags, or type a new one');
  pick.canSelectMany = true;
  const countOf = (tag: string) => lines.filter(({ summary }) => summary.tags.includes(tag)).length;
  const items: readonly QuickPickItem[] = known.map((tag) => {
    const count = countOf(tag);
    const isPartly = count > 0 && count < lines.length;
    const description = isPartly ? l10n.t('on {0} of {1}', count, lines.length) : '';
    return { label: tag, description };
  });
  /** New ones: that which is typed, and before it those that were typed and chosen. */
  let added: readonly QuickPickItem[] = [];
  pick.items = items;
  pick.selectedItems = items.filter(({ label }) => countOf(label) === lines.length);

  const typedTag = () => pick.value.trim().replace(/^#/, '').slice(0, longestTag);

  function offer() {
    const { selectedItems } = pick;
    const typed = typedTag();
    added = added.filter((item) => selectedItems.includes(item));
    if (typed !== '' && ![...added, ...items].some(({ label }) => label === typed)) {
      const description = l10n.t('a new tag');
      added = [{ label: typed, description, alwaysShow: true }, ...added];
    }
    pick.items = [...added, ...items];
    // Other items take the selection away.
    pick.selectedItems = selectedItems;
  }

  try {
    return await new Promise((resolve) => {
      pick.onDidChangeValue(offer);
      pick.onDidAccept(() => {
        const typed = typedTag();
        const chosen = pick.selectedItems.map(({ label }) => label);
        // Enter takes a new one that is typed and not yet chosen, too.
        const isNew = typed !== '' && !known.includes(typed);
        resolve([...new Set([...chosen, ...(isNew ? [typed] : [])])]);
        pick.hide();
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** Note on run…: a Markdown file in the run's folder, which is opened beside the panel. */
export async function editNote(lab: Lab, target: unknown): Promise<void> {
  const folder = await runFor(lab, target, {
    title: l10n.t('Note on run'),
    placeholder: l10n.t('Which run is it about?'),
    none: noRuns(),
  });
  if (folder === undefined) return;
  const file = path.join(folder, noteFile);
  try {
    // It may be there already, with what was written before.
    await (await fs.open(file, 'a')).close();
  } catch (error) {
    throw new UserError(l10n.t('{0} cannot be written: {1}', file, messageOf(error)));
  }
  await window.showTextDocument(Uri.file(file), lab.panel.otherColumn());
}
