/** What completion is worth: a typist simulated on a text that the model has not learnt from. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { completionEnd } from './complete';
import { anyNumber, count, list, record } from './schema';
import { modelSource, textSource, progressEvent } from './shared';

/** Confidences that are tried, where none are given. */
export const defaultThresholds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** The typist's rules are those of `src/core/keystrokes/typist.ts`. */
const keystrokesRequest = record({
  kind: v.literal('keystrokes'),
  model: modelSource,
  /** What is typed. */
  source: textSource,
  /**
   * What the baselines learn from. Default: the part of the run's own text that the model learnt from, if its
   * file is still the same; else there are no baselines, and a warning says so.
   */
  training: v.optional(textSource),
  /** Confidences, each between 0 and 1. */
  thresholds: v.optional(list(v.number())),
  maxTokens: v.optional(count),
  until: v.optional(completionEnd),
  /** Type only so many characters from the start; 0, the default: all. */
  limit: v.optional(count),
});
export type KeystrokesRequest = v.InferOutput<typeof keystrokesRequest>;

/** What came of one confidence. */
export const keystrokesRow = record({
  threshold: v.number(),
  /** Keys pressed: characters typed and suggestions accepted. */
  keystrokes: count,
  /** 1 − keystrokes / characters. */
  saved: v.number(),
  /** Share of the places typed at where something was shown. */
  shown: v.number(),
  /** Of what was shown: the share of suggestions that were right to their end; NaN if none was shown. */
  rightSuggestions: anyNumber,
  /** Of what was shown: the share of characters that were right, up to the first that is not. */
  rightCharacters: anyNumber,
});
export type KeystrokesRow = v.InferOutput<typeof keystrokesRow>;

const keystrokesResult = record({
  /** Unicode code points typed. */
  characters: count,
  suggesters: list(
    record({
      /** `model`, `n-gram` (PPM-C of order 5), `words` (the commonest word that begins so). */
      name: v.picklist(['model', 'n-gram', 'words']),
      rows: list(keystrokesRow),
    }),
  ),
  seconds: v.number(),
  warnings: list(sentenceSchema),
});
export type KeystrokesResult = v.InferOutput<typeof keystrokesResult>;

export const keystrokesJob = {
  request: keystrokesRequest,
  event: progressEvent,
  result: keystrokesResult,
};
