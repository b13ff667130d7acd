/** Training a run again, to see whether it comes out the same. */
import * as v from 'valibot';
import { anyNumber, count, record } from './schema';
import { textSource, progressEvent } from './shared';

const reproduceRequest = record({
  kind: v.literal('reproduce'),
  run: v.string(),
  /** The run's text, where it is no longer at its place; undefined: from there. */
  source: v.optional(textSource),
  /** Path of the word vectors that the run started with, where they are no longer at their place. */
  vectors: v.optional(v.string()),
  /** 0: as many as the machine has; undefined: as the run's settings say. The losses are the same. */
  threads: v.optional(v.number()),
});
export type ReproduceRequest = v.InferOutput<typeof reproduceRequest>;

const reproduceResult = record({
  /** Up to here everything was as recorded. */
  steps: count,
  /** Rows of metrics and measurements that agreed bit by bit, but for those that agreed `nearly`. */
  rows: count,
  evaluations: count,
  /** Of the measurements: recorded by an earlier version, and equal to 1e-4 of their loss only. */
  nearly: count,
  /** Rows and measurements after the last checkpoint of a training by the clock, which cannot be compared. */
  beyond: count,
  /** Whether every tensor of the last checkpoint agreed; null: there is none to compare, or a loss differs. */
  tensors: v.nullable(v.boolean()),
  /** The first difference; null: all is identical. */
  difference: v.nullable(
    record({
      step: count,
      what: v.picklist(['loss', 'validation loss', 'number', 'missing', 'tensor', 'end']),
      /** The number's label, the event of the missing line, or the tensor's name; else empty. */
      name: v.string(),
      recorded: anyNumber,
      got: anyNumber,
    }),
  ),
  seconds: v.number(),
});
export type ReproduceResult = v.InferOutput<typeof reproduceResult>;

export const reproduceJob = {
  request: reproduceRequest,
  event: progressEvent,
  result: reproduceResult,
};
