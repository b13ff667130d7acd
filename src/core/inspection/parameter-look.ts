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
const sliceEntries = 2 ** 17;

/**
 * Norms and histograms of a parameter's values and gradient right after a step; padding is left out.
 *
 * @param arena asked for again after each yield
 * @param before the parameter block as it was before the step
 * @yields now and then, so that a large parameter does not hold others up
 */
export function* lookAtParameter(
  arena: () => Floats,
  { parameters, gradients }: Pick<ArenaLayout, 'parameters' | 'gradients'>,
  before: Floats,
  parameter: Parameter,
): Generator<undefined, ParameterLook, undefined> {
  const { rows, columns, offset, columnStride } = parameter;
  const perSlice = Math.ceil(sliceEntries / rows);
  const weight = { squares: 0, least: Infinity, greatest: -Infinity };
  const gradient = { squares: 0, least: Infinity, greatest: -Infinity };
  const change = { difference: 0, before: 0 };
  for (let from = 0; from < columns; from += perSlice) {
    const floats = arena();
    for (let column = from; column < Math.min(columns, from + perSlice); column++) {
      const start = offset + column * columnStride;
      extend(weight, floats, parameters + start, rows);
      extend(gradient, floats, gradients + start, rows);
      compare(change, floats, parameters + start, before, start, rows);
    }
    yield undefined;
  }
  const weights = createHistogram(weight);
  const gradientValues = createHistogram(gradient);
  for (let from = 0; from < columns; from += perSlice) {
    const floats = arena();
    for (let column = from; column < Math.min(columns, from + perSlice); column++) {
      const start = offset + column * columnStride;
      count(weights, floats, parameters + start, rows);
      count(gradientValues, floats, gradients + start, rows);
    }
    yield undefined;
  }
  return {
    gradientNorm: Math.sqrt(gradient.squares),
    weightNorm: Math.sqrt(weight.squares),
    updateRatio: change.before === 0 ? NaN : Math.sqrt(change.difference / change.before),
    weights,
    gradients: gradientValues,
  };
}

/** Of values so far: the sum of their squares, the least and the greatest finite one. */
interface Extent {
  squares: number;
  least: number;
  greatest: number;
}

function extend(extent: Extent, values: Floats, start: number, length: number): void {
  let { squares, least, greatest } = extent;
  for (let i = start; i < start + length; i++) {
    const value = values[i]!;
    squares += value * value;
    // No comparison with NaN is true.
    if (value < least && value !== -Infinity) least = value;
    if (value > greatest && value !== Infinity) greatest = value;
  }
  extent.squares = squares;
  extent.least = least;
  extent.greatest = greatest;
}

/** Adds the squares of what has changed, and of what was there before. */
function compare(
  change: { difference: number; before: number },
  values: Floats,
  start: number,
  before: Floats,
  beforeStart: number,
  length: number,
): void {
  let difference = 0;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const old = before[beforeStart + i]!;
    const changed = values[start + i]! - old;
    difference += changed * changed;
    squares += old * old;
  }
  change.difference += difference;
  change.before += squares;
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
  const scale = last > 0 ? counts.length / (greatest - least) : 0;
  for (let i = start; i < start + length; i++) {
    const value = values[i]!;
    // False of all that is not finite. The greatest value closes the last bin.
    if (value >= least && value <= greatest) {
      counts[Math.min(last, ((value - least) * scale) | 0)]!++;
    }
  }
}
