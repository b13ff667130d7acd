/** How a document may go on: what ghost text and lists of next tokens are made of. */
import * as v from 'valibot';
import { aboutDocument, outdated } from './follow';
import { count, list, record } from './schema';

/** Where a continuation ends at the latest. */
export const completionEnd = v.picklist(['word', 'line', 'text']);
export type CompletionEnd = v.InferOutput<typeof completionEnd>;

/** What holds where nothing else is asked for; `confidence` is chosen by the curve in docs/completion.md. */
export const completionDefaults = {
  confidence: 0.5,
  maxTokens: 48,
  until: 'line',
  alternatives: 1,
  next: 10,
} as const;

/**
 * The most probable continuation of the text before an offset, taken greedily: the likeliest token, then the
 * likeliest after that, and so on. Where the words of a word tokenizer are cut by the offset, it goes on
 * from the word's start with tokens that begin as the word does.
 *
 * A newer `complete` for the same document overtakes it. Predicted tokens and their states are kept: where the
 * next typed character was predicted, the answer costs one step of the model, or none.
 */
const completeRequest = record({
  kind: v.literal('complete'),
  ...aboutDocument,
  offset: count,
  /** It ends before the token with which its probability falls below this, 0 to 1. */
  confidence: v.optional(v.number()),
  /** Most tokens, those of `prefix` not counted. */
  maxTokens: v.optional(count),
  /**
   * `word`: after the first word; `line`: before the first line end; `text`: wherever confidence or length end it.
   */
  until: v.optional(completionEnd),
  /**
   * How many different continuations, at most. The further ones begin with the next likeliest tokens, however
   * improbable, and go on as long as what follows that token is probable enough; so does the first, if more than one
   * is asked for and it would else be empty.
   */
  alternatives: v.optional(count),
  /**
   * Text that continuations begin with, as if it stood at `offset`: an item of the suggest widget, with
   * `offset` where that would be put. It is read, not judged: probabilities are those of what follows it.
   */
  prefix: v.optional(v.string()),
  /** How many next tokens to give. */
  next: v.optional(count),
  /** Instead of the model's own: a shorter one answers sooner where nothing near has been read. */
  context: v.optional(count),
  /**
   * Answer within some 150 ms: from fewer tokens of the context where no state near is known. The rest is then read,
   * so that a later answer comes from all of it.
   */
  quick: v.optional(v.boolean()),
});
export type CompleteRequest = v.InferOutput<typeof completeRequest>;

/** A token that may come, with its probability given all before it. */
export const nextToken = record({
  /** Its name for the eye: `a`, `␣`, `↵`, `0xE4`, `UNKNOWN`. */
  name: v.string(),
  /** What it adds to the text; empty for UNKNOWN and for a byte that is no whole character. */
  text: v.string(),
  probability: v.number(),
});
export type NextToken = v.InferOutput<typeof nextToken>;

export const completion = record({
  /** To be put at the offset; begins with `prefix`; whole characters only, never empty. */
  text: v.string(),
  /** Of all its tokens together, the prefix taken for granted. */
  probability: v.number(),
  /** Without those of the prefix. Their texts joined may end with a part of a character that `text` leaves out. */
  tokens: list(nextToken),
  /** What ended it: the next token's probability, its option `until`, or `maxTokens`. */
  end: v.picklist(['confidence', 'until', 'length']),
});
export type Completion = v.InferOutput<typeof completion>;

const completeResult = v.variant('kind', [
  outdated,
  record({
    kind: v.literal('completed'),
    /** Of the weights that answered. */
    step: count,
    /** The greedy one first; none if not even one token is probable enough. */
    completions: list(completion),
    /**
     * The likeliest tokens after the offset (after the prefix, if there is one), greatest probability first. Where a
     * word is cut by the offset: of those that begin as it does, as shares of their sum.
     */
    next: list(nextToken),
    readFrom: count,
    /** Steps that the model was run for this answer. */
    steps: count,
  }),
]);
export type CompleteResult = v.InferOutput<typeof completeResult>;

export const completeJob = { request: completeRequest, event: v.never(), result: completeResult };
