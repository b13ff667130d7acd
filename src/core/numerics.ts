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

/** 0 … count − 1. */
export function upTo(count: number): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(values: Iterable<number>): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Linear between the two values next to it (Hyndman & Fan 1996, type 7); NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * Ids of the `count` greatest logits, the greatest first; of equal ones the lower id first, as
 * `distribution` orders them.
 *
 * @param logits `[C]`, none of them NaN
 * @param count if it is above C, all are given
 */
export function likeliest(logits: ArrayLike<number>, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (best.length === count && logit <= logits[best.at(-1)!]!) continue;
    let place = best.length;
    while (place > 0 && logit > logits[best[place - 1]!]!) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}

/** The place of the greatest of `[from, from + width)`, counted from 0; of equal ones the first. */
export function argmax(values: ArrayLike<number>, from = 0, width = values.length): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
}

/** Entropy of the distribution of what was counted (Shannon 1948), nats; 0 of nothing. */
export function entropyOf(counts: Iterable<number>, total: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= count * Math.log(count / total);
  return total === 0 ? 0 : sum / total;
}
