import { commands, l10n } from 'vscode';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { runName } from '../runs/run';

/** What was asked for while something is trained. */
export interface Second {
  /** Of the button that stops the training under way and does `instead`. */
  readonly title: string;
  readonly instead: () => unknown;
  /** Puts it into the queue; undefined: it is nothing that could wait. */
  readonly enqueue?: () => Promise<void>;
}

/**
 * One training at a time: the engine takes all cores.
 *
 * @throws UserError that says what is trained, where something is
 */
export function refuseSecond(lab: Lab, { title, instead, enqueue }: Second): void {
  const { runs, panel } = lab;
  if (!runs.busy) return;
  const { trained, preparing } = runs;
  const name = trained ? runName(trained) : (preparing ?? '');
  throw new UserError(
    enqueue
      ? l10n.t(
          '{0} is being trained. Add this to the queue, or stop it first; it can be continued later.',
          name,
        )
      : l10n.t('{0} is being trained. Stop it first; it can be continued later.', name),
    [
      ...(enqueue ? [{ title: l10n.t('Add to the queue'), run: () => queued(lab, enqueue) }] : []),
      {
        title,
        run: async () => {
          await runs.stop();
          await instead();
        },
      },
      {
        title: l10n.t('Show'),
        run: async () => {
          if (trained) await runs.open(trained.folder);
          panel.show();
        },
      },
    ],
    'warning',
  );
}

/** Puts something into the queue, and says so; begins it where all has come to its end meanwhile. */
export async function queued(lab: Lab, enqueue: () => Promise<void>): Promise<void> {
  const { runs, notifier } = lab;
  const before = runs.queue.items.length;
  await enqueue();
  const added = runs.queue.items.slice(before);
  if (!runs.busy) await runs.startQueued();
  else if (added.length > 0) {
    notifier.info(
      l10n.t(
        'Queued: {0}. The Runs view shows the queue.',
        added.map(({ name }) => name).join(', '),
      ),
      { title: l10n.t('Show'), run: () => commands.executeCommand('rnnLab.runs.focus') },
    );
  }
}

/** Says what waits, where it does not begin by itself: after a training that was stopped, and when VS Code has started. */
export function tellWaiting({ runs, notifier }: Lab): void {
  const [next] = runs.queue.items;
  if (!next || runs.busy) return;
  notifier.info(
    l10n.t('Waiting in the queue: {0}. Next is {1}.', runs.queue.items.length, next.name),
    { title: l10n.t('Train it'), run: () => runs.startQueued() },
    { title: l10n.t('Show'), run: () => commands.executeCommand('rnnLab.runs.focus') },
  );
}
