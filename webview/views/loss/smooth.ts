import type { Numbers } from '../../charts/line';

/** How far a smoothed value looks back: the share of the run within which weights fall to 1/e. */
export const smoothings = { none: 0, light: 0.01, strong: 0.05 } as const;
export type Smoothing = keyof typeof smoothings;

/**
 * Exponential moving mean of rows that each stand for some steps, without the bias towards its start
 * (Kingma & Ba 2015, §3). A row that is not finite is passed over and stays what it is.
 *
 * @param steps how many steps each row stands for
 * @param reach steps within which a row's weight falls to 1/e
 */
export function smoothed(values: Numbers, steps: Numbers, reach: number): Float64Array {
  const result = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    result[i] = value;
    if (!Number.isFinite(value)) continue;
    const kept = Math.exp(-steps[i]! / reach);
    sum = kept * sum + (1 - kept) * value;
    weight = kept * weight + (1 - kept);
    result[i] = sum / weight;
  }
  return result;
}
