/** What several kinds of job speak of. */
import * as v from 'valibot';
import { anyNumber, count, record } from './schema';

/** Where a text comes from: given, or to be read (and decoded) by the worker. */
export const textSource = v.variant('kind', [
  record({ kind: v.literal('text'), name: v.string(), text: v.string() }),
  record({ kind: v.literal('file'), path: v.string() }),
]);
export type TextSource = v.InferOutput<typeof textSource>;

/** A built-in cell's name; equations given; or the path of a `.rnn` file. */
export const cellSource = v.union([
  v.string(),
  record({ name: v.string(), source: v.string() }),
  record({ path: v.string() }),
]);
export type CellSource = v.InferOutput<typeof cellSource>;

/**
 * Values by their keys in the settings table (`src/core/training/settings.ts`); what is missing has
 * its default. Types and ranges are checked there, so that every client gets the same messages.
 */
export const settingValues = v.pipe(
  v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  v.readonly(),
);
export type SettingValues = v.InferOutput<typeof settingValues>;

/** Which model: that of a training job, as it is now; or the one kept in a run's folder. */
export const modelSource = v.variant('kind', [
  record({ kind: v.literal('live'), job: count }),
  record({
    kind: v.literal('run'),
    run: v.string(),
    /** `best`: lowest validation loss, and the last where there is no validation; the default. */
    checkpoint: v.optional(v.picklist(['best', 'last'])),
  }),
]);
export type ModelSource = v.InferOutput<typeof modelSource>;

/** Why a job failed: one clear sentence, what to do, and where. */
export const failure = record({
  /** `input`: the user can mend it (exit code 2); `failure`: something broke on the way (1). */
  code: v.picklist(['input', 'failure']),
  /** What is wrong, a sentence. */
  message: v.string(),
  /** What to do, a sentence; empty where the message says it. */
  hint: v.string(),
  /** Of an error in a `.rnn` text: both count from 1, columns in UTF-16 units. */
  place: v.optional(record({ file: v.string(), line: count, column: count })),
  /** Of a loss or gradient that is not finite: the step, and the first parameter that shows it. */
  step: v.optional(count),
  parameter: v.optional(v.string()),
});
export type Failure = v.InferOutput<typeof failure>;

/** A failure as an error to throw; its `message` is the whole text, hint included. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(readonly failure: Failure) {
    super(failure.hint === '' ? failure.message : `${failure.message} ${failure.hint}`);
  }
}

/** Mean, least and greatest of a quantity over the steps that a row of metrics sums up. */
export const spread = record({ mean: anyNumber, min: anyNumber, max: anyNumber });
export type Spread = v.InferOutput<typeof spread>;

/** The steps since the row before, summed up; at most ten rows a second. */
export const metricsRow = record({
  /** Number of the last step in the row, from 1. */
  step: count,
  /** How many steps the row sums up. */
  steps: count,
  /** Passes over the training text, a fraction. */
  epoch: v.number(),
  /** Training tokens seen since the run's start. */
  tokens: count,
  /** Time spent training since the run's start, pauses and earlier sessions' gaps left out. */
  seconds: v.number(),
  loss: spread,
  /** Global norm before clipping by norm. */
  gradientNorm: spread,
  learningRate: v.number(),
  tokensPerSecond: v.number(),
});
export type MetricsRow = v.InferOutput<typeof metricsRow>;

/** A measurement on the validation text. */
export const evaluationRow = record({
  step: count,
  epoch: v.number(),
  seconds: v.number(),
  validationLoss: anyNumber,
  /** Whether it is the lowest so far. */
  best: v.boolean(),
});
export type EvaluationRow = v.InferOutput<typeof evaluationRow>;

/** Bounds that put a loss into proportion, of the training text's tokens. */
export const baselines = record({
  /** ln C: knowing nothing. */
  uniform: v.number(),
  /** Entropy of the token frequencies. */
  unigram: v.number(),
  /** Entropy of a token given the one before. */
  bigram: v.number(),
});
export type Baselines = v.InferOutput<typeof baselines>;

/** What a model and its training are, as far as a client shows it. */
export const runFacts = record({
  /** The name of the text. */
  name: v.string(),
  /** The run's folder; null: nothing is kept. */
  run: v.nullable(v.string()),
  cell: record({ name: v.string(), source: v.string() }),
  /** All settings, defaults filled in. */
  settings: settingValues,
  parameters: count,
  vocabulary: count,
  /** Tokens to train on, and tokens held out. */
  tokens: count,
  validationTokens: count,
  baselines,
});
export type RunFacts = v.InferOutput<typeof runFacts>;

export const endReason = v.picklist(['finished', 'stopped', 'time limit', 'early stop']);
export type EndReason = v.InferOutput<typeof endReason>;

/** Which engine computes: float32 WebAssembly with relaxed or strict SIMD, or float64 plain loops. */
export const backendKind = v.picklist(['relaxed', 'strict', 'reference']);
export type BackendKind = v.InferOutput<typeof backendKind>;
