/** How the Runs view shows runs: in which order, with what beside their names, and which of them. */
import { l10n, window } from 'vscode';
import type { Lab } from '../lab';
import { columns } from '../views/columns';
import { groupNames, type GroupName } from '../views/groups';
import { phaseText } from '../views/looks';
import { columnNames, inOrder, isFound } from '../views/order';
import { saveFromPanel } from '../panel/save';
import { targetRuns } from '../runs/target';
import { runsCsv } from '../views/table';
import { UserError } from '../notify';
import { noRuns } from './runs';

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

/** Group runs by…: what runs have in common, from the outside in; what is not chosen does not group. */
export async function groupRuns({ runsView: { arrangement } }: Lab): Promise<void> {
  const texts: Readonly<Record<GroupName, readonly [label: string, description: string]>> = {
    notebook: [l10n.t('Notebook'), l10n.t('the lab notebook that asked for them')],
    experiment: [l10n.t('Experiment'), l10n.t('the experiment within its notebook')],
    text: [l10n.t('Text'), l10n.t('what they learn from')],
  };
  const picked = await window.showQuickPick(
    groupNames.map((name) => {
      const [label, description] = texts[name];
      return { label, description, name, picked: arrangement.groups.includes(name) };
    }),
    {
      title: l10n.t('Group runs by'),
      placeHolder: l10n.t('Several make groups within groups; none makes a plain list'),
      canPickMany: true,
    },
  );
  if (!picked) return;
  const chosen = picked.map(({ name }) => name);
  arrangement.set({ groups: groupNames.filter((name) => chosen.includes(name)) });
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

/**
 * Save table of runs…: of those that are selected, or else of all that the view shows, in its order.
 *
 * @throws UserError where there is none
 */
export async function saveRuns(lab: Lab, target: unknown, targets: unknown): Promise<void> {
  const { runs, runsView, memento, notifier } = lab;
  await runs.list.load();
  const { filter, order } = runsView.arrangement;
  const selected = targetRuns(target, targets);
  const wanted = runs.lines.filter((line) =>
    selected.length > 0
      ? selected.includes(line.folder)
      : isFound(line, phaseText(line.phase), filter),
  );
  if (wanted.length === 0) throw new UserError(noRuns());
  const content = new TextEncoder().encode(runsCsv(inOrder(wanted, order)));
  await saveFromPanel({ name: 'runs', format: 'csv', content }, memento, notifier);
}
