/** Numbers in boxes: vectors and matrices that are made once, and whose numbers move when the data does. */
import { element, setAttribute } from '../../dom';

/** A vector or a matrix on show. */
export interface Box {
  readonly root: HTMLElement;
}

export interface BoxOptions<Data> {
  /** What it is: `U x[3]`. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Row-major, `[rows, columns]`. */
  readonly read: (data: Data) => ArrayLike<number>;
  /** Entries that are shown, of each row; default: all. */
  readonly shownRows?: readonly number[];
  readonly shownColumns?: readonly number[];
  /** What an entry of a row, or of a column, is of: a token, a unit. */
  readonly rowName?: (row: number) => string;
  readonly columnName?: (column: number) => string;
  /** Whether the names of rows are written beside them. */
  readonly showsNames?: boolean;
  /** Boxes with the same one share their scale of colours; default: one of its own. */
  readonly scale?: string;
}

export interface Board<Data> {
  box(options: BoxOptions<Data>): Box;
  /** A text that follows the data. */
  text(read: (data: Data) => string): HTMLElement;
  /** Shows other numbers in the same boxes. */
  update(data: Data): void;
  /** What a number is, and all its digits; undefined: no number of the board. */
  told(target: EventTarget | null): { readonly name: string; readonly value: number } | undefined;
}

interface Entry<Data> {
  readonly cell: HTMLElement;
  readonly name: string;
  readonly index: number;
  readonly of: BoxOptions<Data>;
  value: number;
}

/** Three decimals, or few digits of what they would not show: `−0.123`, `1.2e−7`. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 5e-4 && size < 1000);
  return (isPlain ? value.toFixed(3) : value.toExponential(1).replace('e+', 'e')).replaceAll(
    '-',
    '−',
  );
}

export function createBoard<Data>(): Board<Data> {
  const entries: Entry<Data>[] = [];
  const byCell = new WeakMap<Element, Entry<Data>>();
  const texts: { readonly place: HTMLElement; readonly read: (data: Data) => string }[] = [];
  let isNew = true;

  function box(options: BoxOptions<Data>): Box {
    const { name, rows, columns, rowName, columnName, showsNames = false } = options;
    const all = (count: number) => Array.from({ length: count }, (_, i) => i);
    const shownRows = options.shownRows ?? all(rows);
    const shownColumns = options.shownColumns ?? all(columns);
    const root = element('div', { class: 'box', 'data-columns': String(shownColumns.length) });
    root.style.setProperty('--columns', String(shownColumns.length));
    if (showsNames) root.classList.add('box-named');
    for (const row of shownRows) {
      if (showsNames) root.append(element('span', { class: 'box-name', text: rowName!(row) }));
      for (const column of shownColumns) {
        const cell = element('span', { class: 'num' });
        const of = [
          ...(rows > 1 ? [rowName?.(row) ?? String(row + 1)] : []),
          ...(columns > 1 ? [columnName?.(column) ?? String(column + 1)] : []),
        ].join(', ');
        const entry = { cell, name: `${name} [${of}]`, index: row * columns + column };
        const made = { ...entry, of: options, value: NaN };
        entries.push(made);
        byCell.set(cell, made);
        root.append(cell);
      }
    }
    return { root };
  }

  return {
    box,
    text(read) {
      const place = element('span', { class: 'told' });
      texts.push({ place, read });
      return place;
    },
    update(data) {
      const read = new Map<BoxOptions<Data>, ArrayLike<number>>();
      const greatest = new Map<string | BoxOptions<Data>, number>();
      for (const { of, index } of entries) {
        let values = read.get(of);
        if (values === undefined) read.set(of, (values = of.read(data)));
        const key = of.scale ?? of;
        const size = Math.abs(values[index] ?? 0);
        if (Number.isFinite(size)) greatest.set(key, Math.max(size, greatest.get(key) ?? 0));
      }
      for (const entry of entries) {
        const { cell, of, index } = entry;
        const value = read.get(of)![index] ?? 0;
        cell.classList.remove('up', 'down');
        if (!isNew && Object.is(value, entry.value)) continue;
        if (!isNew) cell.classList.add(value > entry.value ? 'up' : 'down');
        entry.value = value;
        cell.textContent = shortNumber(value);
        const share = Math.abs(value) / (greatest.get(of.scale ?? of) ?? 1) || 0;
        cell.style.setProperty('--share', share.toFixed(3));
        cell.classList.toggle('negative', value < 0);
        cell.classList.toggle('bad', !Number.isFinite(value));
      }
      for (const { place, read: say } of texts) {
        const said = say(data);
        if (place.textContent !== said) place.textContent = said;
      }
      isNew = false;
    },
    told(target) {
      const cell = target instanceof Element ? target.closest('.num') : null;
      const entry = cell && byCell.get(cell);
      return entry ? { name: entry.name, value: entry.value } : undefined;
    },
  };
}

const keys: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * Lets the keyboard go from number to number within a part of the sheet, which is one stop of the Tab key.
 *
 * @param tell is given the number that it comes to
 */
export function walkNumbers(root: HTMLElement, tell: (cell: HTMLElement) => void): void {
  let at: HTMLElement | undefined;
  const go = (cell: HTMLElement | null | undefined) => {
    if (!cell) return;
    at?.classList.remove('at');
    at = cell;
    at.classList.add('at');
    at.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    tell(at);
  };
  root.addEventListener('focus', () => {
    go(at?.isConnected === true ? at : root.querySelector<HTMLElement>('.num'));
  });
  root.addEventListener('blur', () => at?.classList.remove('at'));
  root.addEventListener('keydown', (event) => {
    const { key } = event;
    if (event.target !== root || !root.querySelector('.num')) return;
    const cells = [...root.querySelectorAll<HTMLElement>('.num')];
    if (key === 'Home') go(cells[0]);
    else if (key === 'End') go(cells.at(-1));
    else if (key in keys) {
      const from = at?.isConnected === true ? at : cells[0]!;
      go(nearest(from.getBoundingClientRect(), cells, keys[key]!));
    } else return;
    event.preventDefault();
  });
  root.addEventListener('click', (event) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.num') : null;
    go(cell);
  });
  setAttribute(root, 'tabindex', '0');
}

/** The next number in a direction, by its place on the screen. */
function nearest(
  from: DOMRect,
  cells: readonly HTMLElement[],
  [across, down]: readonly [number, number],
): HTMLElement | undefined {
  let best: HTMLElement | undefined;
  let least = Infinity;
  const middle = ({ left, right, top, bottom }: DOMRect) => [
    (left + right) / 2,
    (top + bottom) / 2,
  ];
  const [x, y] = middle(from) as [number, number];
  for (const cell of cells) {
    const [cx, cy] = middle(cell.getBoundingClientRect()) as [number, number];
    const along = (cx - x) * across + (cy - y) * down;
    const aside = Math.abs((cx - x) * down) + Math.abs((cy - y) * across);
    if (along <= 2) continue;
    const distance = along + 4 * aside;
    if (distance < least) [best, least] = [cell, distance];
  }
  return best;
}
