/** How a model of examples reads the rows of a data file: values along each, and units that tell parts of them apart. */
import * as v from 'valibot';
import { range } from './read';
import { anyNumber, column, count, list, record } from './schema';
import { modelSource, progressEvent } from './shared';

/** What a row is shaded by. */
export const rowShading = v.variant('kind', [
  /** The probability of what is finally answered, after each token; of tags that of each. */
  record({ kind: v.literal('score') }),
  /** What the true answer costs: of tags each token's, else the row's. */
  record({ kind: v.literal('loss') }),
  /** A unit after each token, from 0. */
  record({ kind: v.literal('unit'), variable: v.string(), unit: count }),
]);
export type RowShading = v.InferOutput<typeof rowShading>;

const aboutRows = {
  model: modelSource,
  /** Where names of images begin. */
  folder: v.optional(v.string()),
};

const shadeRowsRequest = record({
  kind: v.literal('shadeRows'),
  ...aboutRows,
  rows: list(
    record({
      /** Cells of the columns that go in, and that come out where they are known. */
      cells: list(v.string()),
      truth: v.optional(list(v.string())),
    }),
  ),
  by: rowShading,
});
export type ShadeRowsRequest = v.InferOutput<typeof shadeRowsRequest>;

const shadedRow = record({
  /** Of each step `[start, end)` in UTF-16 units of the cell, one after the other; null: the row is shaded as a whole. */
  spans: v.nullable(column),
  /** Of each step, or one of the row; NaN: there is none. */
  values: column,
  /** As the data would have it; with the probability, NaN of numbers. */
  answer: v.string(),
  probability: anyNumber,
});
export type ShadedRow = v.InferOutput<typeof shadedRow>;

const shadeRowsResult = record({
  step: count,
  /** Of the strongest shade. */
  most: v.number(),
  /** In the order of the request; null: the model cannot read it, or there is nothing to see. */
  rows: list(v.nullable(shadedRow)),
});
export type ShadeRowsResult = v.InferOutput<typeof shadeRowsResult>;

export const shadeRowsJob = {
  request: shadeRowsRequest,
  event: v.never(),
  result: shadeRowsResult,
};

/** Units whose values after the tokens within some spans differ from those elsewhere; see `findUnits`. */
const findRowUnitsRequest = record({
  kind: v.literal('findRowUnits'),
  ...aboutRows,
  rows: list(
    record({
      cells: list(v.string()),
      /** Of the cell, UTF-16 units. */
      spans: list(range),
    }),
  ),
  /** How many units to give. */
  top: count,
});
export type FindRowUnitsRequest = v.InferOutput<typeof findRowUnitsRequest>;

const findRowUnitsResult = record({
  step: count,
  /** The one that separates best first. */
  units: list(record({ variable: v.string(), unit: count, auc: v.number() })),
  /** Tokens inside and outside. */
  inside: count,
  outside: count,
});
export type FindRowUnitsResult = v.InferOutput<typeof findRowUnitsResult>;

export const findRowUnitsJob = {
  request: findRowUnitsRequest,
  event: progressEvent,
  result: findRowUnitsResult,
};
