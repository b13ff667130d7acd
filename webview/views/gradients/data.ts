import { firstWhere } from '../../../src/protocol/core';
import type { MetricsColumn, Table } from '../../../src/protocol/history';
import type { Histogram } from '../../../src/protocol/jobs/observation';
import type { Observation } from '../../../src/protocol/panel';

/** How many rows are of steps up to this one. */
export function rowsUntil(metrics: Table<MetricsColumn>, step: number): number {
  return firstWhere(0, metrics.length, (row) => metrics.at('step', row) > step);
}

/** ‖∂E_t/∂s_{t−k}‖ of one variable at one step; entry k at lag k. */
export interface LagCurve {
  readonly step: number;
  readonly norms: Float64Array;
}

/** The curves of a variable, an observation each, oldest first. */
export function lagCurves(observations: readonly Observation[], variable: string): LagCurve[] {
  return observations.flatMap(({ step, lags }) => {
    const norms = lags.find((lag) => lag.variable === variable)?.norms;
    return norms ? [{ step, norms }] : [];
  });
}

/**
 * Which curves stand behind the chosen one: the first, and some between, evenly chosen.
 *
 * @returns indices, ascending, the chosen one not among them
 */
export function earlierCurves(count: number, chosen: number, most: number): number[] {
  const wanted = Math.min(most, chosen);
  const indices = Array.from({ length: wanted }, (_, i) => Math.round((i * chosen) / wanted));
  return [...new Set(indices)].filter((index) => index < Math.min(chosen, count));
}

/** A norm beside that at lag 0; NaN where there is no such share. */
export function shareAt(norms: Float64Array, lag: number): number {
  const first = norms[0] ?? NaN;
  const norm = norms[lag] ?? NaN;
  return first > 0 ? norm / first : NaN;
}

/** Limits that hold the least and the greatest value of a parameter's histograms at all steps. */
export function valueRange(histograms: readonly Histogram[]): readonly [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const histogram of histograms) {
    if (Number.isFinite(histogram.least)) least = Math.min(least, histogram.least);
    if (Number.isFinite(histogram.greatest)) greatest = Math.max(greatest, histogram.greatest);
  }
  return least <= greatest ? [least, greatest] : [0, 0];
}

/**
 * Counts in equally wide bins of another range; a bin's count is shared out evenly over its width, and
 * what lies outside is added to the outermost bins, so that the sum stays the number of values.
 */
export function rebin(
  { least, greatest, counts }: Histogram,
  [low, high]: readonly [number, number],
  bins: number,
): Float64Array {
  const result = new Float64Array(bins);
  const width = (high - low) / bins;
  const binOf = (value: number) =>
    width > 0 ? Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width))) : bins >> 1;
  const own = (greatest - least) / counts.length;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (!(count > 0)) continue;
    const from = least + i * own;
    const to = from + own;
    const first = binOf(from);
    const last = own > 0 ? binOf(to) : first;
    if (first === last) {
      result[first]! += count;
      continue;
    }
    for (let bin = first; bin <= last; bin++) {
      const start = bin === first ? from : low + bin * width;
      const end = bin === last ? to : low + (bin + 1) * width;
      result[bin]! += (count * (end - start)) / own;
    }
  }
  return result;
}
