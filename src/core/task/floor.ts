import * as v from 'valibot';
import { scoreNames } from '../metrics/columns';
import type { Answers } from './tally';

/** A way to answer: in a row of its answers is the example of that number. */
export type Way = Partial<Answers> & { readonly name: string };

/** What a way that learns no states comes to on the same held-out examples: a result below it has learnt nothing. */
export const floor = v.object({
  /** `majority`, `naive Bayes` … */
  name: v.string(),
  /** The score that it is of. */
  score: v.picklist(scoreNames),
  value: v.number(),
});
export type Floor = v.InferOutput<typeof floor>;
