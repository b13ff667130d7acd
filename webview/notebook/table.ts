import * as l10n from '@vscode/l10n';
import { csv } from '../../src/protocol/csv';
import type { ExperimentFigure, FigureRow } from '../../src/protocol/notebook';
import { element } from '../dom';
import type { Picture } from '../views/figure';
import { createButton } from './controls';
import { sortedRows, usualOrder } from './content';

export interface ResultsTable extends Picture {
  update(figure: ExperimentFigure): void;
  toCsv(): string;
}

/** Rows that are made at once; a button shows the others. */
const shownAtFirst = 50;

/** Every configuration with its metrics, sorted by any of them; the best is marked, and a row opens its run. */
export function createResultsTable(openRun: (run: string) => void): ResultsTable {
  const scroller = element('div', {
    class: 'table-scroller results',
    tabindex: '0',
    role: 'group',
    'aria-label': l10n.t('Results'),
  });
  let shown: ExperimentFigure | undefined;
  let order: { readonly column: number; readonly isReversed: boolean } | undefined;
  let isWhole = false;

  function show() {
    if (shown === undefined) return;
    const figure = shown;
    const { column, isReversed } = order ?? usualOrder(figure);
    const names = [...figure.settings, ...figure.metrics];
    const focused = document.activeElement?.getAttribute('data-key');
    const heads = names.map((name, i) => {
      const sort = i === column ? (isReversed ? 'descending' : 'ascending') : 'none';
      const button = createButton({
        text: `${name}${sort === 'none' ? '' : sort === 'ascending' ? ' ↑' : ' ↓'}`,
        onClick: () => {
          order = { column: i, isReversed: i === column && !isReversed };
          show();
        },
      });
      button.classList.add('sort');
      button.dataset['key'] = `column ${String(i)}`;
      return element('th', { scope: 'col', 'aria-sort': sort }, button);
    });
    const rows = sortedRows(figure, column, isReversed);
    const some = isWhole ? rows : rows.slice(0, shownAtFirst);
    const table = element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...heads, element('td'))),
      element('tbody', {}, ...some.map((row) => rowElement(figure, figure.rows[row]!))),
    );
    const more = createButton({
      text: l10n.t('Show all {0} rows', rows.length),
      onClick: () => {
        isWhole = true;
        show();
      },
    });
    more.dataset['key'] = 'more';
    scroller.replaceChildren(table, ...(some.length < rows.length ? [more] : []));
    // Each redrawing makes the buttons anew, and there are two a second while it trains.
    const buttons = Array.from(scroller.querySelectorAll<HTMLElement>('[data-key]'));
    if (focused != null) buttons.find(({ dataset }) => dataset['key'] === focused)?.focus();
  }

  function rowElement({ settings }: ExperimentFigure, row: FigureRow): HTMLElement {
    const values = row.values.map((value, i) =>
      i === 0
        ? element('th', { scope: 'row', text: String(value) })
        : element('td', { text: String(value) }),
    );
    const cells = row.cells.map(({ text, deviation, mean }) => {
      const spread = deviation === null || deviation === 0 || mean === null;
      return element(
        'td',
        { class: 'number' },
        text,
        ...(spread
          ? []
          : [element('span', { class: 'quiet', text: ` ± ${deviation.toPrecision(2)}` })]),
      );
    });
    const last = element('td', { class: 'note' }, element('span', { text: noteOf(row) }));
    const { run } = row;
    if (run !== null) {
      const button = createButton({ text: l10n.t('Open run'), onClick: () => openRun(run) });
      button.dataset['key'] = `run ${run}`;
      last.append(button);
    }
    const lead = settings.length === 0 ? [] : values;
    return element('tr', { class: row.mark === 'best' ? 'best' : '' }, ...lead, ...cells, last);
  }

  return {
    root: scroller,
    update(figure) {
      shown = figure;
      show();
    },
    toCsv() {
      if (shown === undefined) return '';
      const { settings, metrics, rows } = shown;
      const head = metrics.flatMap((name) => [name, `${name} deviation`, `${name} seeds`]);
      return csv(
        [...settings, ...head, 'mark'],
        rows.map(({ values, cells, mark }) => [
          ...values,
          ...cells.flatMap(({ mean, deviation, n }) => [mean, deviation, n]),
          mark,
        ]),
      );
    },
  };
}

function noteOf({ mark, stopped, failed, failure }: FigureRow): string {
  const marks = { best: l10n.t('best'), level: l10n.t('≈ best'), behind: '', none: '' };
  return [
    marks[mark],
    ...(stopped === null ? [] : [l10n.t('stopped after {0} steps', stopped)]),
    ...(failed === 0 ? [] : [l10n.t('{0} failed: {1}', failed, failure ?? '')]),
  ]
    .filter((text) => text !== '')
    .join('; ');
}
