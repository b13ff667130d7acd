/** The pictures of an experiment: each is there once it has something to show, and follows what it comes to. */
import * as l10n from '@vscode/l10n';
import { csv } from '../../src/protocol/csv';
import type { Format } from '../../src/protocol/format';
import type { ExperimentFigure } from '../../src/protocol/notebook';
import type { HeatmapData } from '../charts/heatmap';
import { createReadHeatmap } from '../charts/readHeatmap';
import { createScatter, rangeOf } from '../charts/scatter';
import { element } from '../dom';
import { createFigure, type Figure } from '../views/figure';
import type { ViewContext } from '../views/view';
import { createChart } from './chart';
import { curvesContent, rowName, settingAxis } from './content';
import { createSelect } from './controls';

export interface PictureContext {
  /** Opens a run in the panel. */
  readonly openRun: (run: string) => void;
  /** Of the output, unique in the page. */
  readonly id: string;
  readonly host: Pick<ViewContext['host'], 'save' | 'report' | 'memory'>;
  readonly format: Format;
}

export interface ExperimentPicture {
  readonly root: HTMLElement;
  /** Whether it has something to show. */
  isWorth(figure: ExperimentFigure): boolean;
  update(figure: ExperimentFigure): void;
  updateTheme?(): void;
  destroy?(): void;
}

export function framed(
  context: PictureContext,
  options: Parameters<typeof createFigure>[1],
): Figure {
  // The frame asks for nothing else of the panel's host.
  return createFigure({ host: context.host as ViewContext['host'] }, options);
}

export function createCurves(context: PictureContext): ExperimentPicture {
  const { id, format } = context;
  const chart = createChart(l10n.t('Loss over steps, mean and band over the seeds'));
  let shown: ExperimentFigure | undefined;
  const figure = framed(context, {
    id: `${id}-curves`,
    title: l10n.t('Curves'),
    unit: l10n.t('nats per token over steps'),
    picture: chart,
    fileName: () => `${shown?.experiment ?? ''} curves`,
    csv: chart.toCsv,
    table: () => {
      if (shown === undefined) return { header: [], rows: [] };
      const { x, lines } = curvesContent(shown, format);
      return {
        header: [x.label, l10n.t('line'), l10n.t('mean'), l10n.t('least'), l10n.t('greatest')],
        rows: lines.flatMap(({ name, x: steps, y, spread }) =>
          Array.from(steps, (step, i) => [
            format.count(step),
            name,
            ...[y[i]!, spread?.least[i] ?? y[i]!, spread?.greatest[i] ?? y[i]!].map(format.loss),
          ]),
        ),
      };
    },
    help: l10n.t(
      'Each line is the mean over the seeds of a configuration; its band reaches from the least to the greatest of them. Of many configurations the best are drawn.',
    ),
  });
  return {
    root: figure.root,
    isWorth: ({ curves }) => curves.some(({ training }) => training.step.length > 1),
    update(now) {
      shown = now;
      chart.draw(curvesContent(now, format));
      figure.update();
    },
    updateTheme: chart.updateTheme,
    destroy: chart.destroy,
  };
}

