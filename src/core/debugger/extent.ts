/** How large numbers are, without a copy of them: of a million there are many. */
import type { Term } from './backward';
import { dense, type Arithmetic } from './values';

export interface Extent {
  readonly squares: number;
  readonly least: number;
  readonly greatest: number;
}

/** Of none, and of zeros. */
export const nothing: Extent = { squares: 0, least: 0, greatest: 0 };

export function extentOf(values: Float64Array): Extent {
  let [squares, least, greatest] = [0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    squares += value * value;
    // What is no number makes both so.
    if (!(value >= least)) least = value;
    if (!(value <= greatest)) greatest = value;
  }
  return { squares, least, greatest };
}

/** Of gradient operandᵀ, without the matrix. */
export function extentOfTerm({ gradient, operand }: Term, columns: number): Extent {
  const g = extentOf(gradient);
  if (operand === undefined) return g;
  const x = extentOf(dense(operand, columns));
  const corners = [g.least, g.greatest].flatMap((a) => [a * x.least, a * x.greatest]);
  return {
    squares: g.squares * x.squares,
    least: Math.min(...corners),
    greatest: Math.max(...corners),
  };
}

/** Of total + gradient operandᵀ, as `addOuter` would make it. */
export function extentWith(
  total: Float64Array,
  { gradient, operand }: Term,
  numbers: Arithmetic,
): Extent {
  const columns = total.length / gradient.length;
  const x = operand === undefined ? Float64Array.of(1) : dense(operand, columns);
  const isRounded = numbers.precision === 'float32';
  let [squares, least, greatest] = [0, Infinity, -Infinity];
  for (let r = 0, i = 0; r < gradient.length; r++) {
    const g = gradient[r]!;
    for (let c = 0; c < columns; c++, i++) {
      const value = isRounded
        ? Math.fround(total[i]! + Math.fround(g * x[c]!))
        : total[i]! + g * x[c]!;
      squares += value * value;
      if (!(value >= least)) least = value;
      if (!(value <= greatest)) greatest = value;
    }
  }
  return { squares, least, greatest };
}
