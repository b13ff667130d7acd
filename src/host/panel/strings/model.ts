import { l10n } from 'vscode';
import type { modelStringNames } from '../../../protocol/strings/model';

/** Texts of the view of the model. */
export function modelStrings(): Record<(typeof modelStringNames)[number], string> {
  const { t } = l10n;
  return {
    model: t('Cell'),
    equations: t('Equations of the cell'),
    parameters: t('Parameters'),
    hidden: t('Hidden units'),
    layers: t('Layers'),
    vocabulary: t('Vocabulary'),
    vocabularyChar: t('{0} characters', '{0}'),
    vocabularyByte: t('{0} bytes', '{0}'),
    vocabularyWord: t('{0} words', '{0}'),
    text: t('Training text'),
    textTokens: t('{0} tokens', '{0}'),
    heldOut: t('Held out'),
    optimizer: t('Optimiser'),
    batches: t('Batches'),
    batchesValue: t('{0} streams × {1} steps', '{0}', '{1}'),
    engine: t('Engine'),
    engineRelaxed: t('relaxed SIMD, {0} threads', '{0}'),
    engineStrict: t('strict SIMD, {0} threads', '{0}'),
    engineReference: t('float64, {0} threads', '{0}'),
    seed: t('Seed'),
    modelTab: t('Model'),
  };
}
