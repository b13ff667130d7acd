/** A look back from a place in a document: states, losses, and the gradient of one loss through time. */
import * as v from 'valibot';
import { nextToken } from './complete';
import { aboutDocument, outdated } from './follow';
import { variableValues } from './read';
import { anyNumber, column, count, list, record } from './schema';

/** Most tokens of a window. */
export const longestLook = 256;

/**
 * The window is the last tokens before the offset. E is the loss of one token: the one that begins at (or
 * spans) the offset, or the last one before it. Its gradient is differentiated through the whole window: nothing is
 * truncated where the training's sequence ends, and there is no dropout. A newer `look` for the same document
 * overtakes it.
 */
const lookRequest = record({
  kind: v.literal('look'),
  ...aboutDocument,
  offset: count,
  /** Tokens, at most `longestLook`, the default. */
  window: v.optional(count),
  /** Instead of a number of tokens: the window begins at this offset, cut to `longestLook`. */
  from: v.optional(count),
  /** Whose loss E is; default `next`, or `last` where no token follows. */
  target: v.optional(v.picklist(['next', 'last'])),
  /** Names of the variables to give; default: the last layer's output. */
  variables: v.optional(list(v.string())),
  /** How many next tokens to give; default 10. */
  top: v.optional(count),
  /** False: only states and losses; default true. */
  gradients: v.optional(v.boolean()),
  context: v.optional(count),
});
export type LookRequest = v.InferOutput<typeof lookRequest>;

/**
 * The smallest lag from which a contribution stays below 1 % of its largest (effective memory, tokens); null: it
 * does not within the window.
 */
const memory = v.nullable(count);

/**
 * Entry k is at lag k, k steps before the prediction of E's token: of token `at - k` of the window. From where less
 * than a billionth of the largest flows back, all are 0. `[at + 1]`
 */
const byLag = column;

export const lookBack = record({
  /** ‖∂E/∂s_{t−k}‖ of every state variable of every layer. */
  states: list(record({ variable: v.string(), norms: byLag, memory })),
  /** ‖∂E/∂x_{t−k}‖, x the vector that the first layer reads (`input` of the event `opened`). */
  saliency: record({ norms: byLag, memory }),
  /**
   * Gradient times input, x_{t−k} · ∂E/∂x_{t−k}: of a one-hot input the gradient's entry of the token that
   * was read. Negative: more of this token would lower E.
   */
  gradientTimesInput: record({ values: byLag, memory }),
  /**
   * Of every matrix that the recurrence goes through: the norm of ∂E/∂W's term at each lag (for W s_{t−1} that
   * is δ_{t−k} s_{t−k−1}ᵀ, Frobenius), and of the sum of all terms of the window.
   */
  terms: list(record({ parameter: v.string(), norms: byLag, sum: anyNumber, memory })),
});
export type LookBack = v.InferOutput<typeof lookBack>;

/** Columns have an entry a token of the window, oldest first: `[n]`. */
export const looked = record({
  kind: v.literal('looked'),
  step: count,
  /** Names for the eye. */
  tokens: list(v.string()),
  starts: column,
  ends: column,
  /** E of each token given those before it, nats; NaN for the document's first token. */
  loss: column,
  /** ŷ: the likeliest tokens after the offset. */
  next: list(nextToken),
  /** After each token. */
  variables: list(variableValues),
  /** The token whose loss is E; null: the window is too short to predict one. */
  target: v.nullable(
    record({
      name: v.string(),
      start: count,
      end: count,
      loss: anyNumber,
      rank: count,
      /** The token of the window at lag 0: the last one read before the prediction. */
      at: count,
    }),
  ),
  /** Of E; null: not asked for, or no target. */
  gradients: v.nullable(lookBack),
  readFrom: count,
});
export type Looked = v.InferOutput<typeof looked>;

const lookResult = v.variant('kind', [outdated, looked]);
export type LookResult = v.InferOutput<typeof lookResult>;

export const lookJob = { request: lookRequest, event: v.never(), result: lookResult };
