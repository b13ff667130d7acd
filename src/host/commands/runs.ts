/** What is done to runs as a whole, from the Runs view and from the palette. */
import { commands, env, l10n, Uri, window } from 'vscode';
import type { DeleteResult } from '../../protocol/engine';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { isLive } from '../runs/run';
import { targetRuns } from '../runs/target';
import { translated } from '../translate';
import { runFor, runsFor } from './pick-run';

/** More lines in one plot cannot be told apart. */
const mostCompared = 8;

/** Enough for a line of the view. */
const longestTitle = 200;

export function noRuns(): string {
  return l10n.t('There is no run yet. Train one first: “Train RNN on this file”.');
}

/** Open run…: the panel shows it. */
export async function openRun(lab: Lab, target: unknown): Promise<void> {
  const folder = await runFor(lab, target, {
    title: l10n.t('Open run'),
    placeholder: l10n.t('Which run should the panel show?'),
    none: noRuns(),
  });
  if (folder === undefined) return;
  await lab.runs.open(folder);
  lab.panel.show();
}

/** Show panel: with the run that it is called on, that on show, or the newest. */
export async function showPanel({ runs, panel }: Lab, target: unknown): Promise<void> {
  const [folder] = targetRuns(target);
  if (folder === undefined) await runs.openNewest();
  else if (folder !== runs.current?.folder) await runs.open(folder);
  panel.show();
}

/** Rename run…: gives it a title. */
export async function renameRun(lab: Lab, target: unknown): Promise<void> {
  const { runs } = lab;
  const folder = await runFor(lab, target, {
    title: l10n.t('Rename run'),
    placeholder: l10n.t('Which run should be renamed?'),
    fits: ({ phase }) => phase !== 'elsewhere',
    none: noRuns(),
  });
  if (folder === undefined) return;
  await runs.list.load();
  const line = runs.lines.find((candidate) => candidate.folder === folder);
  const title = await window.showInputBox({
    title: l10n.t('Rename run'),
    prompt: l10n.t('Title; leave it empty to name the run after its text and cell.'),
    value: line?.summary.title ?? '',
    // A panel that opens meanwhile must not take away what is typed; only Esc does.
    ignoreFocusOut: true,
    placeHolder: line?.name ?? '',
    validateInput: (value) =>
      value.length > longestTitle
        ? l10n.t('A title has at most {0} characters.', longestTitle)
        : undefined,
  });
  if (title !== undefined) await runs.annotate(folder, { title });
}

/** Delete run…: at once, and it can be taken back; only of one that is trained it is asked. */
export async function deleteRuns(lab: Lab, target: unknown, targets: unknown): Promise<void> {
  const { runs, notifier } = lab;
  const asked = await runsFor(lab, target, targets, {
    title: l10n.t('Delete runs'),
    placeholder: l10n.t('Which runs should be deleted?'),
    fits: ({ phase }) => phase !== 'elsewhere',
    none: noRuns(),
  });
  // Of those whose folders are gone there is nothing left but their lines.
  const gone = new Set(runs.list.vanished.map(({ run }) => run));
  runs.list.forget(asked);
  const folders = asked.filter((folder) => !gone.has(folder));
  if (folders.length === 0 || !(await stopIfTrained(lab, folders))) return;
  const names = namesOf(lab, folders);
  const shown = runs.current?.folder;
  const result = await runs.delete(folders);
  const { deletion, deleted } = result;
  if (deleted.length > 0) {
    const message =
      deleted.length === 1
        ? l10n.t('Deleted {0}.', names(deleted[0]!))
        : l10n.t('Deleted {0} runs.', deleted.length);
    const undo = () => undoDelete(lab, deletion, shown);
    notifier.info(message, { title: l10n.t('Undo'), run: undo });
  }
  refuse(result, names);
}

