/** What is in run folders. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { observation, trainingSample } from './observation';
import {
  evaluationColumns,
  metricsColumns,
  type EvaluationColumn,
  type MetricsColumn,
} from '../history';
import { columns, count, list, record } from './schema';
import { failure, keptFacts, limit, scoreEntries, settingValues } from './shared';

/** `training`: another job or process has it now; `interrupted`: its process ended without a word. */
export const runState = v.picklist(['training', 'finished', 'stopped', 'failed', 'interrupted']);
export type RunState = v.InferOutput<typeof runState>;

/** One line of a list of runs. */
export const runSummary = record({
  run: v.string(),
  /** What the user calls it; null: it has no title. */
  title: v.nullable(v.string()),
  /** Words that the user sorts runs by. */
  tags: list(v.string()),
  /** The experiment of a lab notebook that asked for it; null: none did, or it is of an earlier version. */
  experiment: v.nullable(v.string()),
  /** What the user has written about it; empty where it is nothing, or more than a list tells. */
  note: v.string(),
  /** The name of the text. */
  name: v.string(),
  /** The path of the text, if it came from a file. */
  source: v.nullable(v.string()),
  /**
   * The commit of the Git repository that the text was in as the run began, and whether the text was as it is there;
   * null: it was in none.
   */
  git: v.nullable(
    record({
      commit: v.string(),
      text: v.picklist(['same', 'changed', 'untracked', 'unknown']),
    }),
  ),
  cell: v.string(),
  /** Of a model of examples: what was understood of its data, and its scores where its loss was lowest; null: of a text. */
  task: v.nullable(record({ line: sentenceSchema, scores: record(scoreEntries) })),
  state: runState,
  /** When it was begun and last written, milliseconds since 1970. */
  created: v.number(),
  changed: v.number(),
  /** Of the last row; null before the first. */
  step: count,
  loss: v.nullable(v.number()),
  bestValidationLoss: v.nullable(v.number()),
  /** Of a model that was imported alone and is not trained here: what its file tells of its training. */
  imported: v.nullable(record({ step: count, bestValidationLoss: v.nullable(v.number()) })),
  /** Training time, s. */
  seconds: v.number(),
  /** Number of learnt values. */
  parameters: count,
  vocabulary: count,
  /** Tokens to train on. */
  tokens: count,
  /** Whether there is a checkpoint to sample from and to go on from. */
  hasCheckpoint: v.boolean(),
  /** Whether the step is kept at which its numbers went wrong. */
  hasFailedStep: v.boolean(),
  limit,
  hidden: count,
  layers: count,
  /** Those whose values are not the defaults; the cell, the sizes above and the limit left out. */
  settings: settingValues,
  /** Why it failed; null: it did not. */
  failure: v.nullable(sentenceSchema),
});
export type RunSummary = v.InferOutput<typeof runSummary>;

/** All rows of `metrics.jsonl` as columns: entry i of each array belongs to row i. */
export const history = record({
  metrics: columns<MetricsColumn>(metricsColumns),
  evaluations: columns<EvaluationColumn>(evaluationColumns),
});
export type History = v.InferOutput<typeof history>;

const describeRequest = record({ kind: v.literal('describe'), run: v.string() });
export type DescribeRequest = v.InferOutput<typeof describeRequest>;

const describeResult = record({
  summary: runSummary,
  facts: keptFacts,
  history,
  /** Evenly thinned over the run. */
  observations: list(observation),
  samples: list(trainingSample),
  /** Those on the disk from which training can go on. */
  checkpoints: list(v.picklist(['best', 'last'])),
  /** Steps of the earlier checkpoints that are kept, ascending: parameters alone, to be asked for by step. */
  steps: list(count),
  /** Why it failed, if it did. */
  failure: v.nullable(failure),
});
export type DescribeResult = v.InferOutput<typeof describeResult>;

export const describeJob = { request: describeRequest, event: v.never(), result: describeResult };

const listRequest = record({
  kind: v.literal('list'),
  folder: v.string(),
  /** Only these of its runs, by their folders; default: all. */
  only: v.optional(list(v.string())),
});
export type ListRequest = v.InferOutput<typeof listRequest>;

/** Newest first; a folder that is missing has no runs. */
const listResult = record({
  runs: list(runSummary),
  /** Subfolders that look like runs but cannot be read, with the reason. */
  damaged: list(record({ run: v.string(), message: sentenceSchema })),
});
export type ListResult = v.InferOutput<typeof listResult>;

export const listJob = { request: listRequest, event: v.never(), result: listResult };
