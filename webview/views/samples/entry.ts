import * as l10n from '@vscode/l10n';
import type { TrainingSample } from '../../../src/protocol/panel';
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
  { format }: Pick<ViewContext, 'format'>,
): Entry {
  const { step, seconds, temperature, text } = sample;
  const title = l10n.t('Step {0}', format.count(step));
  const facts = [format.duration(seconds), l10n.t('temperature {0}', format.value(temperature))];
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
      createCopyButton(
        l10n.t('Copy the text of step {0}', format.count(step)),
        l10n.t('Copied'),
        () => text,
      ),
    ),
    body,
  );
  if (isLong(text)) root.append(createFold(body, l10n.t('Show all'), l10n.t('Show less')));
  return {
    root,
    setLoss(loss) {
      const last = loss === undefined ? [] : [l10n.t('training loss {0}', format.loss(loss))];
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
