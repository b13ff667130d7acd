import * as l10n from '@vscode/l10n';
import { element } from '../dom';
import type { ChartColor } from '../theme';

/** A line of what is read out at a place of a picture. */
export interface ReadoutRow {
  readonly name: string;
  readonly value: string;
  /** Written small after the value: 2.1 – 2.4. */
  readonly note?: string;
  /** Of the line of the chart whose value it is. */
  readonly color?: ChartColor;
}

/** Values beside the cursor, for the eye only. */
export interface Readout {
  readonly root: HTMLElement;
  /** @param x the cursor's place within the picture, whose width is given, CSS pixels */
  show(rows: readonly ReadoutRow[], x: number, width: number): void;
  hide(): void;
}

/** From the cursor, CSS pixels. */
const distance = 12;
/** What the tabs take at the top of a page that is scrolled, CSS pixels. */
const tabsHeight = 36;

export function createReadout(): Readout {
  const root = element('div', { class: 'bubble', 'aria-hidden': 'true', hidden: '' });
  return {
    root,
    show(rows, x, width) {
      root.hidden = false;
      root.replaceChildren(...rows.flatMap(rowElements));
      const own = root.offsetWidth;
      const left = x <= width / 2 ? x + distance : x - distance - own;
      root.style.left = `${String(Math.max(0, Math.min(left, width - own)))}px`;
    },
    hide() {
      root.hidden = true;
    },
  };
}

/**
 * Places a bubble beside a cell of the picture that it lies over, or below or above it where there is no room beside,
 * and within the window.
 *
 * @param cell within the picture, whose width is given, CSS pixels
 */
export function placeBeside(bubble: HTMLElement, cell: DOMRect, width: number): void {
  const { offsetWidth: own, offsetHeight: tall } = bubble;
  const isRight = cell.right + distance + own <= width;
  const isLeft = cell.left - distance - own >= 0;
  const beside = isRight ? cell.right + distance : cell.left - distance - own;
  const isBeside = isRight || isLeft;
  const left = isBeside ? beside : Math.max(0, Math.min(cell.left, width - own));
  const picture = bubble.offsetParent?.getBoundingClientRect().top ?? 0;
  const lowest = window.innerHeight - picture - tall - 4;
  const below = cell.bottom + distance;
  const highest = tabsHeight - picture;
  // Nearer to the cell than elsewhere, where the window begins there.
  const above = Math.max(-picture, cell.top - distance - tall);
  const free = isBeside ? cell.top : below <= lowest ? below : above;
  const top = isBeside ? Math.max(highest, Math.min(free, lowest)) : free;
  bubble.style.left = `${String(left)}px`;
  bubble.style.top = `${String(top)}px`;
}

function rowElements({ name, value, note, color }: ReadoutRow): HTMLElement[] {
  const label = element('span', { class: 'name', text: name });
  if (color !== undefined) label.dataset['color'] = color;
  return [
    label,
    element('b', { text: value }),
    element('span', { class: 'note', text: note ?? '' }),
  ];
}

/** What is read out, for the ear. */
export function spoken(rows: readonly ReadoutRow[]): string {
  return rows.map(({ name, value }) => `${name} ${value}`).join(l10n.t(', '));
}
