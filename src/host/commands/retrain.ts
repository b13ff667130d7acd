import { l10n } from 'vscode';
import type { RetrainSettings } from '../../protocol/panel';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { readDocument } from '../runs/folder';
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
  const { folder, facts } = before;
  refuseSecond(lab, {
    title: l10n.t('Stop it and train'),
    instead: () => retrain(lab, changes, before),
    async enqueue() {
      const document = await readDocument(folder);
      if (!document) throw withoutText(facts.name);
      const settings = { ...facts.settings, ...changes };
      await lab.runs.enqueue({ document, settings, cell: facts.cell }, before);
    },
  });
  if (!(await lab.runs.retrain(before, changes))) throw withoutText(facts.name);
}

function withoutText(name: string): UserError {
  return new UserError(
    l10n.t(
      'The text of this run, {0}, was not kept with it. Open it, and choose “Train RNN on this file”.',
      name,
    ),
  );
}
