import { l10n } from 'vscode';
import type { hiddenStringNames } from '../../../protocol/strings/hidden';

/** Texts of the view of hidden states. */
export function hiddenStrings(): Record<(typeof hiddenStringNames)[number], string> {
  const { t } = l10n;
  return {
    hiddenTab: t('Hidden states'),
    hiddenSize: t('{0} units × {1} tokens', '{0}', '{1}'),
    hiddenSizeGrouped: t(
      '{0} units × {1} tokens; a row is the mean of {2} units',
      '{0}',
      '{1}',
      '{2}',
    ),
    hiddenChartHelp: t(
      'Left and right arrow keys move through the tokens, up and down arrow keys through the units, Page Up and Page Down through more units at once, Home and End go to the first and the last token, U colours the text by the unit, Escape leaves. The tokens are also in the table below.',
    ),
    hiddenHelp: t(
      'A column is a token of the text, a row one hidden unit: its colour is the unit’s value after the model has read the token. Bars above show how surprised the model was by the token (its loss), and the share of units where hardly any gradient passes. Rows of one colour are units that hold something in memory; sorted by similarity, units that do the same stand together. A double click on a cell, or U, colours the text by its unit: the neuron lens.',
    ),
    hiddenVariable: t('Variable'),
    hiddenVariableOfLayer: t('{0}, layer {1}', '{0}', '{1}'),
    hiddenVariableOutput: t('{0} (output of the cell)', '{0}'),
    hiddenQuantity: t('Show'),
    hiddenValues: t('Values'),
    hiddenSlope: t('Derivative: {0}', '{0}'),
    hiddenSort: t('Sort by'),
    hiddenSortIndex: t('Number'),
    hiddenSortActivity: t('Activity'),
    hiddenSortSimilarity: t('Similarity'),
    hiddenSortAgain: t('Sort again by what the units do now'),
    hiddenSorting: t('sorting…'),
    hiddenRows: t('Rows'),
    hiddenRowsFit: t('All at once'),
    hiddenRowsLarge: t('Large'),
    hiddenUnit: t('{0}, unit {1}', '{0}', '{1}'),
    hiddenUnits: t('{0}, mean of units {1}', '{0}', '{1}'),
    hiddenMean: t('mean'),
    hiddenLoss: t('Loss'),
    hiddenLossHead: t('loss'),
    hiddenLossValue: t('{0} nats (p = {1})', '{0}', '{1}'),
    hiddenSaturated: t('Saturated units'),
    hiddenSaturatedHead: t('saturated'),
    hiddenNext: t('Next, says the model'),
    hiddenIsNext: t('comes next in the text'),
    hiddenHint: t(
      'Point at a token, or move with the arrow keys, to see what the model expects after it.',
    ),
    hiddenTokenPlace: t('token {0} of {1}', '{0}', '{1}'),
    hiddenSpokenToken: t('{0}, token {1} of {2}', '{0}', '{1}', '{2}'),
    hiddenSummary: t('Mean loss here {0} nats/token.', '{0}'),
    hiddenSummarySaturated: t('{0} of the values are saturated: {1}.', '{0}', '{1}'),
    hiddenRuleTanh: t('tanh′ < 0.05'),
    hiddenRuleSigmoid: t('below 0.1 or above 0.9'),
    hiddenPrevious: t('Back in the text'),
    hiddenNextWindow: t('On in the text'),
    hiddenPosition: t('Place in the text'),
    hiddenPlaceCharacters: t('Characters {0}–{1} of {2} · {3}', '{0}', '{1}', '{2}', '{3}'),
    hiddenPlaceBytes: t('Bytes {0}–{1} of {2} · {3}', '{0}', '{1}', '{2}', '{3}'),
    hiddenIsHeldOut: t('held out'),
    hiddenIsTrained: t('trained on'),
    hiddenTableToken: t('Token'),
    hiddenTableNext: t('Likeliest next'),
    hiddenWaiting: t('Waiting for the model to read the text.'),
  };
}
