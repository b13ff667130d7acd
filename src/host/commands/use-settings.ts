import { readFileSync } from 'node:fs';
import { ConfigurationTarget, l10n, Uri, workspace } from 'vscode';
import { builtinCells } from '../../core/cells';
import type { SettingValues } from '../../protocol/engine';
import { fileAddress } from '../configuration';
import type { Lab } from '../lab';
import { runFor } from './pick-run';
import { noRuns } from './runs';

/** What decides how well a model learns; not how far it is trained, nor by which chance. */
const groups = ['model', 'training', 'data'];
const left = ['seed', 'threads', 'steps', 'epochs', 'seconds'].map((name) => `training.${name}`);

/** Use these settings: what is trained next has the settings of a run, in this workspace where one is open. */
export async function useSettings(lab: Lab, target: unknown): Promise<void> {
  const folder = await runFor(lab, target, {
    title: l10n.t('Use these settings'),
    placeholder: l10n.t('Which run’s settings should be used?'),
    none: noRuns(),
  });
  if (folder === undefined) return;
  const { facts } = await lab.runs.read(folder);
  const cell = cellSetting(facts.cell);
  const wanted: SettingValues = {
    ...facts.settings,
    ...(cell !== undefined && { 'model.cell': cell }),
  };
  const isShared = workspace.workspaceFolders !== undefined;
  const where = isShared ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  const configuration = () => workspace.getConfiguration('rnnLab');
  const before = new Map<string, unknown>();
  for (const { key, default: usual } of lab.settings) {
    const value = wanted[key];
    const isMeant = groups.includes(key.split('.')[0] ?? '') && !left.includes(key);
    if (!isMeant || value === undefined || (key === 'model.cell' && cell === undefined)) continue;
    const known = configuration().inspect(key);
    if (configuration().get(key) === value) continue;
    before.set(key, isShared ? known?.workspaceValue : known?.globalValue);
    // What is usual need not be said, unless something else is said for all workspaces.
    const isSaid = value !== usual || (isShared && known?.globalValue !== undefined);
    await configuration().update(key, isSaid ? value : undefined, where);
  }
  const missing =
    cell === undefined
      ? ` ${l10n.t('Its equations, {0}, are in no file: copy them into one to train with them.', facts.cell.name)}`
      : '';
  if (before.size === 0) {
    lab.notifier.info(l10n.t('These settings are in use already.') + missing);
    return;
  }
  const said = [...before.keys()].map((key) => `${key} = ${String(wanted[key])}`).join(', ');
  lab.notifier.info(
    l10n.t('RNN Lab trains with these settings from now on: {0}.', said) + missing,
    {
      title: l10n.t('Undo'),
      async run() {
        for (const [key, value] of before) await configuration().update(key, value, where);
      },
    },
  );
}

/** What the setting says of a run's cell; undefined: it is neither built in nor in a file. */
function cellSetting({ name, source }: { readonly name: string; readonly source: string }) {
  if (builtinCells.get(name) === source) return name;
  if (!name.endsWith('.rnn')) return undefined;
  const file = fileAddress(name, Uri.from({ scheme: 'untitled', path: name })).fsPath;
  // A file that was edited since has other equations.
  return readIfThere(file) === source ? name : undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
