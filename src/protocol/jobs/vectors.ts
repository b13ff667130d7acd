/** Training word vectors. */
import * as v from 'valibot';
import { count, record } from './schema';
import { progressEvent, textSource } from './shared';

const vectorsRequest = record({
  kind: v.literal('vectors'),
  source: textSource,
  /** The file to write: word2vec’s text (`.vec`, `.txt`) or its binary form (`.bin`). */
  path: v.string(),
  /** Values of a vector. */
  width: count,
  /** Words on either side that are near. */
  window: count,
  negatives: count,
  /** Words that come less often have no vector. */
  minCount: count,
  subsample: v.number(),
  epochs: count,
  learningRate: v.number(),
  seed: count,
});
export type VectorsRequest = v.InferOutput<typeof vectorsRequest>;

const vectorsResult = record({
  /** Words that have a vector, and how many of the text's were read an epoch. */
  words: count,
  tokens: count,
  bytes: count,
  seconds: v.number(),
});
export type VectorsResult = v.InferOutput<typeof vectorsResult>;

export const vectorsJob = { request: vectorsRequest, event: progressEvent, result: vectorsResult };
