/** What the panel and its host say of points: tokens by their vectors, steps by hidden states. */
import * as v from 'valibot';
import { projection } from './jobs/project';
import { count, record } from './jobs/schema';

/** What is shown; text and data are the run's own. */
const projectedPoints = v.variant('kind', [
  /** Null: the first matrix that there is. */
  record({ kind: v.literal('vectors'), matrix: v.nullable(v.string()) }),
  /** Of a text a window of the part that is held out, of examples the part. */
  record({
    kind: v.literal('states'),
    variable: v.string(),
    part: v.picklist(['train', 'validation', 'test']),
  }),
]);
export type ProjectedPoints = v.InferOutput<typeof projectedPoints>;

/** Asks where points lie. */
export const projectQuestion = record({
  type: v.literal('project'),
  /** The run on show. */
  id: v.string(),
  points: projectedPoints,
});

/** The answer to the newest question. */
export const projectionMessage = record({
  type: v.literal('projection'),
  id: v.string(),
  points: projectedPoints,
  /** Null: it could not be had, and `message` says why. */
  result: v.nullable(projection),
  message: v.string(),
});
export type ProjectionMessage = v.InferOutput<typeof projectionMessage>;

/** Shows a place of the run's text, in its units: UTF-16, or bytes of a file. */
export const openPlace = record({
  type: v.literal('openPlace'),
  id: v.string(),
  start: count,
  end: count,
});
