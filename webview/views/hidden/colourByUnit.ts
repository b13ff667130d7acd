import type { Heatmap } from '../../charts/heatmap';
import type { ViewContext } from '../view';
import { unitAt, type Picture } from './picture';

/**
 * Lets U, or a double click, colour the text in front by the unit under a heatmap's cursor.
 *
 * @param runNow whose units the picture has
 */
export function colourByUnit(
  heatmap: Heatmap,
  { host }: Pick<ViewContext, 'host'>,
  pictureNow: () => Picture | undefined,
  runNow: () => string | undefined,
) {
  const colour = () => {
    const picture = pictureNow();
    const run = runNow();
    if (!picture || run === undefined || !heatmap.cursor) return;
    host.colourByUnit(run, picture.slice.variable.name, unitAt(picture, heatmap.cursor));
  };
  heatmap.root.addEventListener('dblclick', colour);
  heatmap.root.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.toLowerCase() === 'u' && !ctrlKey && !metaKey && !altKey) colour();
  });
}
