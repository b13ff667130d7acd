/**
 * What a run's folder keeps of looks at its training: `observations.jsonl` and `samples.jsonl`, an object a
 * line, oldest first. Numbers have six digits.
 */
import * as v from 'valibot';
import type { Observation, TrainingSample } from '../inspection/observation';
import { anyNumber, replaceNumbers } from '../json-numbers';

/** A line of `observations.jsonl`. */
export function encodeObservation(observation: Observation): string {
  return `${JSON.stringify(observation, replace)}\n`;
}

/** A line of `samples.jsonl`. */
export function encodeSample(sample: TrainingSample): string {
  return `${JSON.stringify(sample, replace)}\n`;
}

function replace(key: string, value: unknown): unknown {
  if (value instanceof Float64Array) return Array.from(value);
  if (typeof value !== 'number' || key === 'step') return value;
  return replaceNumbers(key, Number(value.toPrecision(6)));
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const column = v.pipe(
  v.array(anyNumber),
  v.transform((values) => Float64Array.from(values)),
);
const histogram = v.object({ least: anyNumber, greatest: anyNumber, counts: column });

const observation = v.pipe(
  v.object({
    step: count,
    seconds: v.number(),
    gradientNorm: column,
    weightNorm: column,
    updateRatio: column,
    weights: v.array(histogram),
    gradients: v.array(histogram),
    lags: v.array(v.object({ variable: v.string(), norms: column })),
    saturation: v.array(v.object({ variable: v.string(), share: anyNumber })),
  }),
  v.check(
    ({ gradientNorm, weightNorm, updateRatio, weights, gradients }) =>
      [weightNorm, updateRatio, weights, gradients].every(
        ({ length }) => length === gradientNorm.length,
      ),
    'Expected an entry a parameter',
  ),
);

const sample = v.object({
  step: count,
  seconds: v.number(),
  temperature: v.number(),
  text: v.string(),
});

/** Reads `observations.jsonl`; lines that are damaged are left out, and those that a resumed run wrote again. */
export function decodeObservations(text: string): Observation[] {
  return decodeLines(text, observation);
}

/** Reads `samples.jsonl`, as `decodeObservations`. */
export function decodeSamples(text: string): TrainingSample[] {
  return decodeLines(text, sample);
}

function decodeLines<Item extends { readonly step: number }>(
  text: string,
  schema: v.GenericSchema<unknown, Item>,
): Item[] {
  const items: Item[] = [];
  for (const line of text.split('\n')) {
    const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), line);
    if (!result.success) continue;
    while (items.length > 0 && items.at(-1)!.step >= result.output.step) items.pop();
    items.push(result.output);
  }
  return items;
}
