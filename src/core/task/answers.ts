/** What a model answers, read from a program that has run. */
import type { Floats } from '../engine/backend';
import type { View } from '../engine/program';
import { likeliest, logSumExp } from '../numerics';

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

/** The likeliest symbols, the likeliest first; of equal ones the lower id first. */
export function symbolsAt(place: LogitsAt, most: number): LikelySymbol[] {
  const logits = logitsAt(place);
  const sum = logSumExp(logits);
  return likeliest(logits, most).map((id) => ({ id, probability: Math.exp(logits[id]! - sum) }));
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
