/** What is in run folders. */
import * as v from 'valibot';
import { anyNumber, column, count, list, record } from './schema';
import { failure, runFacts } from './shared';

export const describeRequest = record({ kind: v.literal('describe'), run: v.string() });
export type DescribeRequest = v.InferOutput<typeof describeRequest>;

export const runState = v.picklist(['training', 'finished', 'stopped', 'failed', 'interrupted']);
/** `training`: another process has it now; `interrupted`: its process ended without a word. */
export type RunState = v.InferOutput<typeof runState>;

/** One line of a list of runs. */
export const runSummary = record({
  run: v.string(),
  name: v.string(),
  cell: v.string(),
  state: runState,
  /** When it was begun and last written, milliseconds since 1970. */
  created: v.number(),
  changed: v.number(),
  step: count,
  loss: v.nullable(anyNumber),
  bestValidationLoss: v.nullable(v.number()),
});
export type RunSummary = v.InferOutput<typeof runSummary>;

/** All rows of `metrics.jsonl`; column i of each array belongs together. */
export const history = record({
  metrics: record({
    step: column,
    steps: column,
    epoch: column,
    tokens: column,
    seconds: column,
    lossMean: column,
    lossMin: column,
    lossMax: column,
    gradientNormMean: column,
    gradientNormMin: column,
    gradientNormMax: column,
    learningRate: column,
    tokensPerSecond: column,
  }),
  evaluations: record({
    step: column,
    epoch: column,
    seconds: column,
    validationLoss: column,
    /** 1 where it was the lowest so far. */
    best: column,
  }),
});
export type History = v.InferOutput<typeof history>;

export const describeResult = record({
  summary: runSummary,
  facts: runFacts,
  history,
  /** The path of the text, if it came from a file. */
  source: v.nullable(v.string()),
  checkpoints: list(v.picklist(['best', 'last'])),
  failure: v.nullable(failure),
});
export type DescribeResult = v.InferOutput<typeof describeResult>;

export const listRequest = record({ kind: v.literal('list'), folder: v.string() });
export type ListRequest = v.InferOutput<typeof listRequest>;

/** Newest first; a folder that is missing has no runs. */
export const listResult = record({
  runs: list(runSummary),
  /** Subfolders that look like runs but cannot be read, with the reason. */
  damaged: list(record({ run: v.string(), message: v.string() })),
});
export type ListResult = v.InferOutput<typeof listResult>;
