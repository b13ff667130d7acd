import type { ArenaLayout, Floats } from '../engine/backend';
import type { Parameter } from '../engine/parameters';
import type { Histogram } from './observation';

/** What an observation says of one parameter. */
export interface ParameterLook {
  readonly gradientNorm: number;
  readonly weightNorm: number;
  readonly updateRatio: number;
  readonly weights: Histogram;
  readonly gradients: Histogram;
}

const bins = 40;
/** Entries between two yields: a millisecond or two. */
const sliceEntries = 2 ** 18;

/**
 * Norms and histograms of a parameter's values and gradient right after a step; padding is left out.
 *
 * @param floats the arena, asked for anew after each yield
 * @param before the parameter block as it was before the step
 * @yields now and then, so that a large parameter does not hold others up
 */
export function* lookAtParameter(
  floats: () => Floats,
  { parameters, gradients }: Pick<ArenaLayout, 'parameters' | 'gradients'>,
  before: Floats,
  parameter: Parameter,
): Generator<undefined, ParameterLook, undefined> {
  const { rows, columns, offset, columnStride } = parameter;
  const weight = createExtent();
  const gradient = createExtent();
  let changed = 0;
  let previous = 0;
  for (const column of slices(columns, rows)) {
    if (column === undefined) {
      yield undefined;
      continue;
    }
    const arena = floats();
    const start = offset + column * columnStride;
    extend(weight, arena, parameters + start, rows);
    extend(gradient, arena, gradients + start, rows);
    changed += squaredDistance(arena, parameters + start, before, start, rows);
    previous += squaredNorm(before, start, rows);
  }
  const weights = createHistogram(weight);
  const gradientBins = createHistogram(gradient);
  for (const column of slices(columns, rows)) {
    if (column === undefined) {
      yield undefined;
      continue;
    }
    const arena = floats();
    const start = offset + column * columnStride;
    count(weights, arena, parameters + start, rows);
    count(gradientBins, arena, gradients + start, rows);
  }
  return {
    gradientNorm: Math.sqrt(gradient.squares),
    weightNorm: Math.sqrt(weight.squares),
    updateRatio: previous === 0 ? NaN : Math.sqrt(changed / previous),
    weights,
    gradients: gradientBins,
  };
}

/** Numbers of columns, and undefined where it is time to let others in. */
function* slices(columns: number, rows: number): Generator<number | undefined> {
  let entries = 0;
  for (let column = 0; column < columns; column++) {
    yield column;
    entries += rows;
    if (entries < sliceEntries) continue;
    entries = 0;
    yield undefined;
  }
}

/** Of numbers seen so far: their squares' sum, and the least and greatest finite one. */
interface Extent {
  squares: number;
  least: number;
  greatest: number;
}

function createExtent(): Extent {
  return { squares: 0, least: Infinity, greatest: -Infinity };
}

function extend(extent: Extent, values: Floats, start: number, length: number): void {
  let { squares, least, greatest } = extent;
  for (let i = start; i < start + length; i++) {
    const value = values[i]!;
    squares += value * value;
    if (value < least && value !== -Infinity) least = value;
    if (value > greatest && value !== Infinity) greatest = value;
  }
  extent.squares = squares;
  extent.least = least;
  extent.greatest = greatest;
}

function squaredNorm(values: Floats, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += values[i]! * values[i]!;
  return sum;
}

function squaredDistance(
  values: Floats,
  start: number,
  others: Floats,
  otherStart: number,
  length: number,
): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const difference = values[start + i]! - others[otherStart + i]!;
    sum += difference * difference;
  }
  return sum;
}

function createHistogram({ least, greatest }: Extent): Histogram {
  if (least > greatest) return { least: NaN, greatest: NaN, counts: new Float64Array(0) };
  return { least, greatest, counts: new Float64Array(least === greatest ? 1 : bins) };
}

function count(
  { least, greatest, counts }: Histogram,
  values: Floats,
  start: number,
  length: number,
): void {
  const last = counts.length - 1;
  const scale = last < 1 ? 0 : counts.length / (greatest - least);
  for (let i = start; i < start + length; i++) {
    const bin = Math.trunc((values[i]! - least) * scale);
    // The greatest value closes the last bin; what is not finite is in none.
    if (bin >= 0 && values[i]! <= greatest) counts[Math.min(bin, last)]!++;
  }
}
