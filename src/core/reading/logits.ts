/** What logits say, read where they lie. */
import type { Floats } from '../engine/backend';

/** `width` logits from `start` on. */
export interface Logits {
  readonly floats: Floats;
  readonly start: number;
  readonly width: number;
}

/** ln Σ exp(logit). */
export function logSum({ floats, start, width }: Logits): number {
  const end = start + width;
  let highest = -Infinity;
  for (let i = start; i < end; i++) if (floats[i]! > highest) highest = floats[i]!;
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.exp(floats[i]! - highest);
  return highest + Math.log(sum);
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
