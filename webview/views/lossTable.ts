import type { Format } from '../../src/protocol/format';
import type { PanelStrings } from '../../src/protocol/strings';
import { series, type LossData } from '../charts/lossData';
import { element } from '../dom';

/** How many rows of the chart's data the table shows, evenly chosen over the run. */
const rowsShown = 24;

/** While it is open, the table follows the training this far behind, milliseconds. */
const interval = 2000;

/** The loss chart as numbers, for who cannot see it or wants to copy them; closed at first. */
export interface LossTable {
  readonly root: HTMLElement;
  update(data: LossData): void;
}

export function createLossTable(strings: PanelStrings, format: Format): LossTable {
  const body = element('tbody');
  const headings = [
    strings.step,
    strings.tableTraining,
    strings.tableSpread,
    strings.tableValidation,
  ];
  const root = element(
    'details',
    { class: 'table' },
    element('summary', { text: strings.table }),
    element(
      'table',
      {},
      element('caption', { class: 'visually-hidden', text: strings.table }),
      element(
        'thead',
        {},
        element('tr', {}, ...headings.map((text) => element('th', { scope: 'col', text }))),
      ),
      body,
    ),
  );
  let data: LossData | undefined;
  let waiting = false;

  function show() {
    if (data === undefined || !root.open) return;
    const write = (values: readonly (number | null)[], row: number) => {
      const value = values[row];
      return value == null ? '' : format.loss(value);
    };
    const rows = chosenRows(data).map((row) => {
      const least = write(data![series.least], row);
      const greatest = write(data![series.greatest], row);
      const cells = [
        write(data![series.training], row),
        least === greatest ? least : `${least} – ${greatest}`,
        write(data![series.validation], row),
      ];
      return element(
        'tr',
        {},
        element('th', { scope: 'row', text: format.count(data![series.step][row]!) }),
        ...cells.map((text) => element('td', { text })),
      );
    });
    body.replaceChildren(...rows);
  }

  root.addEventListener('toggle', () => {
    show();
    if (!root.open) body.replaceChildren();
  });
  return {
    root,
    update(newData) {
      data = newData;
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        show();
      }, interval);
    },
  };
}

/** Evenly spaced entries, the first and the last among them, each moved to the evaluation near it. */
function chosenRows(data: LossData): number[] {
  const length = data[series.step].length;
  if (length <= rowsShown) return Array.from({ length }, (_, row) => row);
  const spacing = (length - 1) / (rowsShown - 1);
  const reach = Math.floor(spacing / 2) - 1;
  const chosen = Array.from({ length: rowsShown }, (_, i) => Math.round(i * spacing));
  return chosen.map((row, i) => {
    if (i === 0 || i === rowsShown - 1) return row;
    for (let distance = 0; distance <= reach; distance++) {
      if (data[series.validation][row + distance] != null) return row + distance;
      if (data[series.validation][row - distance] != null) return row - distance;
    }
    return row;
  });
}
