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
