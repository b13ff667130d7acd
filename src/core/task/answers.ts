/** What a model answers, read from a program that has run. */
import type { Floats } from '../engine/backend';
import type { View } from '../engine/program';

/** A symbol, with its probability given all before it. */
export interface LikelySymbol {
  readonly id: number;
  readonly probability: number;
}

/** Where the logits of a step are. */
export interface LogitsAt {
  readonly floats: Floats;
  readonly view: View;
  readonly step: number;
  readonly row: number;
}

/** The probability of each symbol. */
export function probabilitiesAt(place: LogitsAt): Float64Array {
  const logits = logitsAt(place);
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The likeliest symbols, the likeliest first; of equal ones the first. */
export function likeliest(probabilities: Float64Array, most: number): LikelySymbol[] {
  return Array.from(probabilities, (probability, id) => ({ id, probability }))
    .sort((a, b) => b.probability - a.probability || a.id - b.id)
    .slice(0, most);
}

/** The probability of each label, whatever the others. */
export function labelsAt(place: LogitsAt): Float64Array {
  return logitsAt(place).map((value) => 1 / (1 + Math.exp(-value)));
}

/** What stands before the response: for numbers, the answer itself. */
export function logitsAt({ floats, view, step, row }: LogitsAt): Float64Array {
  const start = view.offset + step * view.timeStride + row * view.rowStride;
  return Float64Array.from(floats.subarray(start, start + view.width));
}
