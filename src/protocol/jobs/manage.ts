/** What is done to runs as a whole: given a title and tags, deleted, brought back. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { count, list, record } from './schema';

/** Within the folder of all runs: deleted ones wait here, a folder for each deletion, before they are removed. */
export const deletedName = '.deleted';

/** Of a run that is trained too, if this engine trains it; that of another process is refused. */
const annotateRequest = record({
  kind: v.literal('annotate'),
  run: v.string(),
  /** Empty: the run has no title any more; missing: it keeps its own. */
  title: v.optional(v.string()),
  /** In place of those that it has; missing: it keeps them. */
  tags: v.optional(list(v.string())),
});
export type AnnotateRequest = v.InferOutput<typeof annotateRequest>;

/** As they are kept: without space around them, each tag once. */
const annotateResult = record({ title: v.nullable(v.string()), tags: list(v.string()) });
export type AnnotateResult = v.InferOutput<typeof annotateResult>;

export const annotateJob = { request: annotateRequest, event: v.never(), result: annotateResult };

const deleteRequest = record({
  kind: v.literal('delete'),
  /** Of all runs. */
  folder: v.string(),
  runs: list(v.string()),
});
export type DeleteRequest = v.InferOutput<typeof deleteRequest>;

const deleteResult = record({
  /** What `restore` takes it back by. */
  deletion: v.string(),
  deleted: list(v.string()),
  refused: list(
    record({
      run: v.string(),
      /** `locked`: it is being trained. */
      reason: v.picklist(['locked', 'failed']),
      message: sentenceSchema,
    }),
  ),
});
export type DeleteResult = v.InferOutput<typeof deleteResult>;

export const deleteJob = { request: deleteRequest, event: v.never(), result: deleteResult };

const restoreRequest = record({
  kind: v.literal('restore'),
  /** Of all runs. */
  folder: v.string(),
  /** Default: the last that there is. */
  deletion: v.optional(v.string()),
});
export type RestoreRequest = v.InferOutput<typeof restoreRequest>;

/** The runs that are back; none if there was nothing to take back. */
const restoreResult = record({ runs: list(v.string()) });
export type RestoreResult = v.InferOutput<typeof restoreResult>;

export const restoreJob = { request: restoreRequest, event: v.never(), result: restoreResult };

/** Removes for good what was deleted before a time. */
const purgeRequest = record({
  kind: v.literal('purge'),
  /** Of all runs. */
  folder: v.string(),
  /** Milliseconds since 1970. */
  before: v.number(),
});
export type PurgeRequest = v.InferOutput<typeof purgeRequest>;

const purgeResult = record({
  /** How many deletions were removed, and how many can still be taken back. */
  removed: count,
  left: count,
});
export type PurgeResult = v.InferOutput<typeof purgeResult>;

export const purgeJob = { request: purgeRequest, event: v.never(), result: purgeResult };
