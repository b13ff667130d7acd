/** What a model of examples makes of one of them, step by step. */
import * as v from 'valibot';
import { inside } from './inside';
import { anyNumber, column, count, list, record } from './schema';
import { modelSource } from './shared';

const examineRequest = record({
  kind: v.literal('examine'),
  model: modelSource,
  /** Cells of the columns that go in. */
  cells: list(v.string()),
  /** Where names of images begin; they are as they stand if not given. */
  folder: v.optional(v.string()),
  /** Cells of the columns that come out, where they are known. */
  truth: v.optional(list(v.string())),
  /** To look inside: at which variables (all: undefined), and at the gradient of which part of the answer. */
  inside: v.optional(record({ variables: v.optional(list(v.string())), part: v.optional(count) })),
});
export type ExamineRequest = v.InferOutput<typeof examineRequest>;

export const examined = record({
  /** As the data would have it. */
  answer: v.string(),
  /** NaN of numbers. */
  probability: anyNumber,
  /** Null: what is read is no sequence, or the answer no symbol. */
  picture: v.nullable(
    record({
      /**
       * `prefixes`: the probability of each class (row) after what is read up to each token; `steps`: that of each
       * tag at each token; `attention`: where each symbol of the answer (row) looked.
       */
      of: v.picklist(['prefixes', 'steps', 'attention']),
      /** Tokens that are read. */
      columns: list(v.string()),
      rows: list(v.string()),
      /** `[rows, columns]`, each 0 to 1. */
      values: column,
    }),
  ),
  /** Null: it was not asked for, or there is nothing to see of such an answer. */
  inside: v.nullable(inside),
});
export type Examined = v.InferOutput<typeof examined>;

export const examineJob = { request: examineRequest, event: v.never(), result: examined };
