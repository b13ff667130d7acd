import * as l10n from '@vscode/l10n';
import { readQualified } from '../../../src/protocol/core';
import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { csv } from '../../../src/protocol/csv';
import { element } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { shapeText } from './equations';
import { operandsOf } from './carriers';

/** All learnt parameters with their shapes, what they multiply, and how many values they have. */
export function createParameters(context: ViewContext, facts: PanelFacts): HTMLElement {
  const { format } = context;
  const { parameters } = facts.network;
  const operands = operandsOf(facts.network);
  const total = parameters.reduce((sum, { entries }) => sum + entries, 0);
  const isEmbedding = (name: string) => readQualified(name).place === 'embedding';
  const multiplied = (name: string, symbol: string) =>
    isEmbedding(name) ? [l10n.t('the token')] : [...(operands.get(symbol) ?? [])];
  // A whole model is written as one: no layer is named.
  const isWhole =
    facts.task !== null && parameters.every(({ name }) => readQualified(name).layer === 0);
  const rows = parameters.map(({ name, symbol, shape, entries }) => {
    const share = element('span', { class: 'parameter-share', 'aria-hidden': 'true' });
    share.style.setProperty('--share', String(entries / total));
    const products = multiplied(name, symbol).flatMap((text, i) => [
      ...(i === 0 ? [] : [', ']),
      isEmbedding(name) ? text : element('code', { text }),
    ]);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('code', { text: symbol })),
      element('td', { text: isWhole ? l10n.t('model') : placeText(name) }),
      element('td', { class: 'number', text: shapeText(shape, format) }),
      element('td', { class: 'number', text: format.count(entries) }),
      element('td', { class: 'parameter-bar' }, share),
      element('td', {}, ...products),
    );
  });
  const headings = [
    [l10n.t('Name'), ''],
    [l10n.t('Place'), ''],
    [l10n.t('Shape'), 'number'],
    [l10n.t('Values'), 'number'],
  ] as const;
  const table = element(
    'table',
    { class: 'parameters' },
    element('caption', { class: 'visually-hidden', text: l10n.t('Parameters') }),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...headings.map(([text, kind]) => element('th', { scope: 'col', class: kind, text })),
        element('td', { class: 'parameter-bar' }),
        element('th', { scope: 'col', text: l10n.t('Multiplies') }),
      ),
    ),
    element('tbody', {}, ...rows),
    element('tfoot', {}, totalRow(facts, total, format)),
  );
  const scroller = element('div', {
    class: 'parameters-scroller',
    role: 'region',
    tabindex: '0',
    'aria-label': l10n.t('Parameters'),
  });
  scroller.append(table);
  const figure = createFigure(context, {
    id: 'model-parameters',
    title: l10n.t('Parameters'),
    unit: l10n.t('{0} learnt values', format.count(total)),
    picture: { root: scroller },
    fileName: () => `${facts.name} ${l10n.t('Parameters')}`,
    csv: () =>
      csv(
        ['name', 'shape', 'entries', 'multiplies'],
        parameters.map(({ name, symbol, shape, entries }) => [
          ...[name, shape.join(' × '), entries],
          multiplied(name, symbol).join(', '),
        ]),
      ),
  });
  return figure.root;
}

function totalRow(
  { network: { parameters } }: PanelFacts,
  total: number,
  format: Format,
): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row', text: l10n.t('Total') }),
    element('td'),
    element('td', {
      class: 'number',
      text: l10n.t('{0} tensors', format.count(parameters.length)),
    }),
    element('td', { class: 'number', text: format.count(total) }),
    element('td', { class: 'parameter-bar' }),
    element('td'),
  );
}

/** `layer 1`, `output layer`, `embedding`. */
function placeText(name: string): string {
  const { place, layer } = readQualified(name);
  if (layer > 0) return l10n.t('layer {0}', layer);
  return place === 'embedding' ? l10n.t('embedding') : l10n.t('output layer');
}