/** Every run as a point: the first metric against a setting. */
export function createPoints(context: PictureContext): ExperimentPicture {
  const { id, format } = context;
  let shown: ExperimentFigure | undefined;
  let setting = '';
  const points = () =>
    (shown?.points ?? []).flatMap(({ row, seed, run, values: [value] }) =>
      value == null ? [] : [{ row, seed, run, value }],
    );
  const axis = () => settingAxis(shown!, setting, format);
  const scatter = createScatter({
    label: l10n.t('Every run: what it comes to, against a setting'),
    help: l10n.t(
      'Arrow keys go from run to run, Enter opens it. The same values are in the table below.',
    ),
    height: 240,
    write: { x: (place) => axis().write(place), y: (value) => format.loss(value) },
    rowsAt(point) {
      const { row, seed, value } = points()[point]!;
      return [
        { name: l10n.t('configuration'), value: rowName(shown!, shown!.rows[row]!) },
        { name: l10n.t('seed'), value: String(seed) },
        { name: shown!.metrics[0]!, value: format.loss(value) },
      ];
    },
    onChosen: (point) => context.openRun(points()[point]!.run),
  });
  const select = createSelect(l10n.t('Setting'), (chosen) => {
    setting = chosen;
    draw();
  });
  const rows = () =>
    points().map(({ row, seed, value }) => [
      rowName(shown!, shown!.rows[row]!),
      String(seed),
      format.loss(value),
    ]);
  const figure = framed(context, {
    id: `${id}-points`,
    title: l10n.t('Every run'),
    picture: scatter,
    controls: [select.root],
    fileName: () => `${shown?.experiment ?? ''} runs`,
    csv: () =>
      csv(
        [...(shown?.settings ?? []), 'seed', shown?.metrics[0] ?? ''],
        points().map(({ row, seed, value }) => [...shown!.rows[row]!.values, seed, value]),
      ),
    table: () => ({
      header: [l10n.t('configuration'), l10n.t('seed'), shown?.metrics[0] ?? ''],
      rows: rows(),
    }),
  });

  function draw() {
    if (shown === undefined) return;
    const { settings, metrics } = shown;
    if (!settings.includes(setting)) setting = settings[0] ?? '';
    select.set(settings, setting);
    const all = points();
    const place = axis();
    const index = settings.indexOf(setting);
    const x = all.map(({ row }) => place.at(shown!.rows[row]!.values[index]!));
    const [low, high] = rangeOf(x);
    // Half a place of air beside the first and the last name.
    const air = place.names.length > 0 ? 0.5 : 0;
    scatter.setData({
      x: Float64Array.from(x),
      y: Float64Array.from(all, ({ value }) => value),
      ranges: {
        x: place.names.length > 0 ? [-air, place.names.length - 1 + air] : [low, high],
        y: rangeOf(all.map(({ value }) => value)),
      },
      ...(place.names.length > 0 && { xTicks: place.names.map((_, i) => i) }),
      names: { x: setting, y: metrics[0] ?? '' },
      guide: 'zero',
      radius: () => 4,
    });
  }

  return {
    root: figure.root,
    isWorth: ({ settings, points: all }) => settings.length > 0 && all.length > 1,
    update(now) {
      shown = now;
      figure.setUnit(l10n.t('{0}, a point for each run', now.metrics[0] ?? ''));
      draw();
      figure.update();
    },
    updateTheme: scatter.updateTheme,
    destroy: scatter.destroy,
  };
}

