/** What the heatmaps of the view show: lag × step, and value × step. */
import * as l10n from '@vscode/l10n';
import type { Histogram } from '../../../src/protocol/jobs/observation';
import type { HeatmapData, Tick } from '../../charts/heatmap';
import { roundTicks, writeTicks } from '../../charts/ticks';
import { rebin, shareAt, valueRange, type LagCurve } from './data';
import { reachOf } from './reach';
import type { Writing } from './contents';

/** Decades up and down from the norm at lag 0 that have colours of their own: the same in every run. */
const decades = 4;
/** Ticks below a heatmap at most. */
const mostTicks = 7;
/** Bins of the axis of values. */
export const valueBins = 48;

/** An observation's column below a heatmap: its step, for every few of them; the first says what it is. */
function stepTicks(steps: readonly number[], { format }: Writing): Tick[] {
  const every = Math.max(1, Math.ceil(steps.length / mostTicks));
  return steps.flatMap((step, at) => {
    if (at % every !== 0) return [];
    const text = format.count(step);
    return [{ at, text: at === 0 ? l10n.t('step {0}', text) : text }];
  });
}

/** The lag of a row: 0 is at the bottom, as on an axis. */
export function lagOfRow(row: number, rows: number): number {
  return rows - 1 - row;
}

/**
 * log₁₀ of ‖∂E_t/∂s_{t−k}‖ / ‖∂E_t/∂s_t‖, a column an observation: 0 as at lag 0, below it vanishes. A line
 * runs where less than 1 % is left.
 */
export function lagMatrix(curves: readonly LagCurve[], writing: Writing): HeatmapData {
  const { format } = writing;
  const rows = Math.max(0, ...curves.map(({ norms }) => norms.length));
  const columns = curves.length;
  const decadesOf = new Float64Array(rows * columns);
  curves.forEach(({ norms }, column) => {
    for (let lag = 0; lag < rows; lag++) {
      decadesOf[lagOfRow(lag, rows) * columns + column] = Math.log10(shareAt(norms, lag));
    }
  });
  const contour = curves.map(({ norms }) => {
    const reach = reachOf(norms);
    return reach?.kind === 'falls' ? rows - reach.lag : NaN;
  });
  const every = rows <= 16 ? 4 : rows <= 40 ? 8 : Math.ceil(rows / 64) * 16;
  const rowTicks = Array.from({ length: Math.ceil(rows / every) }, (_, i) => ({
    at: lagOfRow(i * every, rows),
    text: i === 0 ? l10n.t('lag {0}', '0') : format.count(i * every),
  })).reverse();
  const steps = curves.map(({ step }) => step);
  return {
    rows,
    columns,
    at: (row, column) => decadesOf[row * columns + column]!,
    scale: { kind: 'diverging', least: -decades, greatest: decades },
    rowTicks,
    rowName: (row) => format.count(lagOfRow(row, rows)),
    columnTicks: stepTicks(steps, writing),
    contour: (column) => contour[column]!,
    quantity: l10n.t('share of lag 0'),
  };
}

/** How a parameter's values, or those of its gradient, are spread, a column an observation. */
export interface ValueMatrix {
  readonly data: HeatmapData;
  readonly range: readonly [number, number];
  /** Number of values in a cell. */
  readonly count: (row: number, column: number) => number;
  /** Limits of the values of a row. */
  readonly limits: (row: number) => readonly [number, number];
}

/** @param log colours go by the logarithm of the counts */
export function valueMatrix(
  histograms: readonly Histogram[],
  steps: readonly number[],
  log: boolean,
  writing: Writing,
): ValueMatrix {
  const range = usualRange(histograms);
  const columns = histograms.map((histogram) => rebin(histogram, range, valueBins));
  const most = columns.reduce((max, counts) => Math.max(max, ...counts), 1);
  const colors = columns.map((counts) => (log ? counts.map((n) => Math.log10(1 + n)) : counts));
  const binOf = (row: number) => valueBins - 1 - row;
  const count = (row: number, column: number) => columns[column]![binOf(row)]!;
  const width = (range[1] - range[0]) / valueBins;
  const limits = (row: number) => {
    const from = range[0] + binOf(row) * width;
    return [from, from + width] as const;
  };
  const rowOf = (value: number) => valueBins - 1 - Math.floor((value - range[0]) / width);
  const inside = (value: number) => rowOf(value) > 2 && rowOf(value) < valueBins - 3;
  // Zero alone would tell nothing of the scale.
  const values = [4, 8].map((wanted) => roundTicks(...range, wanted).filter(inside));
  const shown = values.find(({ length }) => length > 1) ?? [];
  const texts = writeTicks(shown, writing.format.value);
  const rowTicks = shown.map((value, i) => ({ at: rowOf(value), text: texts[i]! })).reverse();
  return {
    range,
    count,
    limits,
    data: {
      rows: valueBins,
      columns: columns.length,
      at: (row, column) => colors[column]![binOf(row)]!,
      scale: { kind: 'sequential', least: 0, greatest: log ? Math.log10(1 + most) : most },
      rowTicks,
      columnTicks: stepTicks(steps, writing),
      quantity: l10n.t('number of values'),
    },
  };
}

/**
 * Limits for all steps, the same to both sides of zero. The most extreme tenth of the observations does not
 * count, or one exploding gradient would squeeze all others into a line.
 */
function usualRange(histograms: readonly Histogram[]): readonly [number, number] {
  const extents = histograms
    .map((histogram) => {
      const [least, greatest] = valueRange([histogram]);
      return Math.max(Math.abs(least), Math.abs(greatest));
    })
    .sort((a, b) => a - b);
  const limit = extents[Math.ceil(0.9 * extents.length) - 1] ?? 0;
  return [-limit, limit];
}
