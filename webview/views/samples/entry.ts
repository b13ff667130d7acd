import type { TrainingSample } from '../../../src/protocol/panel';
import { fill } from '../../../src/protocol/strings';
import { element, setAttribute, setText } from '../../dom';
import { createCopyButton } from '../copy';
import type { ViewContext } from '../view';

/** A sample on the page. */
export interface Entry {
  readonly root: HTMLElement;
  /** Tells the training loss at its step, which is known once a row of the training has come to it. */
  setLoss(loss: number | undefined): void;
}

/** A text of more lines or characters is folded. */
const foldedLines = 8;
const foldedCharacters = 600;

export function createEntry(
  sample: TrainingSample,
  { strings, format }: Pick<ViewContext, 'strings' | 'format'>,
): Entry {
  const { step, seconds, temperature, text } = sample;
  const title = fill(strings.samplesStep, format.count(step));
  const facts = [
    format.duration(seconds),
    fill(strings.samplesTemperature, format.value(temperature)),
  ];
  const told = element('span', { class: 'sample-facts', text: facts.join(' · ') });
  const body = element('pre', { class: 'sample-text' });
  body.textContent = text;
  const root = element(
    'li',
    { class: 'sample-entry' },
    element(
      'div',
      { class: 'sample-head' },
      element('h3', { text: title }),
      told,
      createCopyButton(fill(strings.samplesCopy, format.count(step)), strings.copied, () => text),
    ),
    body,
  );
  if (isLong(text)) root.append(createFold(body, strings.samplesMore, strings.samplesLess));
  return {
    root,
    setLoss(loss) {
      const last = loss === undefined ? [] : [fill(strings.samplesLoss, format.loss(loss))];
      setText(told, [...facts, ...last].join(' · '));
    },
  };
}

function isLong(text: string): boolean {
  return text.length > foldedCharacters || text.split('\n').length > foldedLines;
}

function createFold(body: HTMLElement, more: string, less: string): HTMLElement {
  const button = element('button', { class: 'sample-fold', type: 'button', text: more });
  const fold = (folded: boolean) => {
    body.classList.toggle('folded', folded);
    setAttribute(button, 'aria-expanded', String(!folded));
    setText(button, folded ? more : less);
  };
  button.addEventListener('click', () => fold(!body.classList.contains('folded')));
  fold(true);
  return button;
}
