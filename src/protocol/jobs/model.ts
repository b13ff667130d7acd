/** What a trained model is asked for: samples, its loss on a text, a look inside. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { anyNumber, column, count, list, record } from './schema';
import { modelSource, textSource, progressEvent } from './shared';

const sampleRequest = record({
  kind: v.literal('sample'),
  model: modelSource,
  /**
   * What is missing is as the settings `sampling.*` have it by default; ranges as there.
   * `prime`: text the model reads before it writes.
   */
  prime: v.optional(v.string()),
  /** How many tokens to write. */
  length: v.optional(v.number()),
  /** Divides the logits; 0: always the likeliest token. */
  temperature: v.optional(v.number()),
  /** Only the K likeliest tokens; 0: all. */
  topK: v.optional(v.number()),
  /** Only the likeliest tokens that together reach this probability; 1: all. */
  topP: v.optional(v.number()),
  /** 0 (auto): chosen at random and told in the result. */
  seed: v.optional(v.number()),
});
export type SampleRequest = v.InferOutput<typeof sampleRequest>;

/** Text as it is made, whole characters only. */
const sampleEvent = record({ event: v.literal('chunk'), text: v.string() });
export type SampleEvent = v.InferOutput<typeof sampleEvent>;

export const sampleResult = record({
  /** All chunks together, without the prime. */
  text: v.string(),
  tokens: count,
  seed: v.number(),
  seconds: v.number(),
  /** Characters or words of the prime that the model has never seen. */
  unknown: list(v.string()),
});
export type SampleResult = v.InferOutput<typeof sampleResult>;

export const sampleJob = { request: sampleRequest, event: sampleEvent, result: sampleResult };

const evaluateRequest = record({
  kind: v.literal('evaluate'),
  model: modelSource,
  source: textSource,
});
export type EvaluateRequest = v.InferOutput<typeof evaluateRequest>;

const evaluateResult = record({
  /** Mean cross-entropy, nats per token. */
  loss: anyNumber,
  perplexity: anyNumber,
  bitsPerToken: anyNumber,
  /** Total bits over the text's Unicode code points; what the model does not know pays for its spelling. */
  bitsPerCharacter: anyNumber,
  /** Of these the bits for spelling. */
  spelling: v.number(),
  /** Predicted tokens (all but the first). */
  tokens: count,
  characters: count,
  /** Characters or words the model has never seen. */
  unknownTokens: count,
  seconds: v.number(),
  warnings: list(sentenceSchema),
});
export type EvaluateResult = v.InferOutput<typeof evaluateResult>;

export const evaluateJob = {
  request: evaluateRequest,
  event: progressEvent,
  result: evaluateResult,
};

const inspectRequest = record({
  kind: v.literal('inspect'),
  model: modelSource,
  text: v.string(),
  /** What is read before the text, of any length; nothing is given of it. */
  before: v.optional(v.string()),
  /** Names of the variables to give: `layer1.s`, or `s` for that of every layer; default: all. */
  variables: v.optional(list(v.string())),
  /** How many of the likeliest next tokens to give; default 5. */
  top: v.optional(count),
});
export type InspectRequest = v.InferOutput<typeof inspectRequest>;

export const inspectResult = record({
  /** The text's tokens as text; the first has no probability where nothing is read before it. */
  tokens: list(v.string()),
  /** Of token i given those before; entry 0 is NaN where there is nothing before. `[T]` */
  probability: column,
  /** -ln of the probability, nats; entry 0 is NaN where there is nothing before. `[T]` */
  loss: column,
  /** The last layer's output after token i. `[T, H]`, row-major */
  hidden: column,
  hiddenSize: count,
  /** Values of the variables that were asked for. `[T, width]`, row-major */
  variables: list(record({ name: v.string(), width: count, values: column })),
  /** The likeliest tokens after token i, greatest probability first. `[T]` */
  top: list(list(record({ token: v.string(), probability: v.number() }))),
  /**
   * Norm of the gradient of the last prediction's loss with respect to the last layer's output, by lag: entry k
   * is k steps before that prediction. `[T - 1]`, or `[T]` where something is read before
   */
  gradientByLag: column,
});
export type InspectResult = v.InferOutput<typeof inspectResult>;

export const inspectJob = { request: inspectRequest, event: v.never(), result: inspectResult };
