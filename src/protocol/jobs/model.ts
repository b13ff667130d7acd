/** What a trained model is asked for: samples, its loss on a text, a look inside. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { anyNumber, column, count, list, record } from './schema';
import { floor, modelSource, progressEvent, scoreEntries, textSource } from './shared';

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
  /** A text; of a model of examples a file of others, or undefined for a part of its own. */
  source: v.optional(textSource),
  /**
   * Of a model of examples: the part of its own data that is measured, which is read from `source` where that is given
   * too; without it another file is all one. Default without a source: `test`.
   */
  part: v.optional(v.picklist(['train', 'validation', 'test'])),
  /** How many of the worst examples to tell of; default 10. */
  worst: v.optional(count),
  /**
   * Of a series of numbers: forecasts are measured by steps ahead, up to so many; 0: a season, or 8. Without it they are
   * not.
   */
  horizon: v.optional(count),
  /** Of a folder of texts, which files; those that the run has learnt if it is that folder, else all. */
  globs: v.optional(
    record({ include: v.optional(list(v.string())), exclude: v.optional(list(v.string())) }),
  ),
  /** Whether to tell what is looked at example by example, too. */
  details: v.optional(v.boolean()),
});
export type EvaluateRequest = v.InferOutput<typeof evaluateRequest>;

