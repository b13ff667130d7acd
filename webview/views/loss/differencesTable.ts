import * as l10n from '@vscode/l10n';
import { csv } from '../../../src/protocol/csv';
import { element } from '../../dom';
import type { Run } from '../../state';
import { lookOf } from '../compared';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { differencesOf, type Column, type Differences, type Row } from './differences';
import './differences.css';

/** The runs of a comparison below each other, with what differs between them; hidden where there is none. */
export interface DifferencesTable {
  readonly root: HTMLElement;
  update(run: Run): void;
}

export function createDifferencesTable(context: ViewContext): DifferencesTable {
  const { format } = context;
  let shown: Differences = { columns: [], rows: [] };
  let drawn = '';
  let name = '';
  const table = element('table', { class: 'differences' });
  const label = l10n.t('What differs between the runs');
  const scroller = element(
    'div',
    { class: 'differences-scroller', tabindex: '0', role: 'region', 'aria-label': label },
    table,
  );
  const figure = createFigure(context, {
    id: 'differences',
    title: l10n.t('What differs'),
    picture: { root: scroller },
    fileName: () => l10n.t('{0} differences', name),
    csv: () =>
      csv(
        ['run', ...shown.columns.map(({ title }) => title)],
        shown.rows.map(({ label: run, cells }) => [run, ...cells]),
      ),
  });
  figure.root.hidden = true;

  return {
    root: figure.root,
    update(run) {
      const { compared } = context;
      figure.root.hidden = compared.length === 0;
      if (compared.length === 0) return;
      shown = differencesOf(run, compared, format);
      name = run.facts.name;
      const now = JSON.stringify(shown);
      if (now === drawn) return;
      drawn = now;
      const headings = shown.columns.map(({ name: text, title, isText }) =>
        element('th', { class: isText ? 'words' : '', scope: 'col', title, text }),
      );
      table.replaceChildren(
        element(
          'thead',
          {},
          element('tr', {}, element('th', { scope: 'col', text: l10n.t('Run') }), ...headings),
        ),
        element('tbody', {}, ...shown.rows.map((row) => rowElement(row, shown.columns))),
      );
    },
  };
}

function rowElement(
  { label, slot, isShown, isBest, cells }: Row,
  columns: readonly Column[],
): HTMLElement {
  const swatch = element('span', { class: 'run-swatch', 'aria-hidden': 'true' });
  swatch.style.setProperty('--run-color', colorOf(slot));
  const name = element('span', { text: label, title: label });
  const heading = isShown
    ? [swatch, name, element('span', { class: 'quiet', text: ` ${l10n.t('(on show)')}` })]
    : [swatch, name];
  return element(
    'tr',
    { ...(isShown && { 'aria-current': 'true' }), ...(isBest && { class: 'best' }) },
    element('th', { scope: 'row' }, ...heading),
    ...cells.map((text, i) => element('td', { class: columns[i]?.isText ? 'words' : '', text })),
  );
}

function colorOf(slot: number): string {
  const { color } = lookOf(slot);
  return color === 'foreground' ? 'var(--vscode-foreground)' : `var(--vscode-charts-${color})`;
}
