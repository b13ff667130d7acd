/** What some numbers come to, and what can be said of their differences. */
import { createRandom } from '../random/random';

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: divided by n − 1; NaN of a single value. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Of so many differences all ways to flip their signs are counted; of more some are drawn. */
const mostExact = 40;
const draws = 200_000;

/** The least p that a sign-flip test can come to with so many pairs. */
export function leastP(pairs: number): number {
  return 2 ** -pairs;
}

/**
 * The sign-flip permutation test of paired differences, one-sided (Fisher 1935): the share of all ways to flip their signs whose
 * sum is at least as large as the one seen. Exact up to 40 differences.
 *
 * @param differences above 0 where they speak for what is claimed
 */
export function signFlipP(differences: readonly number[]): number {
  const observed = differences.reduce((sum, value) => sum + value, 0);
  const scale = differences.reduce((sum, value) => sum + Math.abs(value), 0);
  // Sums in another order differ in their last bits: those that are equal must count as equal.
  const least = observed - 1e-12 * scale;
  if (differences.length > mostExact) return drawnP(differences, least);
  const half = Math.ceil(differences.length / 2);
  const first = flippedSums(differences.slice(0, half));
  const second = flippedSums(differences.slice(half));
  let count = 0;
  let from = second.length;
  for (const sum of first) {
    while (from > 0 && sum + second[from - 1]! >= least) from--;
    count += second.length - from;
  }
  return count / 2 ** differences.length;
}

/** The sums of values with each choice of signs, ascending. */
function flippedSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  let filled = 1;
  for (const value of values) {
    for (let i = 0; i < filled; i++) {
      sums[filled + i] = sums[i]! - value;
      sums[i] = sums[i]! + value;
    }
    filled *= 2;
  }
  return sums.sort();
}

function drawnP(differences: readonly number[], least: number): number {
  const random = createRandom(1);
  let count = 1;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < differences.length; i++) {
      if (i % 32 === 0) bits = random.bits();
      sum += (bits & 1) === 0 ? differences[i]! : -differences[i]!;
      bits >>= 1;
    }
    if (sum >= least) count++;
  }
  return count / (draws + 1);
}
