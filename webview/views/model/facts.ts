import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { fill, type PanelStrings } from '../../../src/protocol/strings';
import { element } from '../../dom';

/** The sizes of the model and the text, and how it is trained. */
export function createFacts(facts: PanelFacts, strings: PanelStrings, format: Format): HTMLElement {
  const { count } = format;
  const units = {
    char: strings.vocabularyChar,
    byte: strings.vocabularyByte,
    word: strings.vocabularyWord,
  };
  const engines = {
    relaxed: strings.engineRelaxed,
    strict: strings.engineStrict,
    reference: strings.engineReference,
  };
  const engine =
    facts.backend === null || facts.threads === null
      ? ''
      : fill(engines[facts.backend], count(facts.threads));
  const shown: readonly (readonly [name: string, value: string])[] = [
    [strings.hidden, count(facts.hidden)],
    [strings.layers, count(facts.layers)],
    [strings.vocabulary, fill(units[facts.tokenizer], count(facts.vocabulary))],
    [strings.text, fill(strings.textTokens, count(facts.tokens))],
    [strings.heldOut, fill(strings.textTokens, count(facts.validationTokens))],
    [strings.optimizer, facts.optimizer],
    [strings.batches, fill(strings.batchesValue, count(facts.batch), count(facts.sequence))],
    [strings.engine, engine],
    [strings.seed, String(facts.seed)],
  ];
  const rows = shown
    .filter(([, value]) => value !== '')
    .map(([name, value]) =>
      element('div', {}, element('dt', { text: name }), element('dd', { text: value })),
    );
  return element(
    'section',
    { 'aria-labelledby': 'model-facts' },
    element('h2', { id: 'model-facts', text: strings.modelFacts }),
    element('dl', { class: 'facts' }, ...rows),
  );
}
