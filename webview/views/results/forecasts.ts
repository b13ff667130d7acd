import * as l10n from '@vscode/l10n';
import type { Results } from '../../../src/protocol/panel';
import { csv } from '../../../src/protocol/csv';
import { createLineChart } from '../../charts/lineChart';
import { createChoice } from '../../controls';
import { floorText } from '../../floorText';
import { chartColors } from '../../theme';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';

type Forecasts = NonNullable<Results['forecasts']>;
type Measure = 'mae' | 'rmse';

export interface ForecastsFigure {
  readonly root: HTMLElement;
  show(forecasts: Forecasts | undefined): void;
  updateTheme(): void;
  destroy(): void;
}

/** How far off forecasts of a series are by how far ahead they look, beside ways without states. */
export function createForecasts(context: ViewContext, name: () => string): ForecastsFigure {
  const { format, host } = context;
  const title = l10n.t('Errors by steps ahead');
  let shown: Forecasts | undefined;
  const chart = createLineChart(context, { id: 'results-forecasts', label: title });
  const measure = createChoice<Measure>('results-forecast-error', l10n.t('Error'), (error) => {
    host.memory.set('results.forecastError', error);
    draw();
  });
  const names = (): Record<Measure, string> => ({
    mae: l10n.t('mean absolute error'),
    rmse: l10n.t('root mean squared error'),
  });
  const nameOf = (way: string) => (way === 'model' ? l10n.t('model') : floorText(way));
  const steps = () => Array.from(shown?.ways[0]?.mae ?? [], (_, i) => i + 1);
  const figure = createFigure(context, {
    ...{ id: 'results-forecasts', title, picture: chart, controls: [measure.root] },
    fileName: () => `${name()} ${title}`,
    csv: () =>
      csv(
        [
          'steps ahead',
          ...(shown?.ways ?? []).flatMap((way) => [`${way.name} mae`, `${way.name} rmse`]),
        ],
        steps().map((step) => [
          step,
          ...shown!.ways.flatMap(({ mae, rmse }) => [mae[step - 1]!, rmse[step - 1]!]),
        ]),
      ),
    table: () => ({
      header: [l10n.t('Steps ahead'), ...(shown?.ways ?? []).map((way) => nameOf(way.name))],
      rows: steps().map((step) => [
        format.count(step),
        ...shown!.ways.map((way) => format.value(way[measure.value][step - 1]!)),
      ]),
    }),
    help: l10n.t(
      'From each step of the part the model forecasts the values behind it, reading its own forecasts where nothing is known; the error of those that look so far ahead, in the units of the data. Only a curve below the others knows more of the series than they do. The first point is one step ahead, the rest is free running.',
    ),
  });
  const kept = host.memory.get('results.forecastError') === 'rmse' ? 'rmse' : 'mae';
  measure.setOptions([...Object.entries(names())] as [Measure, string][], kept);

  function draw() {
    if (!shown) return;
    const x = steps();
    const error = measure.value;
    chart.draw({
      x: { label: l10n.t('steps ahead'), write: format.count, whole: true },
      y: { label: names()[error], write: format.value, include: [0] },
      lines: shown.ways.map((way, i) => ({
        ...{ id: way.name, name: nameOf(way.name), color: chartColors[i % chartColors.length]! },
        ...{ x, y: way[error], dots: true },
        ...(i > 0 && { dash: [5, 3] }),
      })),
    });
    figure.update();
  }

  return {
    root: figure.root,
    show(forecasts) {
      // One step ahead is what the scores tell.
      shown = (forecasts?.ways[0]?.mae.length ?? 0) < 2 ? undefined : forecasts;
      figure.root.hidden = shown === undefined;
      if (!shown) return;
      figure.setUnit(l10n.t('{0} origins', format.count(shown.origins)));
      draw();
    },
    updateTheme: chart.updateTheme,
    destroy: chart.destroy,
  };
}