/** The mean of the first metric for every two values of two settings. */
export function createGrid(context: PictureContext): ExperimentPicture {
  const { id, format } = context;
  let shown: ExperimentFigure | undefined;
  let [down, across] = ['', ''];
  let matrix: (number | undefined)[][] = [];
  const heatmap = createReadHeatmap({
    label: l10n.t('What two settings come to'),
    help: l10n.t('Arrow keys go from cell to cell. The same values are in the table below.'),
    cellsHeight: 220,
    tallestRow: 40,
    columnTicks: 'bottom',
    writeValue: format.loss,
    rowsAt: ({ row, column }) => [
      { name: down, value: axisOf(down).names[row] ?? '' },
      { name: across, value: axisOf(across).names[column] ?? '' },
      { name: shown?.metrics[0] ?? '', value: format.loss(matrix[row]?.[column] ?? NaN) },
    ],
    onChosen: () => undefined,
  });
  const axisOf = (setting: string) => settingAxis(shown!, setting, format);
  const selects = [
    createSelect(l10n.t('Down'), (chosen) => {
      if (chosen === across) across = down;
      down = chosen;
      draw();
      figure.update();
    }),
    createSelect(l10n.t('Across'), (chosen) => {
      if (chosen === down) down = across;
      across = chosen;
      draw();
      figure.update();
    }),
  ] as const;
  const cells = () =>
    matrix.map((row, i) => [
      axisOf(down).names[i] ?? '',
      ...row.map((value) => (value === undefined ? '' : format.loss(value))),
    ]);
  const figure = framed(context, {
    id: `${id}-grid`,
    title: l10n.t('Two settings'),
    picture: heatmap,
    controls: selects.map(({ root }) => root),
    fileName: () => `${shown?.experiment ?? ''} grid`,
    csv: () =>
      csv(
        [down, ...axisOf(across).names],
        matrix.map((row, i) => [axisOf(down).names[i], ...row]),
      ),
    table: () => ({ header: [`${down} × ${across}`, ...axisOf(across).names], rows: cells() }),
  });

  function draw() {
    if (shown === undefined) return;
    const { settings, rows, metrics } = shown;
    if (!settings.includes(down)) down = settings[0]!;
    if (!settings.includes(across) || across === down) {
      across = settings.find((name) => name !== down)!;
    }
    selects[0].set(settings, down);
    selects[1].set(settings, across);
    const [y, x] = [axisOf(down), axisOf(across)];
    const [own, other] = [settings.indexOf(down), settings.indexOf(across)];
    // Over all that also varies, the mean.
    const sums = y.names.map(() => x.names.map(() => ({ sum: 0, n: 0 })));
    for (const { values, cells: told } of rows) {
      const mean = told[0]?.mean ?? null;
      const cell = sums[y.at(values[own]!)]?.[x.at(values[other]!)];
      if (mean === null || cell === undefined) continue;
      cell.sum += mean;
      cell.n++;
    }
    matrix = sums.map((row) => row.map(({ sum, n }) => (n === 0 ? undefined : sum / n)));
    const known = matrix.flat().filter((value) => value !== undefined);
    const [least, greatest] = [Math.min(...known), Math.max(...known)];
    heatmap.setData({
      rows: y.names.length,
      columns: x.names.length,
      at: (row, column) => matrix[row]?.[column] ?? NaN,
      scale: { kind: 'sequential', least, greatest },
      rowTicks: y.names.map((text, at) => ({ at, text })),
      columnTicks: x.names.map((text, at) => ({ at, text })),
      cellText: (row, column) => {
        const value = matrix[row]?.[column];
        return value === undefined ? '' : format.loss(value);
      },
      quantity: metrics[0] ?? '',
    } satisfies HeatmapData);
  }

  return {
    root: figure.root,
    isWorth: (now) => {
      const named = now.settings.filter((name) => settingAxis(now, name, format).names.length > 1);
      return named.length === now.settings.length && named.length > 1 && now.done > 1;
    },
    update(now) {
      shown = now;
      figure.setUnit(now.metrics[0] ?? '');
      draw();
      figure.update();
    },
    updateTheme: heatmap.updateTheme,
    destroy: heatmap.destroy,
  };
}

/** Which setting mattered: shares of the variance, as bars with their numbers. */
export function createShares({ id, format }: PictureContext): ExperimentPicture {
  const list = element('dl', { class: 'shares' });
  const heading = element('h2', { id: `${id}-shares`, text: l10n.t('Which setting mattered') });
  const root = element(
    'section',
    { class: 'figure-frame', 'aria-labelledby': heading.id },
    heading,
    list,
  );
  return {
    root,
    isWorth: ({ variance }) => variance.length > 0,
    update({ variance, metrics }) {
      heading.title = l10n.t('Share of the variance of {0} over all runs', metrics[0] ?? '');
      list.replaceChildren(
        ...variance.flatMap(({ settings, share, interval }) => {
          const own = Math.max(0, share);
          const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
          bar.style.width = `${String(100 * own)}%`;
          const [low, high] = (interval ?? []).map((end) => format.percent(Math.max(0, end)));
          const told = interval === null ? '' : ` ${l10n.t('({0} to {1})', low ?? '', high ?? '')}`;
          return [
            element('dt', { text: settings.join(' × ') }),
            element('dd', {}, bar, element('span', { text: format.percent(own) + told })),
          ];
        }),
      );
    },
  };
}
