/**
 * A model that follows documents as they are typed. A second engine worker (the reader) does this, so that a
 * keystroke never waits for a training step:
 *
 * - `follow` opens a model there and lasts until it is stopped; all jobs below name it by its number.
 * - `open`, `edit` and `forget` keep the reader's copy of a document. They take effect in the order they are
 *   posted, at once: nobody needs to wait for their answers.
 * - `complete`, `read`, `look` and `findUnits` (`jobs/complete.ts`, `jobs/read.ts`, `jobs/look.ts`) ask
 *   about an open document as of a version. If that is not the version the reader has, or the document
 *   changes before the answer is there, the answer is `{ kind: 'outdated' }`; so is a `complete` or a `look`
 *   that a newer one of the same document overtakes, and what is stopped.
 * - `refresh` puts other weights in the place of the model's own: those of a training as it is now, for which the
 *   reader asks the engine that trains (`snapshot`), or another checkpoint of the run.
 *
 * All offsets are in UTF-16 units from the document's start, in the text exactly as it was given (a Windows
 * line end is two units, though it is read as one).
 *
 * The state at a place is that after reading the tokens before it, beginning at least `context` tokens earlier, as
 * many as the equations' lags reach back in all layers together, or at the document's start; a long document is never read whole. Answers say in `readFrom` where reading
 * began. Cached states are dropped by an edit before them, and by nothing else but lack of room.
 */
import * as v from 'valibot';
import { tokenizerNames } from '../../core/data/kinds';
import { networkFacts } from './observation';
import { count, list, record } from './schema';
import { modelDescription, modelSource, whichCheckpoint } from './shared';

/** Which document; the client's own name for it, such as its URI. */
export const documentName = v.string();

/** What all questions about a document say: the follow job's number, the document and its version. */
export const aboutDocument = {
  follow: count,
  document: documentName,
  version: count,
} as const;

/** The answer where the question has been overtaken; there is nothing to tell the user. */
export const outdated = record({ kind: v.literal('outdated') });

/** Tokens read before a place, where nothing else is asked for. */
export const defaultContext = 2048;

/**
 * The weights of a training under way, to be asked of the worker that trains. It is answered between two
 * training steps and costs one copy of the parameters.
 */
const snapshotRequest = record({
  kind: v.literal('snapshot'),
  /** The training job's number. */
  training: count,
  /** Also tell what the model is, which another worker needs once to open it; default false. */
  description: v.optional(v.boolean()),
});
export type SnapshotRequest = v.InferOutput<typeof snapshotRequest>;

const snapshotResult = record({
  /** Updates done. */
  step: count,
  /** The parameter block as the engine lays it out, padding included; the receiver's own, to be given on. */
  parameters: v.instance(Float32Array),
  model: v.optional(modelDescription),
});
export type SnapshotResult = v.InferOutput<typeof snapshotResult>;

export const snapshotJob = { request: snapshotRequest, event: v.never(), result: snapshotResult };

const followRequest = record({
  kind: v.literal('follow'),
  /** `live` means a training of the engine next door. */
  model: modelSource,
  /** Tokens to read before a place, at least; default `defaultContext`. Never fewer than the lags reach back. */
  context: v.optional(count),
  /** Most bytes of cached states, of all documents together; default 64 MB. */
  memory: v.optional(count),
});
export type FollowRequest = v.InferOutput<typeof followRequest>;

/** Once, when the model is open. Jobs that name it may be started before: they wait for it. */
const followEvent = record({
  event: v.literal('opened'),
  /** Updates its training had done. */
  step: count,
  tokenizer: v.picklist(tokenizerNames),
  vocabulary: count,
  /** What the first layer reads of a token: gradients with respect to the input are with respect to this vector. */
  input: v.picklist(['one-hot', 'embedding']),
  network: networkFacts,
});
export type FollowEvent = v.InferOutput<typeof followEvent>;

/** When it was stopped. */
const followResult = v.null();
export type FollowResult = v.InferOutput<typeof followResult>;

export const followJob = { request: followRequest, event: followEvent, result: followResult };

/**
 * Other weights for the same model. Until what the documents were last asked about has been read with them, all
 * questions are answered with the old ones, as quickly as before; then they change over at once. Of several
 * that wait only the newest is read.
 */
const refreshRequest = record({
  kind: v.literal('refresh'),
  follow: count,
  weights: v.variant('kind', [
    /** Of a training of the same model, in the engine next door, as they are now. */
    record({ kind: v.literal('live'), job: count }),
    /** As `snapshot` gave them, of the same model. */
    record({
      kind: v.literal('parameters'),
      step: count,
      parameters: v.instance(Float32Array),
    }),
    /** Of a run with the same model: another of its checkpoints. */
    record({
      kind: v.literal('run'),
      run: v.string(),
      checkpoint: v.optional(whichCheckpoint),
    }),
  ]),
  /** False: change over at once and read when asked. Default true. */
  warm: v.optional(v.boolean()),
});
export type RefreshRequest = v.InferOutput<typeof refreshRequest>;

const refreshResult = record({
  /** Of the weights, which are in force now; null: a newer `refresh` overtook them. */
  step: v.nullable(count),
});
export type RefreshResult = v.InferOutput<typeof refreshResult>;

export const refreshJob = { request: refreshRequest, event: v.never(), result: refreshResult };

/** A document's whole text; one that is open already is replaced. Nothing is read yet. */
const openRequest = record({ kind: v.literal('open'), ...aboutDocument, text: v.string() });
export type OpenRequest = v.InferOutput<typeof openRequest>;

const openResult = v.null();
export type OpenResult = v.InferOutput<typeof openResult>;

export const openJob = { request: openRequest, event: v.never(), result: openResult };

/**
 * Changes of a document, done one after the other: each one's offset is in the text that the one before left
 * (so is VS Code's list of content changes, which goes from the document's end to its start).
 */
const editRequest = record({
  kind: v.literal('edit'),
  follow: count,
  document: documentName,
  /** That of the text after the changes. */
  version: count,
  changes: list(
    record({
      offset: count,
      /** UTF-16 units that go. */
      removed: count,
      inserted: v.string(),
    }),
  ),
});
export type EditRequest = v.InferOutput<typeof editRequest>;

/** It fails with code `input` if the document is not open or a place is outside it: then `open` it again. */
const editResult = v.null();
export type EditResult = v.InferOutput<typeof editResult>;

export const editJob = { request: editRequest, event: v.never(), result: editResult };

/** Drops a document and all its states; one that is not open is passed over. */
const forgetRequest = record({
  kind: v.literal('forget'),
  follow: count,
  document: documentName,
});
export type ForgetRequest = v.InferOutput<typeof forgetRequest>;

const forgetResult = v.null();
export type ForgetResult = v.InferOutput<typeof forgetResult>;

export const forgetJob = { request: forgetRequest, event: v.never(), result: forgetResult };
