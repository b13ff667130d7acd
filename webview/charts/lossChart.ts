import uPlot from 'uplot';
import type { Theme } from '../theme';
import { drawEndLabels, drawReferences, type EndLabel, type Reference } from './annotations';
import { lastPoint, lossRange, series, stepRange, type LossData } from './lossData';

/** What does not change while a chart lives; a new theme or language makes a new chart. */
export interface LossChartOptions {
  readonly theme: Theme;
  readonly references: readonly Reference[];
  /** ln C, which the loss axis always shows. */
  readonly uniform: number;
  readonly writeLoss: (loss: number) => string;
  readonly writeStep: (step: number) => string;
  /** A loss beside the axis, in few digits. */
  readonly writeTick: (loss: number) => string;
  /** Called with the entry of the data that the cursor moves to; undefined: it left the plot. */
  readonly onCursor: (index: number | undefined, left: number) => void;
}

/** Training and validation loss over steps, on a canvas. */
export interface LossChart {
  setData(data: LossData): void;
  setSize(width: number, height: number): void;
  /** Puts the cursor on an entry of the data; undefined takes it away. */
  setCursor(row: number | undefined): void;
  /** Left edge and width of the plotting area, CSS pixels. */
  plotArea(): { readonly left: number; readonly width: number };
  destroy(): void;
}

/** Draws into `parent`, whose size the caller tells. */
export function createLossChart(parent: HTMLElement, options: LossChartOptions): LossChart {
  const plot = new uPlot(plotOptions(options), [[], [], [], [], []], parent);
  return {
    setData(data) {
      plot.setData(data);
    },
    setSize(width, height) {
      if (plot.width !== width || plot.height !== height) plot.setSize({ width, height });
    },
    setCursor(row) {
      const step = row === undefined ? undefined : plot.data[0][row];
      const left = step === undefined ? -10 : plot.valToPos(step, 'x');
      plot.setCursor({ left, top: step === undefined ? -10 : 0 });
    },
    plotArea: () => ({ left: plot.over.offsetLeft, width: plot.over.clientWidth }),
    destroy() {
      plot.destroy();
    },
  };
}

function plotOptions(options: LossChartOptions): uPlot.Options {
  const { theme, uniform, references, writeLoss, writeStep, writeTick, onCursor } = options;
  const endLabels: readonly EndLabel[] = [
    { series: series.training, color: theme.training, shape: 'disc' },
    { series: series.validation, color: theme.validation, shape: 'ring' },
  ];
  return {
    width: 300,
    height: 200,
    padding: [8, 64, 0, 0],
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { size: 9, width: 2, fill: theme.background },
      // The spread's two edges have no marks of their own.
      dataIdx: (_, index, row) =>
        index === series.least || index === series.greatest ? null : row,
    },
    scales: {
      x: { time: false, range: (plot) => stepRange(plot.data[0].at(-1)) },
      y: { range: (_, least, greatest) => lossRange(least, greatest, uniform) },
    },
    axes: [axis(theme, writeStep, 34), axis(theme, writeTick, 46)],
    series: [
      {},
      { stroke: theme.training, width: 1.75, points: { show: false }, spanGaps: true },
      { points: { show: false }, width: 0, spanGaps: true },
      { points: { show: false }, width: 0, spanGaps: true },
      {
        stroke: theme.validation,
        width: 2,
        spanGaps: true,
        points: { size: 7, width: 2, stroke: theme.validation, fill: theme.background },
      },
    ],
    bands: [{ series: [series.greatest, series.least], fill: theme.areas.blue, dir: -1 }],
    hooks: {
      drawAxes: [
        (plot) => {
          drawReferences(plot, references, theme);
        },
      ],
      draw: [
        (plot) => {
          if (lastPoint(plot.data, series.training))
            drawEndLabels(plot, endLabels, theme, writeLoss);
        },
      ],
      setCursor: [
        (plot) => {
          const { idx, left } = plot.cursor;
          const inside = idx != null && left !== undefined && left >= 0;
          onCursor(inside ? idx : undefined, inside ? plot.valToPos(plot.data[0][idx]!, 'x') : 0);
        },
      ],
    },
  };
}

function axis(theme: Theme, write: (value: number) => string, size: number): uPlot.Axis {
  return {
    stroke: theme.muted,
    font: theme.font,
    size,
    gap: 6,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
    border: { show: false },
    values: (_, splits) => splits.map((value) => write(value)),
  };
}
