import * as l10n from '@vscode/l10n';
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
  let look: Look | undefined;
  const chart = createLineChart(context, {
    id: 'saturation',
    label: l10n.t('Share of saturated values over steps'),
    group: charts,
  });
  const figure = createFigure(context, {
    id: 'saturation',
    title: l10n.t('Saturation'),
    unit: l10n.t('share of flat values'),
    picture: chart,
    fileName: () => `${look?.run.facts.name ?? ''} saturation`,
    csv: chart.toCsv,
    table: () => (look ? saturationTable(look.run.observations.items, look.writing) : noTable),
    help: l10n.t(
      'Where an activation is flat, its derivative is almost zero and the gradient stops: tanh with 1 − s² < 0.05, a gate below 0.1 or above 0.9. Gates that are shut or open do their job; tanh units that stay flat no longer learn.',
    ),
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
