import type { ShownVariable } from './slice';

/** The derivative of a variable's activation, as a formula of its value: `tanh′ = 1 − s²`. */
export function slopeFormula({ symbol, activation }: ShownVariable): string {
  return activation === 'sigmoid' ? `σ′ = ${symbol}(1 − ${symbol})` : `tanh′ = 1 − ${symbol}²`;
}
