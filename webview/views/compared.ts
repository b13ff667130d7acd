/** How runs that are compared look, in whichever picture. */
import type { ChartColor } from '../theme';

export interface RunLook {
  readonly color: ChartColor;
  readonly dash: readonly number[];
}

/** Told from each other by colour, and by the dashes of all but the one on show. */
const looks: readonly RunLook[] = [
  { color: 'blue', dash: [5, 3] },
  { color: 'purple', dash: [6, 3] },
  { color: 'green', dash: [2, 2] },
  { color: 'red', dash: [9, 3, 2, 3] },
  { color: 'orange', dash: [4, 2] },
  { color: 'foreground', dash: [1, 3] },
  { color: 'yellow', dash: [12, 4] },
  { color: 'blue', dash: [1, 4] },
];

/** Of a place among the compared. */
export function lookOf(slot: number): RunLook {
  return looks[slot % looks.length]!;
}
