/**
 * Training: one job from its start, or its resume, to its end. Events are those of the core
 * (`src/core/training/events.ts`), where their fields are described; here is what is added on the way.
 */
import * as v from 'valibot';
import { anyNumber, count, record } from './schema';
import { backendKind, cellSource, limit, settingValues, textSource } from './shared';

export const trainRequest = record({
  kind: v.literal('train'),
  /** May be left out on `resume` of a run whose text is a file that is still the same. */
  source: v.optional(textSource),
  /** On `resume`: only those that shall change; what shapes the model or the data may not. */
  settings: settingValues,
  /** Overrides `model.cell` of the settings; on `resume` leave it out. */
  cell: v.optional(cellSource),
  /** The run's folder, made if missing; without one nothing is written. */
  run: v.optional(v.string()),
  /** Go on from the folder's last checkpoint, bit for bit. Else a folder with a run in it is refused. */
  resume: v.optional(v.boolean()),
});
export type TrainRequest = v.InferOutput<typeof trainRequest>;

/** Once, before the first step. */
export const startEvent = record({
  event: v.literal('start'),
  /** The name of the text. */
  name: v.string(),
  /** The run's folder; null: nothing is kept. */
  run: v.nullable(v.string()),
  /** The cell's equations as written. */
  equations: v.string(),
  /** All settings by their dotted keys, defaults filled in. */
  settings: settingValues,
  step: count,
  resumed: v.boolean(),
  parameters: count,
  vocabulary: count,
  tokens: count,
  trainingTokens: count,
  validationTokens: count,
  tokenizer: v.picklist(['char', 'byte', 'word']),
  cell: v.string(),
  hidden: count,
  layers: count,
  batch: count,
  sequence: count,
  learningRate: v.number(),
  threads: count,
  backend: backendKind,
  seed: count,
  limit,
  uniformLoss: v.number(),
  unigramEntropy: v.number(),
  bigramEntropy: v.number(),
});
export type StartEvent = v.InferOutput<typeof startEvent>;

/** The steps since the row before; at most ten rows a second, the first as soon as there is a step. */
export const stepEvent = record({
  event: v.literal('step'),
  step: count,
  steps: count,
  epoch: v.number(),
  seconds: v.number(),
  progress: v.number(),
  loss: anyNumber,
  lossMin: anyNumber,
  lossMax: anyNumber,
  gradientNorm: anyNumber,
  gradientNormMax: anyNumber,
  clipped: v.number(),
  learningRate: v.number(),
  tokensPerSecond: v.number(),
});
export type StepEvent = v.InferOutput<typeof stepEvent>;

export const evaluationEvent = record({
  event: v.literal('evaluation'),
  step: count,
  epoch: v.number(),
  seconds: v.number(),
  validationLoss: anyNumber,
  bitsPerCharacter: anyNumber,
  perplexity: anyNumber,
  tokens: count,
  best: v.boolean(),
  evaluationSeconds: v.number(),
});
export type EvaluationEvent = v.InferOutput<typeof evaluationEvent>;

export const trainEvent = v.variant('event', [
  startEvent,
  stepEvent,
  evaluationEvent,
  /** A checkpoint is on the disk; `file` is its name within the run's folder. */
  record({
    event: v.literal('checkpoint'),
    step: count,
    kind: v.picklist(['last', 'best']),
    file: v.string(),
  }),
  /** Training goes on, but not quite as asked; `code` is the core's `WarningCode`. */
  record({ event: v.literal('warning'), code: v.string(), message: v.string() }),
  record({ event: v.literal('paused'), step: count }),
  record({ event: v.literal('resumed'), step: count }),
]);
export type TrainEvent = v.InferOutput<typeof trainEvent>;

/** How a training that went well ended. */
export const trainResult = record({
  /** `limit`: as long as was asked; `patience`: early stop; `stopped`: by the user. */
  reason: v.picklist(['limit', 'patience', 'stopped']),
  step: count,
  epoch: v.number(),
  seconds: v.number(),
  /** Mean over the last row; NaN if no step was made. */
  loss: anyNumber,
  validationLoss: v.optional(anyNumber),
  bestStep: v.optional(count),
  bestValidationLoss: v.optional(anyNumber),
  tokensPerSecond: v.number(),
  run: v.nullable(v.string()),
});
export type TrainResult = v.InferOutput<typeof trainResult>;
