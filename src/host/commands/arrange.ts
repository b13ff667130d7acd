/** How the Runs view shows runs: in which order, with what beside their names, and which of them. */
import { l10n, window } from 'vscode';
import type { Lab } from '../lab';
import { columns } from '../views/columns';
import { columnNames } from '../views/order';

/** Sort runs by…: choosing what they are sorted by already turns the order round. */
export async function sortRuns({ runsView: { arrangement } }: Lab): Promise<void> {
  const { by, isReversed } = arrangement.order;
  const chosen = await window.showQuickPick(
    columnNames.map((name) => ({
      label: columns[name].label(),
      description: name === by ? (isReversed ? '$(arrow-up)' : '$(arrow-down)') : '',
      name,
    })),
    {
      title: l10n.t('Sort runs by'),
      placeHolder: l10n.t('Choose the same again to reverse the order'),
    },
  );
  if (!chosen) return;
  const { name } = chosen;
  arrangement.set({ order: { by: name, isReversed: name === by && !isReversed } });
}

/** Choose columns of runs…: what a line tells beside a run's name. */
export async function chooseColumns({ runsView: { arrangement } }: Lab): Promise<void> {
  const picked = await window.showQuickPick(
    columnNames.map((name) => ({
      label: columns[name].label(),
      name,
      picked: arrangement.columns.includes(name),
    })),
    {
      title: l10n.t('Columns of the Runs view'),
      placeHolder: l10n.t('What should be shown beside the name of a run?'),
      canPickMany: true,
    },
  );
  if (!picked) return;
  const chosen = picked.map(({ name }) => name);
  // Those that stay keep their places.
  const kept = arrangement.columns.filter((name) => chosen.includes(name));
  arrangement.set({ columns: [...new Set([...kept, ...chosen])] });
}

/** Find in runs…: shows only those that have all words that are typed, while they are typed; Esc takes them back. */
export async function filterRuns({ runsView: { arrangement } }: Lab): Promise<void> {
  const before = arrangement.filter;
  const input = window.createInputBox();
  input.title = l10n.t('Find in runs');
  input.prompt = l10n.t(
    'Words of names, texts, cells, settings, tags and notes, such as lstm #good dropout=0.2. Empty shows all.',
  );
  input.value = before;
  try {
    await new Promise<void>((resolve) => {
      let isAccepted = false;
      input.onDidChangeValue((filter) => arrangement.set({ filter }));
      input.onDidAccept(() => {
        isAccepted = true;
        input.hide();
      });
      input.onDidHide(() => {
        if (!isAccepted) arrangement.set({ filter: before });
        resolve();
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}

/** Shows all runs again. */
export function clearFilter({ runsView: { arrangement } }: Lab): void {
  arrangement.set({ filter: '' });
}
