import { l10n } from 'vscode';
import type { lossStringNames } from '../../../protocol/strings/loss';

/** Texts of the view of the loss. */
export function lossStrings(): Record<(typeof lossStringNames)[number], string> {
  const { t } = l10n;
  return {
    lossTitle: t('Loss'),
    lossUnit: t('nats per token over steps'),
    legendTraining: t('training'),
    legendSpread: t('min–max'),
    legendValidation: t('validation'),
    uniform: t('ln C {0} · every token alike', '{0}'),
    unigram: t('unigram entropy {0}', '{0}'),
    bigram: t('bigram entropy {0}', '{0}'),
    chartLabel: t('Loss over steps'),
    pointTraining: t('Training loss'),
    pointSpread: t('Min–max'),
    pointValidation: t('Validation loss'),
    pointElapsed: t('Time'),
    pointLearningRate: t('Learning rate'),
    pointGradientNorm: t('Gradient norm'),
    noRows: t('Waiting for the first step.'),
    insightUniform: t('Not better yet than guessing any of the {0} tokens alike.', '{0}'),
    insightUnigram: t('Not better yet than knowing only how often each token occurs.'),
    insightBigram: t(
      'Better than knowing how often each token occurs, but not yet than knowing which token follows which.',
    ),
    insightBeyond: t(
      'Better than knowing which token follows which: the hidden state carries more than the last token.',
    ),
    table: t('Loss as a table'),
    tableTraining: t('Training'),
    tableSpread: t('Min–max'),
    tableValidation: t('Validation'),
    lossTab: t('Loss'),
  };
}
