/** What the panel is told of models that answer examples. */
import * as v from 'valibot';
import { examined } from './jobs/examine';
import { exampleEvaluation } from './jobs/model';
import { count, list, record } from './jobs/schema';

/** A part of the examples that a run has. */
export const examplePart = v.picklist(['train', 'validation', 'test']);
export type ExamplePart = v.InferOutput<typeof examplePart>;

/** How a model of examples has answered a part of its data. */
export const results = v.pipe(
  v.strictObject(
    v.pick(exampleEvaluation.pipe[0], [
      ...(['metrics', 'floors', 'examples', 'targets', 'confusion', 'calibration'] as const),
      ...(['worst', 'byKind', 'numbers', 'suspects', 'duplicates', 'forecasts'] as const),
    ]).entries,
  ),
  v.readonly(),
);
export type Results = v.InferOutput<typeof results>;

/** What the text is shaded by. */
export const exampleShading = v.picklist(['dependence', 'score', 'attention', 'nothing']);
export type ExampleShading = v.InferOutput<typeof exampleShading>;

/** What is to be told of the row at the cursor. */
const exampleQuestion = record({
  /** Variables whose values are wanted. */
  variables: list(v.string()),
  /** The part of the answer that is asked about, from 0; null: the one at the cursor, or the first. */
  part: v.nullable(count),
  shading: exampleShading,
});
export type ExampleQuestion = v.InferOutput<typeof exampleQuestion>;

/** Asks to be told what a model of examples makes of the row at the cursor from now on; null: no longer. */
export const watchExample = record({
  type: v.literal('watchExample'),
  id: v.nullable(v.string()),
  question: exampleQuestion,
});

/** What a model of examples makes of the row or line of the cursor. */
export const exampleMessage = record({
  type: v.literal('example'),
  /** Of the run on show. */
  id: v.string(),
  /** Null: there is no text in front, or nothing that the model reads. */
  place: v.nullable(record({ name: v.string(), line: count, input: v.string() })),
  /** The part of the answer that the cursor is at, from 0; null: none of several. */
  part: v.nullable(count),
  /** Null: it could not be had, and `message` says why. */
  result: v.nullable(examined),
  message: v.string(),
});
export type ExampleMessage = v.InferOutput<typeof exampleMessage>;
