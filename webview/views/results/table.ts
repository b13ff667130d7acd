import * as l10n from '@vscode/l10n';
import { element } from '../../dom';
import './results.css';

/** A column of a table that is on show. */
export interface Heading {
  readonly text: string;
  /** Words stand at the left, numbers at the right. */
  readonly isText?: boolean;
}

export type Content = string | readonly (string | Node)[];

/** A table in a frame that scrolls; the first cell of a row is its heading. */
export interface ResultsTable {
  readonly root: HTMLElement;
  show(headings: readonly Heading[], rows: readonly (readonly Content[])[]): void;
}

export function createResultsTable(label: string): ResultsTable {
  const table = element('table', { class: 'results-table' });
  const root = element(
    'div',
    {
      class: 'results-scroller',
      tabindex: '0',
      role: 'region',
      'aria-label': l10n.t('“{0}” as a table', label),
    },
    table,
  );
  return {
    root,
    show(headings, rows) {
      const looks = headings.map(({ isText }) => (isText === true ? 'words' : ''));
      const cell = (content: Content, i: number) => {
        const attributes = { class: looks[i] ?? '' };
        const children = typeof content === 'string' ? [content] : content;
        return i === 0
          ? element('th', { ...attributes, scope: 'row' }, ...children)
          : element('td', attributes, ...children);
      };
      table.replaceChildren(
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...headings.map(({ text }, i) =>
              element('th', { class: looks[i] ?? '', scope: 'col', text }),
            ),
          ),
        ),
        element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map(cell)))),
      );
    },
  };
}