/** A run is called as it was before it was deleted. */
function namesOf({ runs }: Lab, folders: readonly string[]): (folder: string) => string {
  const names = new Map(
    runs.lines
      .filter(({ folder }) => folders.includes(folder))
      .map(({ folder, name }) => [folder, name]),
  );
  return (folder) => names.get(folder) ?? folder;
}

/** @returns whether to go on */
async function stopIfTrained({ runs }: Lab, folders: readonly string[]): Promise<boolean> {
  const { trained } = runs;
  if (!trained || !isLive(trained) || !folders.includes(trained.folder)) return true;
  const stop = l10n.t('Stop and delete');
  const answer = await window.showWarningMessage(
    l10n.t('{0} is being trained.', trained.title ?? trained.facts.name),
    { modal: true },
    stop,
  );
  if (answer !== stop) return false;
  if (runs.trained?.folder === trained.folder) await runs.stop();
  return true;
}

/** @throws UserError that says why some are still there */
function refuse({ refused }: DeleteResult, names: (folder: string) => string): void {
  const locked = refused.filter(({ reason }) => reason === 'locked').map(({ run }) => names(run));
  const failed = refused.filter(({ reason }) => reason === 'failed');
  const sentences = [
    ...(locked.length > 0
      ? [
          l10n.t(
            '{0} is being trained in another window. Stop it there, then delete it.',
            locked.join(', '),
          ),
        ]
      : []),
    ...failed.map(({ run, message }) =>
      l10n.t('{0} cannot be deleted. {1}', names(run), translated(message)),
    ),
  ];
  if (sentences.length > 0) throw new UserError(sentences.join(' '));
}

/**
 * Undo delete.
 *
 * @param deletion default: the last one
 * @param shown the run that was on show before, to be shown again
 */
export async function undoDelete(lab: Lab, deletion?: string, shown?: string): Promise<void> {
  const { runs } = lab;
  const back = await runs.undoDelete(deletion);
  if (back.length === 0) throw new UserError(l10n.t('There is no deleted run to restore.'));
  if (shown !== undefined && back.includes(shown)) await runs.open(shown);
}

/** Compare runs…: draws their losses in one plot. */
export async function compareRuns(lab: Lab, target: unknown, targets: unknown): Promise<void> {
  const { runs, panel } = lab;
  const chosen = await runsFor(lab, target, targets, {
    title: l10n.t('Compare runs'),
    placeholder: l10n.t('Which runs should be drawn in one plot?'),
    picked: (folder) => [runs.current, ...runs.compared].some((run) => run?.folder === folder),
    none: noRuns(),
  });
  if (chosen.length === 0) return;
  const { current } = runs;
  // One alone is compared with the one on show.
  const folders = chosen.length === 1 && current ? [current.folder, ...chosen] : chosen;
  const different = [...new Set(folders)];
  if (different.length < 2) {
    throw new UserError(
      l10n.t('A comparison needs at least two runs. Select another one as well.'),
    );
  }
  if (different.length > mostCompared) {
    throw new UserError(l10n.t('At most {0} runs fit into one plot. Select fewer.', mostCompared));
  }
  await runs.compare(different);
  panel.show();
}

/** Shows where the run's files are, in the system's file manager. */
export async function revealRun(lab: Lab, target: unknown): Promise<void> {
  const folder = await folderFor(lab, target, l10n.t('Reveal folder of run'));
  if (folder !== undefined) await commands.executeCommand('revealFileInOS', Uri.file(folder));
}

export async function copyRunPath(lab: Lab, target: unknown, targets: unknown): Promise<void> {
  const folders = await runsFor(lab, target, targets, {
    title: l10n.t('Copy path of run'),
    placeholder: l10n.t('Which run?'),
    none: noRuns(),
  });
  if (folders.length > 0) await env.clipboard.writeText(folders.join('\n'));
}

function folderFor(lab: Lab, target: unknown, title: string): Promise<string | undefined> {
  return runFor(lab, target, { title, placeholder: l10n.t('Which run?'), none: noRuns() });
}
