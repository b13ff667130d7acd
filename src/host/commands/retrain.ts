import { l10n } from 'vscode';
import type { RetrainSettings } from '../../protocol/panel';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { refuseSecond } from './under-way';

/**
 * Trains a new run on the text of the run on show, with its equations and its settings but for some, and draws the
 * losses of both.
 *
 * @throws UserError where something is trained, or the run's text was not kept
 */
export async function retrain(
  lab: Lab,
  changes: RetrainSettings,
  before = lab.runs.current,
): Promise<void> {
  if (!before) return;
  refuseSecond(lab, l10n.t('Stop it and train'), () => retrain(lab, changes, before));
  if (await lab.runs.retrain(before, changes)) return;
  throw new UserError(
    l10n.t(
      'The text of this run, {0}, was not kept with it. Open it, and choose “Train RNN on this file”.',
      before.facts.name,
    ),
  );
}
