/** Training: one job from its start, or its resume, to its end. */
import * as v from 'valibot';
import { anyNumber, count, list, record } from './schema';
import {
  backendKind,
  cellSource,
  endReason,
  evaluationRow,
  metricsRow,
  runFacts,
  settingValues,
  textSource,
} from './shared';

export const trainRequest = record({
  kind: v.literal('train'),
  /** May be left out on `resume` of a run whose text is a file that is still the same. */
  source: v.optional(textSource),
  /** On `resume`: only those that shall change; what shapes the model or the data may not. */
  settings: settingValues,
  /** Default: the `cell` of the settings; on `resume` the run's own. */
  cell: v.optional(cellSource),
  /** The run's folder, made if missing; without one nothing is written. */
  run: v.optional(v.string()),
  /** Go on from the folder's last checkpoint, bit for bit. Else a folder with a run in it is refused. */
  resume: v.optional(v.boolean()),
});
export type TrainRequest = v.InferOutput<typeof trainRequest>;

export const trainEvent = v.variant('event', [
  /** Once, before the first step. */
  record({
    event: v.literal('started'),
    facts: runFacts,
    /** Steps done before, by a resumed run. */
    step: count,
    /** Steps the run will have at its end; null: the end is a time, or a stop. */
    lastStep: v.nullable(count),
    threads: count,
    backend: backendKind,
    /** Sentences about what is odd but can go on: replaced bytes, a short text, fewer threads. */
    warnings: list(v.string()),
  }),
  record({ event: v.literal('metrics'), row: metricsRow }),
  record({ event: v.literal('evaluation'), row: evaluationRow }),
  /** A checkpoint is on the disk. */
  record({
    event: v.literal('checkpoint'),
    which: v.picklist(['best', 'last']),
    step: count,
    path: v.string(),
  }),
  record({ event: v.literal('paused'), step: count }),
  record({ event: v.literal('resumed'), step: count }),
  record({ event: v.literal('learningRate'), step: count, learningRate: v.number() }),
  record({ event: v.literal('log'), level: v.picklist(['info', 'warning']), message: v.string() }),
]);
export type TrainEvent = v.InferOutput<typeof trainEvent>;

export const trainResult = record({
  reason: endReason,
  step: count,
  epoch: v.number(),
  tokens: count,
  seconds: v.number(),
  /** Mean training loss of the last metrics row; null if no step was made. */
  loss: v.nullable(anyNumber),
  /** The lowest validation loss and its step; null if there was no evaluation. */
  best: v.nullable(record({ step: count, validationLoss: v.number() })),
  run: v.nullable(v.string()),
});
export type TrainResult = v.InferOutput<typeof trainResult>;
