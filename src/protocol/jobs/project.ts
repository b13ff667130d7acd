/** Points in the few directions in which they differ most: tokens by their vectors, steps by the hidden states there. */
import * as v from 'valibot';
import { column, count, list, record } from './schema';
import { modelSource, textSource } from './shared';

/** What is shown as points. */
export const projected = v.variant('kind', [
  /** Tokens, by a matrix that has a vector for each; null: the first of them. */
  record({ kind: v.literal('vectors'), matrix: v.nullable(v.string()) }),
  /** The tokens of a text, by what a variable is after each. */
  record({
    kind: v.literal('text'),
    variable: v.string(),
    text: v.string(),
    /** What is read before. */
    before: v.string(),
  }),
  /** Steps of examples of a part of the run's data, by what a variable is there. */
  record({
    kind: v.literal('examples'),
    variable: v.string(),
    part: v.picklist(['train', 'validation', 'test']),
    /** Where the run's data is now. */
    source: v.optional(textSource),
  }),
]);

const projectRequest = record({
  kind: v.literal('project'),
  model: modelSource,
  points: projected,
});
export type ProjectRequest = v.InferOutput<typeof projectRequest>;

/** A matrix with a vector for each token. */
const tokenMatrix = record({
  /** Of the parameter: `embedding.E`. */
  name: v.string(),
  /** Whose tokens: those that are read, of the answer so far, or that are predicted. */
  of: v.picklist(['input', 'answer', 'output']),
});

/** Columns have an entry a point. */
export const projection = record({
  step: count,
  /** All matrices that may be asked for. */
  matrices: list(tokenMatrix),
  /** What is shown: the matrix, or the variable. */
  of: v.string(),
  /** Of a point. */
  width: count,
  /** How many there are; as many as there are names are shown. */
  total: count,
  /** For the eye: tokens, or numbers of steps. */
  names: list(v.string()),
  /** Along the principal axes, from the mean of all points. `[points, axes]`, row-major */
  coordinates: column,
  /** Share of the variance along each; NaN where all points are the same. `[axes]` */
  shares: column,
  /** Of the data: what a point's step, or its example, should be answered with. `characters`: what the token begins with. */
  classesOf: v.picklist(['data', 'characters']),
  /** Of each point its place in `classNames`; NaN: none. */
  classes: column,
  classNames: list(v.string()),
  /** Nats; NaN: it has none. */
  loss: column,
  /** In UTF-16 units of the text; NaN: it is no place. */
  starts: column,
  ends: column,
  /** Of the file, from 1; NaN: it is none. */
  lines: column,
  /** The points whose directions from the origin are nearest, by the cosine; NaN: there are no more. `[points, near]` */
  nearest: column,
  cosines: column,
});
export type Projection = v.InferOutput<typeof projection>;

export const projectJob = { request: projectRequest, event: v.never(), result: projection };

/** The tokens whose vectors are nearest to one. */
const nearestRequest = record({
  kind: v.literal('nearest'),
  model: modelSource,
  /** The first of these that is one token of the model: a word, then the character at the cursor. */
  words: list(v.string()),
  /** This one instead: parts of characters have no word of their own. */
  token: v.optional(count),
  /** Null: the first matrix that reads tokens. */
  matrix: v.nullable(v.string()),
  /** How many. */
  most: count,
});
export type NearestRequest = v.InferOutput<typeof nearestRequest>;

const nearestResult = record({
  step: count,
  matrices: list(tokenMatrix),
  matrix: v.string(),
  /** What was found of what was asked about. */
  word: v.string(),
  /** The nearest first. */
  near: list(
    record({
      /** As the text has it, and for the eye. */
      word: v.string(),
      name: v.string(),
      token: count,
      cosine: v.number(),
    }),
  ),
});
export type NearestResult = v.InferOutput<typeof nearestResult>;

export const nearestJob = { request: nearestRequest, event: v.never(), result: nearestResult };
