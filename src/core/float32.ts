/** What of a number that comes in from elsewhere is left in float32, in which models are kept and computed. */
import { sentence, type Sentence } from './sentence';

/** What is wrong with a number that was written down, and what can be written; undefined: float32 has it, rounded. */
export function float32Problem(
  value: number,
): { readonly problem: Sentence; readonly hint: Sentence } | undefined {
  const kept = Math.fround(value);
  if (Math.abs(kept) === Infinity) {
    return {
      problem: sentence`This number is too large.`,
      hint: sentence`The largest is about 3.4e38.`,
    };
  }
  if (kept === 0 && value !== 0) {
    return {
      problem: sentence`This number is too small.`,
      hint: sentence`The smallest above 0 is about 1.4e-45; write 0 for less.`,
    };
  }
  return undefined;
}

/** The place of the first finite number that is infinite in float32; -1: there is none. */
export function firstBeyondFloat32(values: Float64Array): number {
  return values.findIndex(
    (value) => Number.isFinite(value) && !Number.isFinite(Math.fround(value)),
  );
}
