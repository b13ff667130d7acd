import type { ChartGroup } from '../../charts/chartGroup';
import { createLineChart } from '../../charts/lineChart';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { saturationContent } from './contents';
import type { Look } from './look';
import { inSight } from './sight';
import { noTable, saturationTable } from './tables';

/** How much of each activation is saturated, over steps. */
export interface SaturationPicture {
  readonly root: HTMLElement;
  update(look: Look): void;
  updateTheme(): void;
  destroy(): void;
}

export function createSaturationPicture(
  context: ViewContext,
  charts: ChartGroup,
): SaturationPicture {
  const { strings } = context;
  let look: Look | undefined;
  const chart = createLineChart(context, {
    id: 'saturation',
    label: strings.saturationLabel,
    group: charts,
  });
  const figure = createFigure(context, {
    id: 'saturation',
    title: strings.saturationTitle,
    unit: strings.saturationUnit,
    picture: chart,
    fileName: () => `${look?.run.facts.name ?? ''} saturation`,
    csv: chart.toCsv,
    table: () => (look ? saturationTable(look.run.observations.items, look.writing) : noTable),
    help: strings.saturationHelp,
  });
  const sight = inSight(figure.root, () => {
    if (!look) return;
    const { run, writing, isNewest, step } = look;
    const mark = isNewest ? undefined : step;
    const { items } = run.observations;
    chart.draw(saturationContent(items, run.facts.network, mark, writing));
  });
  return {
    root: figure.root,
    update(now) {
      look = now;
      // A cell without tanh and sigmoid has nothing to saturate.
      figure.root.hidden = now.run.observations.items.at(-1)?.saturation.length === 0;
      sight.redraw();
      figure.update();
    },
    updateTheme: chart.updateTheme,
    destroy() {
      sight.destroy();
      chart.destroy();
    },
  };
}