/** What a model of text has lost on a text. */
const textEvaluation = record({
  of: v.literal('text'),
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
export type TextEvaluation = v.InferOutput<typeof textEvaluation>;

const score = v.optional(anyNumber);

/** An example and how it was answered; of a series a step. */
const toldExample = record({
  /** Line of the file, from 1; undefined: its rows are no lines. */
  line: v.optional(count),
  input: v.string(),
  target: v.string(),
  answer: v.string(),
  /** Of all its targets together. */
  loss: anyNumber,
  /** Of the answered class; NaN of other answers. */
  probability: anyNumber,
  /** Cells of the confusion matrix that it is in: true class × C + answered class. */
  kinds: list(count),
});
export type ToldExample = v.InferOutput<typeof toldExample>;

/** Numbers as they are and as they were answered, in their own units, in the order of the table or of time. */
const toldNumbers = record({
  /** Of so many numbers one is told; 1: all. */
  every: count,
  /** Whether their order is that of time. */
  inTime: v.boolean(),
  /** Line of the file, from 1; NaN: its rows are no lines. */
  lines: column,
  columns: list(record({ name: v.string(), truth: column, answer: column })),
});

/** What a model of examples has answered. */
export const exampleEvaluation = record({
  of: v.literal('examples'),
  /** Undefined: another file. */
  part: v.optional(v.picklist(['train', 'validation', 'test'])),
  /** By the ids of the table of columns. */
  metrics: record({
    /** Mean over the targets: nats, or half the squared error of standardised numbers. */
    loss: anyNumber,
    perplexity: score,
    ...scoreEntries,
  }),
  floors: list(floor),
  examples: count,
  /** Answers, or steps of answers. */
  targets: count,
  /** Of a series: what forecasts come to that are fed back, from origins that roll over the part. */
  forecasts: v.optional(
    record({
      origins: count,
      /** The model first. Errors in the data’s own units; entry k - 1 of k steps ahead. */
      ways: list(record({ name: v.string(), mae: column, rmse: column })),
      /** Where details are asked for: the forecasts themselves, of the last steps of the part. */
      course: v.optional(
        record({
          /** The first step on show, of all steps of the series. */
          first: count,
          /** Steps that were forecast from each origin; the first origin is the step before the first on show. */
          leads: count,
          /** Dates of the steps on show; empty where the series has none. */
          dates: list(v.string()),
          columns: list(
            record({
              name: v.string(),
              /** NaN where it is missing. */
              truth: column,
              /** `[origins, leads]` */
              told: column,
              /** Between the two lies, k steps ahead, what is true minus what was forecast for 80 % of the origins. */
              low: column,
              high: column,
            }),
          ),
        }),
      ),
    }),
  ),
  /** Of one of few classes: counts by true class (row) and answered class, `[C, C]`. */
  confusion: v.optional(record({ classes: list(v.string()), counts: column })),
  /** The examples with the greatest loss, the worst first. */
  worst: list(toldExample),
  /**
   * Of classes, or of labels each by itself: in ten bins by the probability that was given, how many answers there are,
   * their mean probability and the share that was right (NaN of none); `error` is the expected calibration error.
   */
  calibration: v.optional(
    record({ counts: column, probabilities: column, shares: column, error: anyNumber }),
  ),
  /** Where details are asked for: examples of each cell of the confusion matrix, the worst first. */
  byKind: v.optional(list(toldExample)),
  numbers: v.optional(toldNumbers),
  /** Labels that may be wrong, the surest first. */
  suspects: v.optional(list(toldExample)),
  /** Rows of the whole table with the same input, those first whose targets differ. */
  duplicates: v.optional(
    list(
      record({
        input: v.string(),
        differ: v.boolean(),
        /** All of them; of many rows only the first are told. */
        count,
        rows: list(record({ line: v.optional(count), target: v.string() })),
      }),
    ),
  ),
  seconds: v.number(),
  warnings: list(sentenceSchema),
});
export type ExampleEvaluation = v.InferOutput<typeof exampleEvaluation>;

const evaluateResult = v.variant('of', [textEvaluation, exampleEvaluation]);
export type EvaluateResult = v.InferOutput<typeof evaluateResult>;

export const evaluateJob = {
  request: evaluateRequest,
  event: progressEvent,
  result: evaluateResult,
};

const predictRequest = record({
  kind: v.literal('predict'),
  model: modelSource,
  /**
   * Cells of the input's columns, an example each, of an image its path; a file with such columns, or an image; or what
   * the run itself has held out to test with. Of a series the next values, behind its
   * end or that of another file with its columns.
   */
  inputs: v.variant('kind', [
    record({ kind: v.literal('cells'), examples: list(list(v.string())) }),
    record({ kind: v.literal('file'), path: v.string() }),
    record({ kind: v.literal('test'), source: v.optional(textSource) }),
    record({ kind: v.literal('next'), steps: count, source: v.optional(textSource) }),
  ]),
  /** Of a table: each prediction comes with its whole row. */
  rows: v.optional(v.boolean()),
  /** How many of the likeliest classes to tell of; default 5. */
  top: v.optional(count),
  /** Of an answer that is a sequence: how many beginnings are kept; 1, the default: greedy. */
  beam: v.optional(count),
  /** Exponent by which a beam's longer answers are made up for being longer; default 0.6. */
  lengthPenalty: v.optional(v.number()),
  /** Most symbols of an answer; default: twice those of the longest in training. */
  longest: v.optional(count),
});
export type PredictRequest = v.InferOutput<typeof predictRequest>;

/** What is answered to an example. */
const prediction = record({
  /** From 0, as they were given. */
  example: count,
  input: v.string(),
  /** Cells of all columns of its table, but for images, where rows are asked for. */
  row: v.optional(list(v.string())),
  /** As the data would have it: a class, a text, tags, numbers in their own units. */
  answer: v.string(),
  /** Of the answer, all its symbols together; NaN of numbers. */
  probability: anyNumber,
  /** One symbol: the likeliest classes. Labels: all of them. Sequences: the other answers of the beam. */
  others: list(record({ answer: v.string(), probability: anyNumber })),
  /** Of a sequence: its symbols, each with its probability given those before it. */
  steps: list(record({ symbol: v.string(), probability: anyNumber })),
  /** Numbers as such, of each step. */
  numbers: list(list(v.number())),
  /** By the variable that attends: for each symbol of the answer a weight for each step of the input. */
  attention: list(record({ variable: v.string(), weights: list(column) })),
});
export type Prediction = v.InferOutput<typeof prediction>;

const predictEvent = record({ event: v.literal('prediction'), prediction });
const predictResult = record({
  examples: count,
  /** The columns of `row`, where rows are asked for. */
  columns: v.optional(list(v.string())),
  seconds: v.number(),
  warnings: list(sentenceSchema),
});
export type PredictResult = v.InferOutput<typeof predictResult>;

export const predictJob = { request: predictRequest, event: predictEvent, result: predictResult };

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
