import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { element } from '../../dom';
import { examplesText } from '../../counts';

type Row = readonly [name: string, value: string];

/** The sizes of the model and the text, and how it is trained. */
export function createFacts(facts: PanelFacts, format: Format): HTMLElement {
  const { count } = format;
  const shown: readonly Row[] = [
    [l10n.t('Hidden units'), count(facts.hidden)],
    [l10n.t('Layers'), count(facts.layers)],
    ...dataRows(facts, format),
    [l10n.t('Optimiser'), facts.optimizer],
    [
      l10n.t('Batches'),
      facts.task === null
        ? l10n.t('{0} streams × {1} steps', count(facts.batch), count(facts.sequence))
        : examplesText(facts.batch, format),
    ],
    [l10n.t('Engine'), engineText(facts, format)],
    [l10n.t('Seed'), String(facts.seed)],
  ];
  const rows = shown
    .filter(([, value]) => value !== '')
    .map(([name, value]) =>
      element('div', {}, element('dt', { text: name }), element('dd', { text: value })),
    );
  return element(
    'section',
    { 'aria-labelledby': 'model-facts' },
    element('h2', { id: 'model-facts', text: l10n.t('Sizes and training') }),
    element('dl', { class: 'facts' }, ...rows),
  );
}

/** Of what is learnt. */
function dataRows(facts: PanelFacts, format: Format): readonly Row[] {
  const { task, tokens, validationTokens } = facts;
  const { count } = format;
  if (task === null) {
    return [
      [l10n.t('Vocabulary'), vocabularyText(facts, format)],
      [l10n.t('Training text'), l10n.t('{0} tokens', count(tokens))],
      [l10n.t('Held out'), l10n.t('{0} tokens', count(validationTokens))],
    ];
  }
  const { train, validation, test } = task.examples;
  return [
    [l10n.t('Data'), task.line],
    [l10n.t('Training part'), examplesText(train, format)],
    [l10n.t('Validation part'), examplesText(validation, format)],
    [l10n.t('Test part'), examplesText(test, format)],
  ];
}

function vocabularyText({ tokenizer, vocabulary }: PanelFacts, { count }: Format): string {
  const texts: Record<PanelFacts['tokenizer'], string> = {
    char: l10n.t('{0} characters', count(vocabulary)),
    byte: l10n.t('{0} bytes', count(vocabulary)),
    word: l10n.t('{0} words', count(vocabulary)),
    bpe: l10n.t('{0} byte pairs', count(vocabulary)),
  };
  return texts[tokenizer];
}

/** Empty where it is not known. */
function engineText({ backend, threads }: PanelFacts, { count }: Format): string {
  if (backend === null || threads === null) return '';
  const number = threads === 1 ? l10n.t('1 thread') : l10n.t('{0} threads', count(threads));
  const texts: Record<typeof backend, string> = {
    relaxed: l10n.t('relaxed SIMD, {0}', number),
    strict: l10n.t('strict SIMD, {0}', number),
    reference: l10n.t('float64, {0}', number),
  };
  return texts[backend];
}
