import { commands, env, l10n, type LogOutputChannel } from 'vscode';
import { formatFor } from '../protocol/format';
import { tellWaiting } from './commands/under-way';
import type { Lab } from './lab';
import { runsUnderWay, unmarkUnderWay } from './runs/folder';

/** A panel that is restored comes first: it shows the run and offers to go on by itself; milliseconds. */
const patience = 1500;

/**
 * Offers to go on with the training that was under way when VS Code was closed or killed: once, and not
 * where the panel shows it already. Where there is none, tells what waits in the queue. The engine starts only where there is
 * something to look at.
 *
 * @param folder of all runs
 */
export async function offerInterrupted(
  lab: Lab,
  folder: string,
  log: LogOutputChannel,
): Promise<void> {
  try {
    await lab.runs.queue.load();
    const marked = await runsUnderWay(folder);
    if (marked.length === 0) {
      tellWaiting(lab);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, patience));
    const { runs, panel } = lab;
    await runs.list.load();
    let newest: (typeof runs.lines)[number] | undefined;
    for (const line of runs.lines.filter((candidate) => marked.includes(candidate.folder))) {
      // A training under way, here or in another window, keeps its mark.
      if (line.phase !== 'interrupted') continue;
      if (!(await unmarkUnderWay(line.folder)) || !line.canContinue) continue;
      if (!newest || line.summary.changed > newest.summary.changed) newest = line;
    }
    if (!newest || runs.busy) return;
    const { folder: run, name, step } = newest;
    if (panel.isOpen && runs.current?.folder === run) return;
    lab.notifier.info(
      l10n.t(
        'Training of {0} was interrupted at step {1}. It can continue from there.',
        name,
        formatFor(env.language).count(step),
      ),
      {
        title: l10n.t('Continue training'),
        run: () => commands.executeCommand('rnnLab.continue', { run }),
      },
      { title: l10n.t('Show'), run: () => commands.executeCommand('rnnLab.openRun', { run }) },
    );
  } catch (error) {
    // Nothing was asked for, so nothing is told: the Runs view shows the run as interrupted.
    log.warn(l10n.t('Runs of earlier sessions cannot be read.'), error);
  }
}
