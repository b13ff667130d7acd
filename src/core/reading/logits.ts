/** What logits say, read where they lie. */
import type { Floats } from '../engine/backend';
import { logSumExp } from '../numerics';

/** `width` logits from `start` on. */
export interface Logits {
  readonly floats: Floats;
  readonly start: number;
  readonly width: number;
}

/** ln Σ exp(logit). */
export function logSum({ floats, start, width }: Logits): number {
  return logSumExp(floats, start, start + width);
}

/** Place of a token among all, by probability: 1 is the likeliest; of equally likely ones the lower id goes first. */
export function rankOf({ floats, start, width }: Logits, id: number): number {
  const own = floats[start + id]!;
  let rank = 1;
  for (let i = 0; i < width; i++) {
    const other = floats[start + i]!;
    if (other > own || (other === own && i < id)) rank++;
  }
  return rank;
}

/** Logits for who wants them as an array. */
export function asArray({ floats, start, width }: Logits): Floats {
  return floats.subarray(start, start + width);
}
