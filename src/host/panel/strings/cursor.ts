import { l10n } from 'vscode';
import type { cursorStringNames } from '../../../protocol/strings/cursor';

/** Texts of the view of the text at the cursor. */
export function cursorStrings(): Record<(typeof cursorStringNames)[number], string> {
  const { t } = l10n;
  return {
    cursorTab: t('At the cursor'),
    cursorWaiting: t('Reading the text before the cursor…'),
    cursorNoText: t(
      'Put the cursor into a text: it may be any, not only the one that the model was trained on.',
    ),
    cursorPlace: t('{0}, line {1}, column {2}', '{0}', '{1}', '{2}'),
    cursorPin: t('Stay here'),
    cursorPinHelp: t('Stay at this place of the text while the cursor moves on'),
    cursorMap: t('Before the cursor'),
    cursorMapKeys: t(
      'Left and right arrow keys move through the tokens, up and down arrow keys through the units, Enter selects the token in the editor, U colours the text by the unit, Escape leaves. The tokens are also in the table below.',
    ),
    cursorMapHelp: t(
      'A column is a token before the cursor, the newest at the right; a row is one hidden unit. The bars above are the loss of each token, E, and how strongly the loss of the token at the cursor depends on it: ‖∂E/∂x‖, as shares of the greatest. A click on a column selects its token in the editor; what is selected there is the window. A double click on a cell, or U, colours the text by its unit: the neuron lens.',
    ),
    cursorSaliency: t('∂E/∂x'),
    cursorNext: t('Next, says the model'),
    cursorTarget: t(
      '{0} is what comes: E = {1} nats (p = {2}), the model’s choice number {3}.',
      '{0}',
      '{1}',
      '{2}',
      '{3}',
    ),
    cursorTargetLast: t(
      'The last token is {0}: E = {1} nats (p = {2}), the model’s choice number {3}.',
      '{0}',
      '{1}',
      '{2}',
      '{3}',
    ),
    cursorNoTarget: t('Nothing before the cursor to predict from.'),
    cursorMemory: t(
      'Effective memory: {0} tokens. From farther back comes less than 1% of the largest contribution.',
      '{0}',
    ),
    cursorMemoryOne: t(
      'Effective memory: 1 token. From farther back comes less than 1% of the largest contribution.',
    ),
    cursorMemoryWhole: t('Effective memory: all {0} tokens that were read back.', '{0}'),
    cursorLags: t('Gradient of this loss through time'),
    cursorLagsLabel: t(
      'Norm of the gradient of the loss at the cursor by states and inputs against the lag',
    ),
    cursorLagsHelp: t(
      'How much the loss of the token at the cursor depends on what the network held k tokens before, and on what it read there. The axis is logarithmic: a straight line down is a gradient that vanishes at a constant rate. It is derived through the whole window, whatever the training truncates.',
    ),
    cursorInput: t('input x'),
    cursorOnePercent: t('1% of the greatest'),
    cursorMemoryMark: t('memory'),
    cursorTerms: t('Terms of the gradient by lag'),
    cursorTermsLabel: t('Norm of what each lag adds to the gradient of a recurrent matrix'),
    cursorTermsHelp: t(
      'A recurrent matrix is used at every step, so its gradient is a sum with a term for every lag. The curve is the norm of each term; the dashed line is that of their sum, which is smaller where terms point in different directions.',
    ),
    cursorMatrix: t('Matrix'),
    cursorTerm: t('term at lag k'),
    cursorSum: t('sum of all: {0}', '{0}'),
    cursorShare: t('share of the greatest'),
  };
}
