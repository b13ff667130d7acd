import type { Format } from '../../../src/protocol/format';
import type { PanelFacts } from '../../../src/protocol/panel';
import { fill, type PanelStrings } from '../../../src/protocol/strings';
import { csv } from '../../csv';
import { element } from '../../dom';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { shapeText } from './equations';
import { operandsOf } from './operands';

/** All learnt parameters with their shapes, what they multiply, and how many values they have. */
export function createParameters(context: ViewContext, facts: PanelFacts): HTMLElement {
  const { strings, format } = context;
  const { parameters } = facts.network;
  const operands = operandsOf(facts.network);
  const total = parameters.reduce((sum, { entries }) => sum + entries, 0);
  const isEmbedding = (name: string) => name.startsWith('embedding.');
  const multiplied = (name: string, symbol: string) =>
    isEmbedding(name) ? [strings.modelToken] : (operands.get(symbol) ?? []);
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
      element('td', { text: placeText(name, strings) }),
      element('td', { class: 'number', text: shapeText(shape, format) }),
      element('td', { class: 'number', text: format.count(entries) }),
      element('td', { class: 'parameter-bar' }, share),
      element('td', {}, ...products),
    );
  });
  const headings = [
    [strings.modelParameter, ''],
    [strings.modelPlace, ''],
    [strings.modelShape, 'number'],
    [strings.modelValues, 'number'],
  ] as const;
  const table = element(
    'table',
    { class: 'parameters' },
    element('caption', { class: 'visually-hidden', text: strings.parameters }),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...headings.map(([text, kind]) => element('th', { scope: 'col', class: kind, text })),
        element('td', { class: 'parameter-bar' }),
        element('th', { scope: 'col', text: strings.modelMultiplies }),
      ),
    ),
    element('tbody', {}, ...rows),
    element('tfoot', {}, totalRow(facts, total, strings, format)),
  );
  const scroller = element('div', {
    class: 'parameters-scroller',
    role: 'region',
    tabindex: '0',
    'aria-label': strings.parameters,
  });
  scroller.append(table);
  const figure = createFigure(context, {
    id: 'model-parameters',
    title: strings.parameters,
    unit: fill(strings.modelValuesCount, format.count(total)),
    picture: { root: scroller },
    fileName: () => `${facts.name} ${strings.parameters}`,
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
  strings: PanelStrings,
  format: Format,
): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row', text: strings.modelTotal }),
    element('td'),
    element('td', {
      class: 'number',
      text: fill(strings.modelTensors, format.count(parameters.length)),
    }),
    element('td', { class: 'number', text: format.count(total) }),
    element('td', { class: 'parameter-bar' }),
    element('td'),
  );
}

/** `layer 1`, `output layer`, `embedding`. */
function placeText(name: string, strings: PanelStrings): string {
  const [place = ''] = name.split('.');
  const layer = /^layer(\d+)$/.exec(place)?.[1];
  if (layer !== undefined) return fill(strings.modelLayer, layer);
  return place === 'embedding' ? strings.modelEmbedding : strings.modelOutputLayer;
}
