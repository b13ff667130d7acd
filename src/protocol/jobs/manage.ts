/** What is done to runs as a whole: given a title, deleted, brought back. */
import * as v from 'valibot';
import { sentenceSchema } from '../../core/sentence';
import { count, list, record } from './schema';

/** Within the folder of all runs: deleted ones wait here, a folder for each deletion, before they are removed. */
export const deletedName = '.deleted';

/** A run that is trained gets its title too, if this engine trains it; that of another process is refused. */
const renameRequest = record({
  kind: v.literal('rename'),
  run: v.string(),
  /** Empty: the run has no title any more. */
  title: v.string(),
});
export type RenameRequest = v.InferOutput<typeof renameRequest>;

const renameResult = record({ title: v.nullable(v.string()) });
export type RenameResult = v.InferOutput<typeof renameResult>;

export const renameJob = { request: renameRequest, event: v.never(), result: renameResult };

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
