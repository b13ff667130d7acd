/** ln Σ exp(value) over `[from, to)`, without overflow; −∞ of nothing. */
export function logSumExp(values: ArrayLike<number>, from = 0, to = values.length): number {
  let highest = -Infinity;
  for (let i = from; i < to; i++) highest = Math.max(highest, values[i]!);
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.exp(values[i]! - highest);
  return highest + Math.log(sum);
}

/**
 * The first integer of `[from, to)` for which something holds, found by halving: what holds for one has to hold
 * for all after it. `to` where it holds for none.
 */
export function firstWhere(from: number, to: number, holds: (i: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(values: Iterable<number>): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}
