import type { HeatmapScale } from '../../charts/heatmap';
import type { Activation } from '../../../src/protocol/jobs/observation';
import type { Activations } from './order';

/** What the heatmap shows of a variable: its values, or the derivative of its activation there. */
export type Quantity = 'value' | 'slope';

/** The derivative of an activation as a function of its value: tanh′ = 1 − s², sigmoid′ = s(1 − s). */
export function slope(activation: Activation, value: number): number {
  return activation === 'sigmoid' ? value * (1 - value) : 1 - value * value;
}

/**
 * Whether a unit hardly passes a gradient on, or a gate is fully open or shut: the same borders as the
 * engine's observations have.
 */
export function isSaturated(activation: NonNullable<Activation>, value: number): boolean {
  return activation === 'tanh' ? 1 - value * value < 0.05 : value < 0.1 || value > 0.9;
}

/** Share of the units that are saturated after each token. `[tokens]` */
export function saturatedShares(
  { width, tokens, values }: Activations,
  activation: NonNullable<Activation>,
): Float64Array {
  return Float64Array.from({ length: tokens }, (_, t) => {
    let saturated = 0;
    for (let unit = 0; unit < width; unit++) {
      if (isSaturated(activation, values[t * width + unit]!)) saturated++;
    }
    return saturated / width;
  });
}

/** Rows of a picture: more units than there is place for are drawn as means of neighbours. */
export interface Rows {
  readonly count: number;
  /** Units in a row; the last row may have fewer. */
  readonly each: number;
}

export function rowsFor(width: number, mostRows: number): Rows {
  const each = Math.max(1, Math.ceil(width / mostRows));
  return { count: Math.ceil(width / each), each };
}

/** The units of a row, in the order in which they are sorted. */
export function unitsOf(order: Int32Array, { each }: Rows, row: number): Int32Array {
  return order.subarray(row * each, (row + 1) * each);
}

/** The mean over the units of a row after a token; with one unit a row, its value. */
export function cellValue(
  { width, values }: Activations,
  units: Int32Array,
  token: number,
  of: (value: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < units.length; i++) sum += of(values[token * width + units[i]!]!);
  return sum / units.length;
}

/**
 * The colours' scale. What an activation bounds has that range; other values have the least of 1, 2 and 5
 * times a power of ten that holds them, and keep the one they had while it still fits well, so that a
 * picture that is drawn again and again does not flicker.
 */
export function scaleOf(
  { values }: Activations,
  activation: Activation,
  quantity: Quantity,
  previous: HeatmapScale | undefined,
): HeatmapScale {
  if (quantity === 'slope') {
    return { kind: 'sequential', least: 0, greatest: activation === 'sigmoid' ? 0.25 : 1 };
  }
  if (activation === 'tanh') return { kind: 'diverging', least: -1, greatest: 1 };
  // About one half: blue is shut and red is open, as blue is low and red is high of every variable.
  if (activation === 'sigmoid') return { kind: 'diverging', least: 0, greatest: 1 };
  let greatest = 0;
  let isSigned = false;
  for (const value of values) {
    if (Number.isFinite(value)) greatest = Math.max(greatest, Math.abs(value));
    if (value < 0) isSigned = true;
  }
  const kept = previous?.greatest ?? 0;
  const fits = greatest <= kept && greatest > kept / 4;
  const limit = fits ? kept : roundUp(greatest);
  return isSigned || previous?.kind === 'diverging'
    ? { kind: 'diverging', least: -limit, greatest: limit }
    : { kind: 'positive', least: 0, greatest: limit };
}

/** The least of 1, 2 and 5 times a power of ten that is not below a number; 1 for zero. */
export function roundUp(value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) return 1;
  const exponent = Math.floor(Math.log10(value));
  // Written out, because 10 ** -5 is not quite the number that is closest to it.
  const limits = [1, 2, 5, 10].map((factor) => Number(`${String(factor)}e${String(exponent)}`));
  return limits.find((limit) => limit >= value * (1 - 1e-12)) ?? limits.at(-1)!;
}
