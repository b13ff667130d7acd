import type { ChartGroup } from '../../charts/chartGroup';
import { createLineChart } from '../../charts/lineChart';
import type { Run } from '../../state';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { saturationContent, type Writing } from './contents';
import { saturationTable } from './tables';

/** How much of each activation is saturated, over steps. */
export interface SaturationPicture {
  readonly root: HTMLElement;
  /** @param mark the step of an observation that was chosen; undefined: the newest is on show */
  update(run: Run, mark: number | undefined, writing: Writing): void;
  updateTheme(): void;
  destroy(): void;
}

export function createSaturationPicture(
  context: ViewContext,
  charts: ChartGroup,
): SaturationPicture {
  const { strings } = context;
  let run: Run | undefined;
  let writing: Writing | undefined;
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
    fileName: () => `${run?.facts.name ?? ''} saturation`,
    csv: chart.toCsv,
    table: () =>
      run && writing ? saturationTable(run.observations.items, writing) : { header: [], rows: [] },
    help: strings.saturationHelp,
  });
  return {
    root: figure.root,
    update(now, mark, by) {
      run = now;
      writing = by;
      chart.draw(saturationContent(now.observations.items, now.facts.network, mark, by));
      figure.update();
      // A cell without tanh and sigmoid has nothing to saturate.
      figure.root.hidden = now.observations.items.at(-1)?.saturation.length === 0;
    },
    updateTheme: chart.updateTheme,
    destroy: chart.destroy,
  };
}
