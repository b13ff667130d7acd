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
  return rows.map(({ name, value }) => `${name} ${value}`).join(', ');
}
