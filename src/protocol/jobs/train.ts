/**
 * Training: one job from its start, or its resume, to its end. Events are those of the core
 * (`src/core/training/events.ts`), where their fields are described; here is what is added on the way.
 */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { observation, trainingSample } from './observation';
import { anyNumber, count, list, record } from './schema';
import {
  cellSource,
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
  /** On `resume`: only those to change; what shapes the model or the data may not. */
  settings: settingValues,
  /** Of a text that is given: the path of the file that it is, or is a part of. */
  origin: v.optional(v.string()),
  /** How a table is to be read, beside what settings say: `Overrides` of src/core/task/overrides.ts. */
  overrides: v.optional(v.record(v.string(), v.unknown())),
  /** Of a new run: what the request says of a table is written to `FILE.rnn.json` too, once it is understood. */
  remember: v.optional(v.boolean()),
  /** Overrides `model.cell` of the settings; on `resume` leave it out. */
  cell: v.optional(cellSource),
  /** The run's folder, made if missing; without one nothing is written. */
  run: v.optional(v.string()),
  /** What a run is called from its beginning; one that goes on is called as it was. */
  about: v.optional(
    record({ title: v.string(), tags: list(v.string()), experiment: v.optional(v.string()) }),
  ),
  /** Go on from the folder's last checkpoint, bit for bit. Else a folder with a run in it is refused. */
  resume: v.optional(v.boolean()),
});
export type TrainRequest = v.InferOutput<typeof trainRequest>;

const trainEvent = v.variant('event', [
  /** Once, before the first step. */
  record({
    event: v.literal('started'),
    facts: runFacts,
    /** Steps done before, by a resumed run. */
    step: count,
    resumed: v.boolean(),
    /** The learning rate that was set by hand and still holds, whatever the schedule says. */
    fixedRate: v.optional(v.number()),
  }),
  record({ event: v.literal('metrics'), row: metricsRow }),
  record({ event: v.literal('evaluation'), row: evaluationRow }),
  /** Now and then, at the price of a small share of the time. */
  record({ event: v.literal('observation'), row: observation }),
  record({ event: v.literal('sampled'), row: trainingSample }),
  /** A checkpoint is on the disk; `file` is its name within the run's folder. */
  record({
    event: v.literal('checkpoint'),
    which: v.picklist(['best', 'last']),
    step: count,
    file: v.string(),
  }),
  /** An earlier checkpoint is kept; `steps` are those of all that are now on the disk, ascending. */
  record({ event: v.literal('kept'), step: count, steps: list(count) }),
  record({ event: v.picklist(['paused', 'resumed']), step: count }),
  /** Training goes on, but not quite as asked; `code` is the core's `WarningCode`. */
  record({ event: v.literal('warning'), code: v.string(), message: sentenceSchema }),
  /** Rows of a table that are left out or cut, with their lines from 1; of many the first. */
  record({
    event: v.literal('rows'),
    rows: list(record({ line: count, message: sentenceSchema })),
  }),
]);
export type TrainEvent = v.InferOutput<typeof trainEvent>;

/** How a training that went well ended. */
const trainResult = record({
  reason: v.picklist(['finished', 'time limit', 'early stop', 'stopped']),
  step: count,
  epoch: v.number(),
  tokens: count,
  seconds: v.number(),
  /** Mean of the last row; undefined if no step was made. */
  loss: v.optional(anyNumber),
  /** At the end; undefined without validation. */
  validationLoss: v.optional(anyNumber),
  /** The lowest validation loss and its step; undefined without validation. */
  best: v.optional(record({ step: count, validationLoss: anyNumber })),
  run: v.nullable(v.string()),
});
export type TrainResult = v.InferOutput<typeof trainResult>;

export const trainJob = { request: trainRequest, event: trainEvent, result: trainResult };
