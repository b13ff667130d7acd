/** What is understood of a table before anything is trained on it. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { list, record } from './schema';
import { settingValues, textSource } from './shared';

const understandRequest = record({
  kind: v.literal('understand'),
  source: textSource,
  settings: settingValues,
  /** In place of what `FILE.rnn.json` says: `Overrides` of src/core/task/overrides.ts. */
  overrides: v.record(v.string(), v.unknown()),
});
export type UnderstandRequest = v.InferOutput<typeof understandRequest>;

const understoodTable = record({
  /** In one line. */
  line: sentenceSchema,
  shape: sentenceSchema,
  inputs: list(v.string()),
  outputs: list(v.string()),
  /** All columns in the table's order, each with its type as in overrides; what is not read is `unused`. */
  columns: list(record({ name: v.string(), type: v.string() })),
});
export type UnderstoodTable = v.InferOutput<typeof understoodTable>;

export const understandJob = {
  request: understandRequest,
  event: v.never(),
  /** Null: it is plain text. */
  result: record({ table: v.nullable(understoodTable) }),
};
