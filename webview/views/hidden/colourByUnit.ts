import type { Cell, Heatmap } from '../../charts/heatmap';
import type { ViewContext } from '../view';
import { unitAt, type Picture } from './picture';

/** A unit of a variable, from 0. */
export interface NamedUnit {
  readonly variable: string;
  readonly unit: number;
}

/**
 * Lets U, or a double click, colour the text in front by the unit under a heatmap's cursor.
 *
 * @param unitAtCell the unit that a cell shows
 * @param runNow whose units the picture has
 */
export function colourByUnit(
  heatmap: Heatmap,
  { host }: Pick<ViewContext, 'host'>,
  unitAtCell: (cell: Cell) => NamedUnit | undefined,
  runNow: () => string | undefined,
) {
  const colour = () => {
    const chosen = heatmap.cursor && unitAtCell(heatmap.cursor);
    const run = runNow();
    if (!chosen || run === undefined) return;
    host.colourByUnit(run, chosen.variable, chosen.unit);
  };
  heatmap.root.addEventListener('dblclick', colour);
  heatmap.root.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.toLowerCase() === 'u' && !ctrlKey && !metaKey && !altKey) colour();
  });
}

/** The unit of a picture of tokens at a cell of it. */
export function unitOf(picture: Picture | undefined, cell: Cell): NamedUnit | undefined {
  return picture && { variable: picture.slice.variable.name, unit: unitAt(picture, cell) };
}
