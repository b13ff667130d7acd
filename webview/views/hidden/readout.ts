import * as l10n from '@vscode/l10n';
import type { Format } from '../../../src/protocol/format';
import { placeBeside } from '../../charts/readout';
import { element, setText } from '../../dom';

/** A token that may come next. */
export interface Candidate {
  readonly token: string;
  readonly probability: number;
  /** Whether it is the one that does. */
  readonly isNext: boolean;
}

/** All that is known about a cell of the heatmap. */
export interface Reading {
  readonly token: string;
  /** Its place in the window, from 1. */
  readonly place: number;
  readonly tokens: number;
  /** -ln p of the token itself, nats; NaN: nothing came before it. */
  readonly loss: number;
  /** What is named and measured at the cell: `s, unit 3` and its value. */
  readonly lines: readonly { readonly name: string; readonly value: string }[];
  /** The likeliest next tokens, and the one that comes where it is not among them. */
  readonly candidates: readonly Candidate[];
}

/** Shows a cell beside it: its token, its value, and what the model expects next, with bars; for the eye only. */
export interface Readout {
  readonly root: HTMLElement;
  /** @param place the cell's within the picture, whose width is given, CSS pixels */
  show(reading: Reading | undefined, place: DOMRect, width: number): void;
}

export function createReadout(format: Format): Readout {
  const token = element('span', { class: 'hidden-token' });
  const place = element('span', { class: 'hidden-place' });
  const lines = element('dl', { class: 'hidden-lines' });
  const list = element('ol', { class: 'hidden-candidates' });
  const next = element('h3', { text: l10n.t('Predicted next') });
  const root = element(
    'div',
    { class: 'bubble hidden-reading', 'aria-hidden': 'true', hidden: '' },
    element(
      'div',
      { class: 'hidden-cell' },
      element('div', { class: 'hidden-headline' }, token, place),
      lines,
    ),
    element('div', { class: 'hidden-next' }, next, list),
  );
  return {
    root,
    show(shown, cell, width) {
      root.hidden = shown === undefined;
      if (!shown) return;
      setText(token, shown.token);
      setText(
        place,
        l10n.t('token {0} of {1}', format.count(shown.place), format.count(shown.tokens)),
      );
      const loss = Number.isNaN(shown.loss)
        ? []
        : [{ name: l10n.t('Loss'), value: lossText(shown.loss, format) }];
      lines.replaceChildren(
        ...[...shown.lines, ...loss].map(({ name, value }) =>
          element('div', {}, element('dt', { text: name }), element('dd', { text: value })),
        ),
      );
      list.replaceChildren(...shown.candidates.map((candidate) => candidateRow(candidate, format)));
      placeBeside(root, cell, width);
    },
  };
}

/** `2.31 nats, p = 9.9 %` */
function lossText(loss: number, format: Format): string {
  return l10n.t('{0} nats (p = {1})', format.loss(loss), format.percent(Math.exp(-loss)));
}

/** A line of a list of next tokens. */
export function candidateRow(
  { token, probability, isNext }: Candidate,
  format: Format,
): HTMLElement {
  const bar = element('span', { class: 'hidden-bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', String(probability));
  const row = element(
    'li',
    {},
    element('span', { class: 'hidden-name', text: token, title: token }),
    bar,
    element('span', { class: 'hidden-probability', text: format.percent(probability) }),
  );
  if (isNext) {
    row.classList.add('hidden-true');
    row.append(
      element('span', { class: 'visually-hidden', text: l10n.t('the actual next token') }),
    );
    row.title = l10n.t('the actual next token');
  }
  return row;
}

/** A reading as one sentence, for the ear. */
export function readingText(reading: Reading, format: Format): string {
  const { token, place, tokens, loss, lines, candidates } = reading;
  const parts = [
    l10n.t('{0}, token {1} of {2}', token, format.count(place), format.count(tokens)),
    ...lines.map(({ name, value }) => `${name} ${value}`),
    ...(Number.isNaN(loss) ? [] : [`${l10n.t('Loss')} ${lossText(loss, format)}`]),
    `${l10n.t('Predicted next')} ${candidates
      .map(({ token: name, probability, isNext }) => {
        const text = `${name} ${format.percent(probability)}`;
        return isNext ? l10n.t('{0} ({1})', text, l10n.t('the actual next token')) : text;
      })
      .join(l10n.t(', '))}`,
  ];
  return parts.join(l10n.t('; '));
}
