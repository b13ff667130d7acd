import * as l10n from '@vscode/l10n';
import type { Histogram } from '../../../src/protocol/jobs/observation';
import type { Observation } from '../../../src/protocol/panel';
import type { Cell } from '../../charts/heatmap';
import { createReadHeatmap } from '../../charts/readHeatmap';
import { binStart, createHistogram } from '../../charts/histogram';
import { createReadout, spoken, type ReadoutRow } from '../../charts/readout';
import { createFigure } from '../figure';
import type { ViewContext } from '../view';
import { valueRange } from './data';
import { valueMatrix, type ValueMatrix } from './matrices';
import type { Look } from './look';
import { inSight } from './sight';
import { histogramCsv, histogramTable, noTable, spreadCsv, spreadTable } from './tables';

/** CSS pixels. */
const histogramHeight = 190;
const cellsHeight = 144;

/** What of a parameter is shown: its values, or those of its gradient. */
export type Quantity = 'weights' | 'gradients';

/** What is chosen for both quantities together. */
export interface ValueChoice {
  /** Index of the parameter. */
  readonly parameter: number;
  /** As it is written in the pictures. */
  readonly name: string;
  readonly logCount: boolean;
}

/** The histogram of a parameter's values or gradient at one step, and at all steps as a heatmap. */
export interface ValuePictures {
  readonly histogram: HTMLElement;
  readonly matrix: HTMLElement;
  update(look: Look, choice: ValueChoice): void;
  updateTheme(): void;
  destroy(): void;
}

