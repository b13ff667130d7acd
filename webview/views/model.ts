import { fill } from '../../src/protocol/strings';
import { element, setText } from '../dom';
import type { Run } from '../state';
import type { View, ViewContext } from './view';

/** The equations with their comments set apart. */
function highlight(text: string): (Node | string)[] {
  return text
    .split(/(#.*)/)
    .map((part) =>
      part.startsWith('#') ? element('span', { class: 'comment', text: part }) : part,
    );
}

/** What is trained: the cell's equations, and the sizes of the model and the text. */
export function createModel({ strings, format }: ViewContext): View {
  const { count } = format;
  const cell = element('span', { class: 'cell' });
  const equations = element('pre', {
    class: 'equations',
    tabindex: '0',
    role: 'region',
    'aria-label': strings.equations,
  });
  const facts: readonly { readonly name: string; readonly read: (run: Run) => string }[] = [
    { name: strings.parameters, read: ({ facts }) => count(facts.parameters) },
    { name: strings.hidden, read: ({ facts }) => count(facts.hidden) },
    { name: strings.layers, read: ({ facts }) => count(facts.layers) },
    {
      name: strings.vocabulary,
      read({ facts }) {
        const units = {
          char: strings.vocabularyChar,
          byte: strings.vocabularyByte,
          word: strings.vocabularyWord,
        };
        return fill(units[facts.tokenizer], count(facts.vocabulary));
      },
    },
    { name: strings.text, read: ({ facts }) => fill(strings.textTokens, count(facts.tokens)) },
    {
      name: strings.heldOut,
      read: ({ facts }) => fill(strings.textTokens, count(facts.validationTokens)),
    },
    { name: strings.optimizer, read: ({ facts }) => facts.optimizer },
    {
      name: strings.batches,
      read: ({ facts }) => fill(strings.batchesValue, count(facts.batch), count(facts.sequence)),
    },
    {
      name: strings.engine,
      read({ facts }) {
        const engines = {
          relaxed: strings.engineRelaxed,
          strict: strings.engineStrict,
          reference: strings.engineReference,
        };
        if (facts.backend === null || facts.threads === null) return '';
        return fill(engines[facts.backend], count(facts.threads));
      },
    },
    { name: strings.seed, read: ({ facts }) => String(facts.seed) },
  ];
  const list = element('dl', { class: 'facts' });
  const shown = facts.map(({ name, read }) => {
    const value = element('dd');
    const fact = element('div', {}, element('dt', { text: name }), value);
    list.append(fact);
    return { fact, value, read };
  });
  const heading = element('h2', {}, `${strings.model} `, cell);
  return {
    root: element('section', { class: 'model' }, heading, equations, list),
    update(run) {
      setText(cell, run.facts.cell.name);
      const text = run.facts.cell.equations.trim();
      if (equations.textContent !== text) equations.replaceChildren(...highlight(text));
      for (const { fact, value, read } of shown) {
        setText(value, read(run));
        fact.hidden = value.textContent === '';
      }
    },
  };
}
