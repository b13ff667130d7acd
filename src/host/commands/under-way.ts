import { l10n } from 'vscode';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { runName } from '../runs/run';

/**
 * One training at a time: the engine takes all cores.
 *
 * @param title of the button that stops the training under way and does `instead`, what was asked for
 * @throws UserError that says what is trained, where something is
 */
export function refuseSecond({ runs, panel }: Lab, title: string, instead: () => unknown): void {
  if (!runs.busy) return;
  const { trained, preparing } = runs;
  const name = trained ? runName(trained) : (preparing ?? '');
  throw new UserError(
    l10n.t('{0} is being trained. Stop it first; it can be continued later.', name),
    [
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
  );
}
