import { l10n } from 'vscode';
import type { gradientsStringNames } from '../../../protocol/strings/gradients';

/** Texts of the view of gradients. */
export function gradientsStrings(): Record<(typeof gradientsStringNames)[number], string> {
  const { t } = l10n;
  return {
    gradientsTab: t('Gradients'),
    gradientsWaiting: t(
      'Waiting for the first look at the gradients. It comes within the first seconds of training.',
    ),
    gradientsNone: t(
      'This run has no record of its gradients: it was made before they were kept, or stopped before the first look. Continue it or train again to see them.',
    ),
    diagnosis: t('Diagnosis'),
    severityGood: t('All is well'),
    severityNotice: t('Worth knowing'),
    severityWarning: t('Learning suffers'),
    showPicture: t('Go to the picture that shows it'),
    percent: t('{0} %', '{0}'),
    claimFallsOne: t('Gradients fall under 1 % after a single step.'),
    claimFalls: t('Gradients fall under 1 % after {0} steps.', '{0}'),
    claimLasts: t(
      'Gradients reach through the whole window: after {0} steps {1} of them is left.',
      '{0}',
      '{1}',
    ),
    claimGrows: t('Gradients grow {0}-fold within {1} steps: they explode.', '{0}', '{1}'),
    claimOverflows: t('Gradients grow beyond all numbers within {0} steps: they explode.', '{0}'),
    claimOfState: t('{1}: {0}', '{0}', '{1}'),
    adviceFalls: t(
      'What lies further back hardly changes the weights, though training goes back {0} steps. A gated cell (gru, lstm) remembers longer; a shorter sequence would lose little and train faster.',
      '{0}',
    ),
    adviceFallsGated: t(
      'What lies further back hardly changes the weights, though training goes back {0} steps. Gates may learn to hold on for longer; a forget gate that starts open (init bf = 1) helps.',
      '{0}',
    ),
    adviceLasts: t(
      'A longer sequence (rnnLab.training.sequence) would let it learn longer dependencies.',
    ),
    adviceGrows: t(
      'Lower the learning rate, clip gradients at a smaller norm, or start with smaller recurrent weights.',
    ),
    claimNoneClipped: t('None of the last {0} steps was clipped.', '{0}'),
    claimClipped: t('{0} of the last {1} steps were clipped.', '{0}', '{1}'),
    claimUnclipped: t(
      'Gradients are not clipped; the largest norm of late was {0} times the mean.',
      '{0}',
    ),
    adviceClipped: t(
      'Clipping is meant for rare peaks: a lower learning rate makes fewer of them.',
    ),
    adviceClippedMostly: t(
      'Nearly every step has the same length, however large its gradient was: clip at a larger norm (rnnLab.training.clip), or lower the learning rate.',
    ),
    adviceUnclipped: t(
      'One such step can undo many others: clip at a few times the mean norm (rnnLab.training.clip).',
    ),
    claimSaturated: t('{0} of the values of {1} are saturated.', '{0}', '{1}'),
    adviceSaturated: t(
      'Hardly any gradient passes where tanh is flat. Some units act as switches in every trained network; watch that it does not become the rule.',
    ),
    adviceSaturatedMostly: t(
      'Hardly any gradient passes where tanh is flat, so few units still learn: lower the learning rate, or start with smaller weights.',
    ),
    claimUpdates: t('A step changes {0} by {1}.', '{0}', '{1}'),
    claimSettled: t(
      'A step changes {0} by {1} now that the schedule has lowered the learning rate.',
      '{0}',
      '{1}',
    ),
    adviceUpdatesLarge: t(
      'Far more than the usual {0}: lower the learning rate, or warm it up for longer.',
      '{0}',
    ),
    adviceUpdatesSmall: t(
      'Far less than the usual {0}: raise the learning rate, or look whether any gradient arrives.',
      '{0}',
    ),
    claimDead: t('No gradient reaches {0}.', '{0}'),
    adviceDead: t(
      'It does not learn: look for units that are always 0, or for a parameter that no prediction depends on.',
    ),
    claimNotFinite: t('The gradient of {0} is not a finite number.', '{0}'),
    adviceNotFinite: t('Lower the learning rate, or clip the gradients (rnnLab.training.clip).'),
  };
}
