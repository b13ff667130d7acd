import * as l10n from '@vscode/l10n';
import { csv } from '../../src/protocol/csv';
import type { ExperimentFigure, FigureRow } from '../../src/protocol/notebook';
import { element, setText } from '../dom';
import type { Picture } from '../views/figure';
import { columnNames, markdownOf, meantRows } from './columns';
import { createButton } from './controls';
import { sortedRows, usualOrder } from './content';

/** What is done with a row's run, or with the table. */
export interface TableActions {
  openRun(run: string): void;
  useSettings(run: string): void;
  copy(text: string): void;
  /** Other rows or columns are shown. */
  changed(): void;
}

export interface ResultsTable extends Picture {
  /** For the head of the figure: which rows, which columns, and the table as Markdown. */
  readonly controls: readonly HTMLElement[];
  /** Rows that are shown, in their order, and columns. */
  readonly shown: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  update(figure: ExperimentFigure): void;
  toCsv(): string;
}

/** Rows that are made at once; a button shows the others. */
const shownAtFirst = 50;

/** Every configuration with its metrics, sorted by any of them; the best is marked, and a row opens its run. */
export function createResultsTable(actions: TableActions): ResultsTable {
  const scroller = element('div', {
    class: 'table-scroller results',
    tabindex: '0',
    role: 'group',
    'aria-label': l10n.t('Results'),
  });
  const count = element('p', { class: 'quiet', role: 'status' });
  const body = element('tbody');
  const head = element('tr');
  const table = element('table', {}, element('thead', {}, head), body);
  const more = createButton({
    text: '',
    onClick: () => {
      isWhole = true;
      show();
    },
  });
  scroller.append(table, more);
  let shown: ExperimentFigure | undefined;
  let order: { readonly column: number; readonly isReversed: boolean } | undefined;
  let isWhole = false;
  let filter = '';
  /** By their names, which stay while columns come as runs end. */
  const hidden = new Set<string>();
  let rows: readonly number[] = [];
  /** Rows as they were made, so that only those are made again that have changed. */
  let made = new Map<number, { readonly of: string; readonly line: HTMLElement }>();

  const search = element('input', {
    type: 'search',
    placeholder: l10n.t('Filter: gru hidden=64 loss<1.6'),
    'aria-label': l10n.t('Filter rows'),
  });
  search.addEventListener('input', () => {
    filter = search.value;
    show();
    actions.changed();
  });
  const boxes = element('div', { class: 'boxes' });
  const chooser = element(
    'details',
    { class: 'columns' },
    element('summary', { text: l10n.t('Columns') }),
    boxes,
  );
  chooser.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !chooser.open) return;
    event.stopPropagation();
    chooser.open = false;
    chooser.querySelector('summary')?.focus();
  });
  const copying = createButton({
    text: l10n.t('Copy as Markdown'),
    icon: 'copy',
    onClick: () => {
      if (shown) actions.copy(markdownOf(shown, rows, columns(), noteOf));
    },
  });

  function columns(): number[] {
    const names = shown === undefined ? [] : columnNames(shown);
    return names.flatMap((name, column) => (hidden.has(name) ? [] : [column]));
  }

  function offerColumns(figure: ExperimentFigure) {
    const names = columnNames(figure);
    if (boxes.dataset['names'] === names.join(' ')) return;
    boxes.dataset['names'] = names.join(' ');
    const labels = names.map((name) => {
      const box = element('input', { type: 'checkbox' });
      box.checked = !hidden.has(name);
      box.addEventListener('change', () => {
        if (!hidden.delete(name)) hidden.add(name);
        show();
        actions.changed();
      });
      return element('label', {}, box, ` ${name}`);
    });
    boxes.replaceChildren(...labels);
  }

  function show() {
    if (shown === undefined) return;
    const figure = shown;
    const { column, isReversed } = order ?? usualOrder(figure);
    const focused = document.activeElement?.getAttribute('data-key');
    const visible = columns();
    const names = columnNames(figure);
    head.replaceChildren(
      ...visible.map((i) => headCell(names[i]!, i, i === column ? isReversed : undefined)),
      element('td'),
    );
    const meant = new Set(meantRows(figure, filter, noteOf));
    rows = sortedRows(figure, column, isReversed).filter((row) => meant.has(row));
    const some = isWhole ? rows : rows.slice(0, shownAtFirst);
    const next: typeof made = new Map();
    for (const row of some) {
      const of = JSON.stringify([figure.rows[row], visible]);
      const known = made.get(row);
      const line = known?.of === of ? known.line : rowElement(figure, figure.rows[row]!, visible);
      next.set(row, { of, line });
    }
    made = next;
    const lines = some.map((row) => next.get(row)!.line);
    const isSame =
      body.children.length === lines.length && lines.every((line, i) => body.children[i] === line);
    if (!isSame) body.replaceChildren(...lines);
    more.textContent = l10n.t('Show all {0} rows', rows.length);
    more.hidden = some.length === rows.length;
    const all = figure.rows.length;
    setText(count, rows.length === all ? '' : l10n.t('{0} of {1} rows', rows.length, all));
    count.hidden = rows.length === all;
    // The heads are made anew, twice a second while it trains.
    const buttons = Array.from(scroller.querySelectorAll<HTMLElement>('[data-key]'));
    const isLost = document.activeElement?.getAttribute('data-key') !== focused;
    if (focused != null && isLost) {
      buttons.find(({ dataset }) => dataset['key'] === focused)?.focus();
    }
  }

  /** @param isReversed undefined: it is not sorted by this */
  function headCell(name: string, column: number, isReversed: boolean | undefined): HTMLElement {
    const sort = isReversed === undefined ? 'none' : isReversed ? 'descending' : 'ascending';
    const arrows = { none: '', ascending: ' ↑', descending: ' ↓' };
    const button = createButton({
      text: name + arrows[sort],
      onClick: () => {
        order = { column, isReversed: isReversed === false };
        show();
        actions.changed();
      },
    });
    button.classList.add('sort');
    button.dataset['key'] = `column ${String(column)}`;
    return element('th', { scope: 'col', 'aria-sort': sort }, button);
  }

  function rowElement(
    { settings }: ExperimentFigure,
    row: FigureRow,
    visible: readonly number[],
  ): HTMLElement {
    const cells = visible.map((column, i) => {
      if (column < settings.length) {
        const text = String(row.values[column]!);
        return i === 0 ? element('th', { scope: 'row', text }) : element('td', { text });
      }
      const { text, deviation, mean } = row.cells[column - settings.length]!;
      const hasSpread = deviation !== null && deviation !== 0 && mean !== null;
      const spread = hasSpread ? ` ± ${deviation.toPrecision(2)}` : '';
      const quiet = hasSpread ? [element('span', { class: 'quiet', text: spread })] : [];
      return element('td', { class: 'number' }, text, ...quiet);
    });
    const last = element('td', { class: 'note' }, element('span', { text: noteOf(row) }));
    const { run } = row;
    if (run !== null) {
      const open = createButton({ text: l10n.t('Open run'), onClick: () => actions.openRun(run) });
      open.dataset['key'] = `run ${run}`;
      const use = createButton({
        text: l10n.t('Use these settings'),
        onClick: () => actions.useSettings(run),
      });
      use.dataset['key'] = `use ${run}`;
      last.append(open, use);
    }
    return element('tr', { class: row.mark === 'best' ? 'best' : '' }, ...cells, last);
  }

  return {
    root: element('div', {}, count, scroller),
    controls: [search, chooser, copying],
    get shown() {
      return { rows, columns: columns() };
    },
    update(figure) {
      shown = figure;
      offerColumns(figure);
      show();
    },
    toCsv() {
      if (shown === undefined) return '';
      const { settings, metrics } = shown;
      const heads = metrics.flatMap((name) => [name, `${name} deviation`, `${name} seeds`]);
      return csv(
        [...settings, ...heads, 'mark'],
        rows.map((row) => {
          const { values, cells, mark } = shown!.rows[row]!;
          const told = cells.flatMap(({ mean, deviation, n }) => [mean, deviation, n]);
          return [...values, ...told, mark];
        }),
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
