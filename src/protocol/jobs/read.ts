/** How a model reads a range of a document: surprise and values token by token, and units that tell spans apart. */
import * as v from 'valibot';
import { aboutDocument, outdated } from './follow';
import { column, count, list, record } from './schema';
import { progressEvent } from './shared';

/** A range of a document, `to` excluded. */
export const range = record({ from: count, to: count });
export type Range = v.InferOutput<typeof range>;

/** One variable, `layer1.h`; with `unit` one entry of it alone, from 0. */
export const variableChoice = record({ name: v.string(), unit: v.optional(count) });
export type VariableChoice = v.InferOutput<typeof variableChoice>;

export const variableValues = record({
  name: v.string(),
  unit: v.optional(count),
  width: count,
  /** After each token. `[T, width]`, row-major */
  values: v.instance(Float32Array),
});
export type VariableValues = v.InferOutput<typeof variableValues>;

/** Most tokens that one `read` answers for. */
export const mostTokensRead = 65_536;

/**
 * All tokens that overlap a range, each given those before it. It runs in slices that let messages in, after
 * anything urgent; what is asked piece by piece, in the text's order, costs no more than at once.
 */
const readRequest = record({
  kind: v.literal('read'),
  ...aboutDocument,
  ...range.entries,
  /** How many expected tokens to give of each; default 0. */
  top: v.optional(count),
  /** Values to give, as for a lens; default none. */
  variables: v.optional(list(variableChoice)),
  /** Instead of the model's own. */
  context: v.optional(count),
});
export type ReadRequest = v.InferOutput<typeof readRequest>;

/** Columns have an entry a token: `[T]`. */
const readResult = v.variant('kind', [
  outdated,
  record({
    kind: v.literal('read'),
    step: count,
    /**
     * Where the text that a token stands for begins and ends. Several tokens have the same place where a
     * character is several bytes; a character that the model does not know and that nothing replaces has none.
     */
    starts: column,
    ends: column,
    /** Surprise, −ln p, nats; NaN for the document's first token, which has nothing before it. */
    loss: column,
    /** 1: it was the likeliest; of equally likely ones the lower id first. 0 for the document's first token. */
    rank: column,
    /** The likeliest in the token's place, greatest probability first. `[T, top]`, row-major */
    expected: record({
      /** Of tokens, for the eye. */
      names: list(v.string()),
      /** Each a place in `names`. */
      index: column,
      probability: column,
    }),
    variables: list(variableValues),
    /**
     * Unicode code points that each stands for, a line end being one; bytes that share one have it at the first, and
     * characters that are left out are with the token behind them.
     */
    characters: column,
    /**
     * Nats that it takes to spell what of these the model does not know. Bits per character are
     * Σ (loss + spelling) / ln 2 / Σ characters, of all but the document's first token.
     */
    spelling: column,
    readFrom: count,
  }),
]);
export type ReadResult = v.InferOutput<typeof readResult>;

export const readJob = { request: readRequest, event: v.never(), result: readResult };

/**
 * Units whose values tell tokens within some spans from the others: every unit of every variable, ranked by how
 * far its AUC is from ½. Values are those after reading the token. A token is inside if it overlaps a span.
 */
const findUnitsRequest = record({
  kind: v.literal('findUnits'),
  ...aboutDocument,
  /** Tokens that are compared; spans outside are of no account. */
  ...range.entries,
  spans: list(range),
  /** Qualified names, or symbols for those of all layers; default: every variable. */
  variables: v.optional(list(v.string())),
  /** How many units to give; default 50. */
  top: v.optional(count),
  context: v.optional(count),
});
export type FindUnitsRequest = v.InferOutput<typeof findUnitsRequest>;

const findUnitsResult = v.variant('kind', [
  outdated,
  record({
    kind: v.literal('found'),
    step: count,
    /** The one that separates best first. */
    units: list(
      record({
        variable: v.string(),
        /** From 0. */
        unit: count,
        /**
         * Probability that the value of a token inside is greater than that of one outside, ties counted half
         * (Mann & Whitney 1947): 1 or 0 separates them wholly, ½ says nothing.
         */
        auc: v.number(),
      }),
    ),
    /** Tokens inside and outside. */
    inside: count,
    outside: count,
    /** The range that was compared: shorter than asked where memory would not hold its values. */
    from: count,
    to: count,
    readFrom: count,
  }),
]);
export type FindUnitsResult = v.InferOutput<typeof findUnitsResult>;

export const findUnitsJob = {
  request: findUnitsRequest,
  event: progressEvent,
  result: findUnitsResult,
};
