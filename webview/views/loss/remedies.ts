/** What to try where a training does not go well: each is a button under the diagnosis of the losses. */
import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { PanelFacts, PanelStatus, RetrainSettings } from '../../../src/protocol/panel';
import { isLive } from '../../state';
import type { Course } from './diagnosis';

/** Something that a click does. */
export type Remedy = { readonly label: string } & (
  | { readonly does: 'stop' | 'continue' }
  | { readonly does: 'setLearningRate'; readonly rate: number }
  | { readonly does: 'retrain'; readonly settings: RetrainSettings }
);

export interface Situation {
  readonly facts: Pick<PanelFacts, 'hidden' | 'dropout' | 'learningRate' | 'tokens'>;
  readonly status: Pick<PanelStatus, 'phase' | 'canContinue'>;
  /** The learning rate of the newest step. */
  readonly rate: number;
}

/** What helps against a course, the first choice first. */
export function remediesFor(course: Course, situation: Situation, format: Format): Remedy[] {
  const { facts, status } = situation;
  const live = status.phase === 'training' || status.phase === 'paused';
  const stop: Remedy = { does: 'stop', label: l10n.t('Stop, and use the best checkpoint') };
  const half: Remedy = {
    does: 'setLearningRate',
    rate: situation.rate / 2,
    label: l10n.t('Halve the learning rate'),
  };
  const again = (settings: RetrainSettings, label: string): Remedy[] =>
    // A model that was imported has no text to train on.
    facts.tokens > 0 ? [{ does: 'retrain', settings, label }] : [];
  const slower = again(
    { 'training.learningRate': facts.learningRate / 2 },
    l10n.t('Train again with learning rate {0}', format.rate(facts.learningRate / 2)),
  );
  const dropout = moreDropout(facts.dropout);
  const dropping =
    dropout === undefined
      ? []
      : again(
          { 'model.dropout': dropout },
          l10n.t('Train again with dropout {0}', format.value(dropout)),
        );
  const hidden = Math.min(mostHidden, 2 * facts.hidden);
  const larger =
    hidden === facts.hidden
      ? []
      : again(
          { 'model.hidden': hidden },
          l10n.t('Train again with {0} units', format.count(hidden)),
        );
  switch (course.kind) {
    case 'rate too high':
      // What is no number any more stays so, however small the steps.
      return live && !Number.isNaN(course.now) ? [half] : slower;
    case 'overfitting':
      return live ? [stop, ...dropping] : dropping;
    case 'learnt':
      return [];
    case 'underfitting':
      return larger;
    case 'plateau':
      if (course.learns) return live ? [stop, ...dropping] : dropping;
      return live ? [half] : course.gap !== undefined && course.gap > 0 ? dropping : larger;
    case 'improving':
      return !isLive(status.phase) && status.canContinue
        ? [{ does: 'continue', label: l10n.t('Continue training') }]
        : [];
  }
}

/** The setting's greatest value. */
const mostHidden = 8192;

/** Srivastava et al. 2014 find the best shares between 0.2 and 0.5; undefined: there is no more to gain. */
function moreDropout(now: number): number | undefined {
  if (now >= 0.5) return undefined;
  return now < 0.2 ? 0.2 : Math.min(0.5, Math.round(10 * (now + 0.2)) / 10);
}
