import { l10n } from 'vscode';
import type { frameStringNames } from '../../../protocol/strings/frame';

/** Texts of the panel around its views: header, tabs, figures. */
export function frameStrings(): Record<(typeof frameStringNames)[number], string> {
  const { t } = l10n;
  return {
    phasePreparing: t('Preparing'),
    phaseTraining: t('Training'),
    phasePaused: t('Paused'),
    phaseStopping: t('Stopping'),
    phaseFinished: t('Finished'),
    phaseStopped: t('Stopped'),
    phaseInterrupted: t('Interrupted'),
    phaseFailed: t('Failed'),
    phaseElsewhere: t('Training in another window'),
    train: t('Train RNN on this file'),
    stop: t('Stop'),
    pause: t('Pause'),
    resume: t('Resume'),
    continue: t('Continue training'),
    sample: t('Sample'),
    showLog: t('Show log'),
    openText: t('Open the text'),
    controls: t('Training controls'),
    preparing: t('Preparing to train on {0}', '{0}'),
    welcomeTitle: t('No run yet'),
    welcomeText: t(
      'Open a text and train a recurrent network on it: its loss appears here while it learns.',
    ),
    figures: t('Figures'),
    trainingLoss: t('Training loss'),
    bestValidationLoss: t('Best validation loss'),
    speed: t('Speed'),
    step: t('Step'),
    time: t('Time'),
    natsPerToken: t('nats/token'),
    tokensPerSecond: t('tokens/s'),
    perplexity: t('perplexity {0}', '{0}'),
    onAverage: t('mean'),
    atStep: t('at step {0}', '{0}'),
    epoch: t('epoch {0}', '{0}'),
    timeLimit: t('of {0}', '{0}'),
    stepLimit: t('of {0} steps', '{0}'),
    epochLimit: t('of {0} epochs', '{0}'),
    notYet: t('not measured yet'),
    noValidation: t('no text held out'),
    progress: t('Share of the training that is done'),
    announceStep: t('Step {0}: training loss {1} nats per token.', '{0}', '{1}'),
    announceValidation: t(
      'Step {0}: training loss {1}, validation loss {2} nats per token.',
      '{0}',
      '{1}',
      '{2}',
    ),
    announcePhase: t('{0}: {1}.', '{0}', '{1}'),
    views: t('Views'),
  };
}
