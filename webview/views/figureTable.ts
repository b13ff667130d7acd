import { element } from '../dom';

/** While it is open, a table follows the training this far behind, milliseconds. */
const interval = 2000;

/** A picture as text. */
export interface TableContent {
  readonly header: readonly string[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly string[])[];
}

/** A table that is closed at first and made only while it is open. */
export interface FigureTable {
  readonly root: HTMLDetailsElement;
  update(): void;
}

export function createFigureTable(title: string, read: () => TableContent): FigureTable {
  const table = element('table');
  const scroller = element('div', {
    class: 'table-scroller',
    tabindex: '0',
    role: 'region',
    'aria-label': title,
  });
  scroller.append(table);
  const root = element(
    'details',
    { class: 'table' },
    element('summary', { text: title }),
    scroller,
  );
  let waiting = false;

  function show() {
    if (!root.open || !root.isConnected) return;
    const { header, rows } = read();
    table.replaceChildren(
      element(
        'thead',
        {},
        element('tr', {}, ...header.map((text) => element('th', { scope: 'col', text }))),
      ),
      element('tbody', {}, ...rows.map(rowElement)),
    );
  }

  root.addEventListener('toggle', () => {
    show();
    if (!root.open) table.replaceChildren();
  });
  return {
    root,
    update() {
      if (waiting || !root.open) return;
      // Open from the beginning, it had nothing to show yet.
      if (table.tBodies[0]?.childElementCount === 0) {
        show();
        return;
      }
      waiting = true;
      setTimeout(() => {
        waiting = false;
        show();
      }, interval);
    },
  };
}

function rowElement([heading = '', ...cells]: readonly string[]): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row', text: heading }),
    ...cells.map((text) => element('td', { text })),
  );
}
