import { l10n } from 'vscode';
import type { lossStringNames } from '../../../protocol/strings/loss';

/** Texts of the view of the loss. */
export function lossStrings(): Record<(typeof lossStringNames)[number], string> {
  const { t } = l10n;
  return {
    lossTitle: t('Loss'),
    legendTraining: t('training'),
    legendValidation: t('validation'),
    uniform: t('ln C {0} · every token alike', '{0}'),
    unigram: t('unigram entropy {0}', '{0}'),
    bigram: t('bigram entropy {0}', '{0}'),
    chartLabel: t('Loss over steps'),
    noRows: t('Waiting for the first step.'),
    insightUniform: t('Not better yet than guessing any of the {0} tokens alike.', '{0}'),
    insightUnigram: t('Not better yet than knowing only how often each token occurs.'),
    insightBigram: t(
      'Better than knowing how often each token occurs, but not yet than knowing which token follows which.',
    ),
    insightBeyond: t(
      'Better than knowing which token follows which: the hidden state carries more than the last token.',
    ),
    tableTraining: t('Training'),
    tableSpread: t('Min–max'),
    tableValidation: t('Validation'),
    lossTab: t('Loss'),
    bitsPerCharacter: t('bits/character'),
    perplexityUnit: t('perplexity'),
    uniformBits: t('log₂ C {0} · every token alike', '{0}'),
    uniformPerplexity: t('C {0} · every token alike', '{0}'),
    best: t('best {0}', '{0}'),
    axisStep: t('step'),
    axisTime: t('time'),
    legendSmoothed: t('training, smoothed'),
    notSmoothed: t('not smoothed'),
    comparedTraining: t('{0}, training', '{0}'),
    comparedValidation: t('{0}, validation', '{0}'),
    learningRate: t('learning rate'),
    gradientNorm: t('gradient norm'),
    rateLabel: t('Learning rate over steps'),
    lossUnitChoice: t('Unit'),
    lossAxisChoice: t('Over'),
    smoothing: t('Smoothing'),
    smoothingNone: t('no smoothing'),
    smoothingLight: t('light smoothing'),
    smoothingStrong: t('strong smoothing'),
    logLoss: t('Log loss'),
    logAxis: t('Log steps'),
    clearComparison: t('Clear comparison'),
    lossFile: t('{0} loss', '{0}'),
    perCharacterNote: t(
      'Per character: the training loss and the dashed lines are converted with the {0} characters a token has in the held-out text; the validation loss is exact.',
      '{0}',
    ),
    lossHelp: t(
      'The training loss is drawn as the mean over the steps between two rows, with its least and greatest around it; the validation loss is measured on text that the model does not train on. The dashed lines are what one reaches without a memory: guessing every token alike, knowing how often each token occurs, and knowing which token follows which. Smoothing is an exponential moving mean that looks back over 1 % or 5 % of the run.',
    ),
    overSteps: t('over steps'),
    overTime: t('over time'),
  };
}
