/** What several kinds of job speak of. */
import * as v from 'valibot';
import { modelShapes } from '../../core/model-shapes';
import { channels, rowEntries, scoreNames, type ScoreName } from '../../core/metrics/columns';
import { joined, sentenceSchema, toEnglish, type Sentence } from '../../core/sentence';
import { networkFacts } from './observation';
import { anyNumber, count, list, record } from './schema';

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
 * Values by their dotted keys in the settings table (`src/core/settings/table.ts`):
 * `{ 'model.hidden': 128 }`. Give only what the user set; types and ranges are checked by the core's
 * `parseSettings`, so that every client gets the same messages.
 */
export const settingValues = v.pipe(
  v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  v.readonly(),
);
export type SettingValues = v.InferOutput<typeof settingValues>;

/**
 * One of a run's checkpoints: of the lowest validation loss, the last, or an earlier one by its step (those that
 * `describe` lists in `steps`).
 */
export const whichCheckpoint = v.union([v.picklist(['best', 'last']), count]);
export type WhichCheckpoint = v.InferOutput<typeof whichCheckpoint>;

/** What a model is beside its numbers: enough to open it anywhere. */
export const modelDescription = record({
  /** The cell's name and its equations. */
  cell: v.string(),
  equations: v.string(),
  sizes: record({
    hidden: count,
    layers: count,
    vocabulary: count,
    embedding: count,
    dropout: v.number(),
  }),
  /** As the core's `Tokenizer.toJSON` gives it; read by `readTokenizer`. */
  tokenizer: v.unknown(),
});
export type ModelDescription = v.InferOutput<typeof modelDescription>;

/** Which model: that of a training job, as it is now; the one kept in a run's folder; or weights that are given. */
export const modelSource = v.variant('kind', [
  record({ kind: v.literal('live'), job: count }),
  record({
    kind: v.literal('run'),
    run: v.string(),
    /** `best` is the default, and the last where there is no validation. */
    checkpoint: v.optional(whichCheckpoint),
  }),
  /** What the job `snapshot` answered. */
  record({
    kind: v.literal('snapshot'),
    step: count,
    model: modelDescription,
    parameters: v.instance(Float32Array),
  }),
]);
export type ModelSource = v.InferOutput<typeof modelSource>;

/** Why a job failed: one clear sentence, what to do, and where. */
export const failure = record({
  /** `input`: the user can mend it (exit code 2); `failure`: something broke on the way (1). */
  code: v.picklist(['input', 'failure']),
  /** What is wrong. */
  message: sentenceSchema,
  /** What to do; undefined where the message says it. */
  hint: v.optional(sentenceSchema),
  /** Of an error in a `.rnn` text, or in a row of a table: both count from 1, columns in UTF-16 units. */
  place: v.optional(record({ file: v.string(), line: count, column: count })),
  /** Of settings that cannot be used: the first of them, by its dotted key. */
  setting: v.optional(v.string()),
  /** Of a file that does not tell enough: what to give with it. */
  needs: v.optional(v.picklist(['vocabulary', 'nonlinearity'])),
  /** Of a loss or gradient that is not finite: the step, and the first parameter that shows it. */
  step: v.optional(count),
  parameter: v.optional(v.string()),
});
export type Failure = v.InferOutput<typeof failure>;

/** All that a failure says. */
export function wholeOf({ message, hint }: Failure): Sentence {
  return joined(message, hint);
}

/** A failure as an error to throw; its `message` is all of it in English. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(readonly failure: Failure) {
    super(toEnglish(wholeOf(failure)));
  }
}

/** Which engine computes: float32 WebAssembly with relaxed or strict SIMD, or float64 plain loops. */
export const backendKind = v.picklist(['relaxed', 'strict', 'reference']);
export type BackendKind = v.InferOutput<typeof backendKind>;

/** The rule of the core's settings table: what a limit counts. */
export const limit = record({
  kind: v.picklist(['steps', 'epochs', 'seconds']),
  value: v.number(),
});
export type Limit = v.InferOutput<typeof limit>;

/** Mean, least and greatest of a quantity over the steps that a row of metrics sums up. */
const spread = record({ mean: anyNumber, min: anyNumber, max: anyNumber });

/** NaN where the text is not known, as of a model that was imported; messages to the panel make that null. */
const entropy = v.pipe(
  v.nullable(anyNumber),
  v.transform((value) => value ?? NaN),
);

/** A score that a way without states comes to on the held-out examples. */
export const floor = record({ name: v.string(), score: v.picklist(scoreNames), value: v.number() });
export type Floor = v.InferOutput<typeof floor>;

const score = v.optional(anyNumber);
/** By their names in the table of columns, those that the answers have. */
export const scoreEntries = Object.fromEntries(scoreNames.map((name) => [name, score])) as Record<
  ScoreName,
  typeof score
>;

/** What a model of examples learns. */
export const taskFacts = record({
  /** What was understood of the data, in one line. */
  line: sentenceSchema,
  shape: v.optional(v.picklist(modelShapes)),
  /** The columns that go in, and those that come out. */
  inputs: list(v.string()),
  outputs: list(v.string()),
  /** What an answer is: one of several classes, any of several labels, numbers. */
  response: v.picklist(['softmax', 'sigmoid', 'none']),
  /** Of a series whose next numbers can be told: how many steps ahead each is told from what is known. */
  horizon: v.optional(count),
  examples: record({ train: count, validation: count, test: count }),
  floors: list(floor),
});
export type TaskFacts = v.InferOutput<typeof taskFacts>;

/** Losses that put a loss into proportion: ln C, and the entropies of single tokens and of pairs. */
export const baselines = record({ uniform: entropy, unigram: entropy, bigram: entropy });
export type Baselines = v.InferOutput<typeof baselines>;

const keptEntries = {
  /** The name of the text. */
  name: v.string(),
  /** The run's folder; null: nothing is kept. */
  run: v.nullable(v.string()),
  /** All settings by their dotted keys, defaults filled in. */
  settings: settingValues,
  cell: record({ name: v.string(), source: v.string() }),
  parameters: count,
  vocabulary: count,
  /** Tokens to train on, and tokens held out. */
  tokens: count,
  validationTokens: count,
  /** As used: for a short text smaller than the settings say. */
  batch: count,
  sequence: count,
  /** As used: what `auto` came to. */
  learningRate: v.number(),
  limit,
  baselines,
  network: networkFacts,
  /** Of a folder of texts: how many documents are learnt, and the last that is read, which is held out if any is. */
  documents: v.optional(record({ count, last: v.string() })),
  /** Undefined: the model goes on with a text. */
  task: v.optional(taskFacts),
};

/** What a run's folder tells of it. */
export const keptFacts = record(keptEntries);
export type KeptFacts = v.InferOutput<typeof keptFacts>;

/** What a training is, known before its first step. */
export const runFacts = record({
  ...keptEntries,
  threads: count,
  backend: backendKind,
  /** Steps the run will have at its end; undefined where the end is a time. */
  lastStep: v.optional(count),
});
export type RunFacts = v.InferOutput<typeof runFacts>;

/** The types of values in a row that is measured. */
const valueSchemas = { count, number: anyNumber, flag: v.boolean(), spread };

export const metricsRow = record(rowEntries(channels.metrics, valueSchemas));
export const evaluationRow = record(rowEntries(channels.evaluation, valueSchemas));
export type { EvaluationRow, MetricsRow } from '../../core/metrics/columns';

/** `done`: share of the work, 0 to 1. */
export const progressEvent = record({ event: v.literal('progress'), done: v.number() });
export type ProgressEvent = v.InferOutput<typeof progressEvent>;
