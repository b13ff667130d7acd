import { l10n } from 'vscode';
import type { samplesStringNames } from '../../../protocol/strings/samples';

/** Texts of the view of samples. */
export function samplesStrings(): Record<(typeof samplesStringNames)[number], string> {
  const { t } = l10n;
  return {
    samplesTab: t('Samples'),
    samplesTitle: t('What it wrote while it learnt'),
    samplesCount: t('{0} texts, newest first', '{0}'),
    samplesStep: t('Step {0}', '{0}'),
    samplesTemperature: t('temperature {0}', '{0}'),
    samplesLoss: t('training loss {0}', '{0}'),
    samplesCopy: t('Copy the text of step {0}', '{0}'),
    samplesMore: t('Show all'),
    samplesLess: t('Show less'),
    samplesSoon: t(
      'The model writes its first text within {0} seconds of training, and more as it learns.',
      '{0}',
    ),
    samplesOff: t(
      'The model writes no texts while it learns, because rnnLab.inspection.sampleEvery is 0. “Sample” lets it write one now.',
    ),
    samplesNone: t(
      'This run kept no texts from its training. “Sample” lets the model write one now.',
    ),
    samplesNews: t('The model has written a text at step {0}.', '{0}'),
  };
}