/** @param choose the user chose the observation of a step */
export function createValuePictures(
  context: ViewContext,
  quantity: Quantity,
  choose: (step: number) => void,
): ValuePictures {
  const { format } = context;
  const ofGradient = quantity === 'gradients';
  let look: Look | undefined;
  let choice: ValueChoice | undefined;
  let observations: readonly Observation[] = [];
  let histograms: readonly Histogram[] = [];
  let matrix: ValueMatrix | undefined;
  /** What the histograms and the matrix were made of. */
  let made = '';
  const file = (what: string) =>
    `${look?.run.facts.name ?? ''} ${ofGradient ? 'gradient of ' : ''}${choice?.name ?? ''} ${what}`;
  const bins = () => (look ? histograms[look.index] : undefined);
  const steps = () => observations.map(({ step }) => step);

  const readout = createReadout();
  const chart = createHistogram({
    label: ofGradient ? l10n.t('Histogram of the gradient') : l10n.t('Histogram of the weights'),
    help: l10n.t(
      'Arrow keys move through the bins, Page Up and Page Down move further, Home and End go to the first and last bin, Escape leaves.',
    ),
    height: histogramHeight,
    write: { value: format.value, count: format.compact },
    describe: (bin) => spoken(binReading(bin)),
    onCursor(bin, x) {
      if (bin === undefined) readout.hide();
      else readout.show(binReading(bin), x, chart.root.clientWidth);
    },
  });
  chart.root.append(readout.root);
  const histogram = createFigure(context, {
    id: `${quantity}-histogram`,
    title: ofGradient ? l10n.t('Gradient') : l10n.t('Weights'),
    picture: chart,
    fileName: () => file('histogram'),
    csv: () => histogramCsv(bins() ?? { least: NaN, greatest: NaN, counts: new Float64Array(0) }),
    table: () => {
      const shown = bins();
      return shown && look ? histogramTable(shown, look.writing) : noTable;
    },
    help: l10n.t(
      'How many of the parameter’s values fall into each bin, at the chosen step. The yellow outline is the first measurement, for comparison.',
    ),
  });

  const heatmap = createReadHeatmap({
    label: ofGradient
      ? l10n.t('Histograms of the gradient by training steps')
      : l10n.t('Histograms of the weights by training steps'),
    help: l10n.t(
      'Arrow keys move through the cells, Home and End go to the first and last column, Enter shows that step in the other pictures, Escape leaves.',
    ),
    cellsHeight,
    columnTicks: 'bottom',
    writeValue: (value) =>
      format.compact(Math.round(choice?.logCount === true ? 10 ** value - 1 : value)),
    rowsAt: cellReading,
    onChosen({ column }) {
      const wanted = observations[column];
      if (wanted) choose(wanted.step);
    },
  });
  const overSteps = createFigure(context, {
    id: `${quantity}-matrix`,
    title: ofGradient ? l10n.t('Gradient over training') : l10n.t('Weights over training'),
    picture: heatmap,
    fileName: () => file('over steps'),
    csv: () => spreadCsv(steps(), histograms),
    table: () => (look ? spreadTable(steps(), histograms, norms(), look.writing) : noTable),
    help: l10n.t(
      'Each column is one histogram during training; the more values, the stronger the colour. Values beyond the axis count in its outermost rows.',
    ),
  });

  function norms(): (number | undefined)[] {
    const read = (o: Observation) => (ofGradient ? o.gradientNorm : o.weightNorm);
    return observations.map((observation) => read(observation)[choice?.parameter ?? 0]);
  }

  function binReading(bin: number): ReadoutRow[] {
    const shown = bins();
    if (!shown) return [];
    return [
      {
        name: l10n.t('Values'),
        value: span(binStart(shown, bin), binStart(shown, bin + 1)),
      },
      { name: l10n.t('number of values'), value: format.count(shown.counts[bin] ?? 0) },
    ];
  }

  function cellReading({ row, column }: Cell): ReadoutRow[] {
    const observation = observations[column];
    if (!matrix || !observation) return [];
    return [
      { name: l10n.t('Step'), value: format.count(observation.step) },
      { name: l10n.t('Values'), value: span(...matrix.limits(row)) },
      { name: l10n.t('number of values'), value: format.count(matrix.count(row, column)) },
    ];
  }

  function span(from: number, to: number): string {
    return l10n.t('{0} to {1}', format.value(from), format.value(to));
  }

  function title(): string {
    const name = choice?.name ?? '';
    return ofGradient ? l10n.t('∂E/∂{0}', name) : name;
  }

  function drawHistogram() {
    const shown = bins();
    if (!look || !choice || !shown) return;
    const hasBefore = !ofGradient && look.index > 0;
    chart.setData({
      bins: shown,
      before: hasBefore ? histograms[0] : undefined,
      // Weights keep their axis, so that one sees them move; gradients of all steps would not fit on one.
      range: valueRange(ofGradient ? [shown] : histograms),
      logCount: choice.logCount,
      quantity: title(),
    });
  }

  function drawMatrix() {
    if (!look || !choice) return;
    matrix ??= valueMatrix(histograms, steps(), choice.logCount, look.writing);
    heatmap.setData({ ...matrix.data, marked: look.isNewest ? undefined : look.index });
  }

  const histogramSight = inSight(histogram.root, drawHistogram);
  const matrixSight = inSight(overSteps.root, drawMatrix);

  return {
    histogram: histogram.root,
    matrix: overSteps.root,
    update(now, chosen) {
      look = now;
      choice = chosen;
      const wanted = `${now.version} ${String(chosen.parameter)} ${String(chosen.logCount)}`;
      if (wanted !== made) {
        made = wanted;
        observations = now.run.observations.items;
        histograms = observations.map((o) => o[quantity][chosen.parameter]!);
        matrix = undefined;
        overSteps.setUnit(title());
      }
      histogram.setUnit(`${title()} · ${l10n.t('step {0}', format.count(now.step))}`);
      histogramSight.redraw();
      matrixSight.redraw();
      histogram.update();
      overSteps.update();
    },
    updateTheme() {
      chart.updateTheme();
      heatmap.updateTheme();
    },
    destroy() {
      histogramSight.destroy();
      matrixSight.destroy();
      chart.destroy();
      heatmap.destroy();
    },
  };
}
