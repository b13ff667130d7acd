/** What goes on inside a model of examples as it answers one of them. */
import * as v from 'valibot';
import { column, count, list, record } from './schema';

/** What there are rows for: the example, each step of the source, each step of the answer. */
const domain = v.picklist(['example', 't', 'u']);
export type InsideDomain = v.InferOutput<typeof domain>;

const dependence = record({
  /** A state, or what is read: `x[t]`, or the embedding of it. */
  variable: v.string(),
  domain,
  /** ‖∂E_o/∂v_s‖ of each part of the answer at each step of the variable: `[parts, steps]` */
  norms: column,
});
export type InsideDependence = v.InferOutput<typeof dependence>;

const values = record({
  name: v.string(),
  domain,
  width: count,
  /** `[steps, width]` */
  values: column,
});
export type InsideValues = v.InferOutput<typeof values>;

/** A state or an input that is read, at which of its steps. */
const laneRead = record({
  name: v.string(),
  at: v.picklist(['same', 'first', 'last', 'all']),
});

const lane = record({
  /** With the equations that are its own: `h` with `h.c`. */
  state: v.string(),
  domain,
  /** Whether it runs from right to left. */
  backward: v.boolean(),
  /** States and inputs (`x`, `x[t]`, `x[u]`) that it reads, and that it begins with. */
  reads: list(laneRead),
  start: list(laneRead),
});
export type InsideLane = v.InferOutput<typeof lane>;

export const inside = record({
  /** Names of the steps that are read; of a source that is no sequence none. */
  source: list(v.string()),
  /** Of each step `[start, end)` in UTF-16 units of the cell, one after the other; null: it is no text. */
  spans: v.nullable(column),
  /** The parts of the answer that are differentiated: the true ones where they are known, a sequence's END included. */
  parts: list(v.string()),
  /** What the parts have rows for. */
  domain,
  /** The model's own answer, part by part; without END. */
  answers: list(v.string()),
  /** What E is: the loss of the true answer, or of the model's own, or the numbers that it answers. */
  of: v.picklist(['truth', 'answer', 'value']),
  /** E of each part, nats; NaN where it is the answer itself, or there is no target. */
  loss: column,
  inputs: list(dependence),
  states: list(dependence),
  /** Those that were asked for. */
  variables: list(values),
  /** Names of all that can be asked for, with what they have rows for. */
  known: list(record({ name: v.string(), domain, width: count })),
  /** What goes from step to step, and what the prediction reads of it. */
  lanes: list(lane),
  output: list(laneRead),
  /** ∂E/∂x of the part that was asked for, of numbers that are read; null: symbols are. */
  gradient: v.nullable(values),
  /** Names of the numbers that are read at a step; of a picture none. */
  units: list(v.string()),
  /** The picture that is read, as the model reads it: `[height, width, channels]`, 0 … 255; null: none is. */
  image: v.nullable(record({ width: count, height: count, channels: count, pixels: column })),
});
export type Inside = v.InferOutput<typeof inside>;
