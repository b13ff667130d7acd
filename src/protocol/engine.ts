/**
 * What the engine's clients (the extension host and the command line) and the engine worker say to
 * each other.
 *
 * One idea: every request is a *job*. A client starts a job under a number of its own choice and may
 * then `pause`, `resume` or `stop` it; the engine answers with any number of events of that job and
 * exactly one end: its result, or its failure. Jobs run side by side, so a client may sample from a
 * run that is being trained.
 *
 * Both directions are decoded from `unknown` on arrival. The request kinds with their events and
 * results are in the table `jobs`.
 *
 * Units: losses are cross-entropies in nats per token, times are seconds, rates are tokens/s, paths
 * are absolute and name files that the worker's own machine has.
 */
import * as v from 'valibot';
import { completeJob } from './jobs/complete';
import { debugAskJob, debugJob, debugMoveJob } from './jobs/debug';
import { examineJob } from './jobs/examine';
import { snapshotJob, followJob, refreshJob, openJob, editJob, forgetJob } from './jobs/follow';
import { generateJob } from './jobs/generate';
import { importJob } from './jobs/import';
import { keystrokesJob } from './jobs/keystrokes';
import { lookJob } from './jobs/look';
import { annotateJob, deleteJob, restoreJob, purgeJob } from './jobs/manage';
import { evaluateJob, inspectJob, predictJob, sampleJob } from './jobs/model';
import { profileJob } from './jobs/profile';
import { nearestJob, projectJob } from './jobs/project';
import { readJob, findUnitsJob } from './jobs/read';
import { reproduceJob } from './jobs/reproduce';
import { findRowUnitsJob, shadeRowsJob } from './jobs/rows';
import { describeJob, listJob } from './jobs/runs';
import { gradcheckJob, exportJob, benchJob } from './jobs/tools';
import { trainJob } from './jobs/train';
import { understandJob } from './jobs/understand';
import { vectorsJob } from './jobs/vectors';
import { worksheetJob } from './jobs/worksheet';
import { count, record } from './jobs/schema';
import { failure } from './jobs/shared';

export type * from './jobs/complete';
export type * from './jobs/debug';
export type * from './jobs/examine';
export type * from './jobs/inside';
export type * from './jobs/follow';
export type * from './jobs/keystrokes';
export type * from './jobs/look';
export type * from './jobs/read';
export type * from './jobs/manage';
export type * from './jobs/generate';
export type * from './jobs/import';
export type * from './jobs/model';
export type * from './jobs/observation';
export type * from './jobs/profile';
export type * from './jobs/project';
export type * from './jobs/reproduce';
export type * from './jobs/rows';
export type * from './jobs/runs';
export type * from './jobs/tools';
export type * from './jobs/train';
export type * from './jobs/understand';
export type * from './jobs/vectors';
export type * from './jobs/worksheet';
export type * from './jobs/shared';
export { EngineError, wholeOf } from './jobs/shared';
export { completionDefaults } from './jobs/complete';
export { defaultContext } from './jobs/follow';
export { defaultThresholds } from './jobs/keystrokes';
export { longestLook } from './jobs/look';
export { mostTokensRead } from './jobs/read';

/** Each kind of job: what it is asked with, the events it sends while it runs, and what it ends with. */
const jobs = {
  train: trainJob,
  sample: sampleJob,
  evaluate: evaluateJob,
  predict: predictJob,
  examine: examineJob,
  inspect: inspectJob,
  gradcheck: gradcheckJob,
  export: exportJob,
  import: importJob,
  generate: generateJob,
  vectors: vectorsJob,
  bench: benchJob,
  profile: profileJob,
  describe: describeJob,
  list: listJob,
  annotate: annotateJob,
  delete: deleteJob,
  restore: restoreJob,
  purge: purgeJob,
  snapshot: snapshotJob,
  follow: followJob,
  refresh: refreshJob,
  open: openJob,
  edit: editJob,
  forget: forgetJob,
  complete: completeJob,
  read: readJob,
  findUnits: findUnitsJob,
  look: lookJob,
  debug: debugJob,
  debugMove: debugMoveJob,
  debugAsk: debugAskJob,
  keystrokes: keystrokesJob,
  reproduce: reproduceJob,
  understand: understandJob,
  worksheet: worksheetJob,
  project: projectJob,
  nearest: nearestJob,
  shadeRows: shadeRowsJob,
  findRowUnits: findRowUnitsJob,
};
type Declared = typeof jobs;

export type JobKind = keyof Declared;
export type Jobs = {
  [K in JobKind]: {
    request: v.InferOutput<Declared[K]['request']>;
    event: v.InferOutput<Declared[K]['event']>;
    result: v.InferOutput<Declared[K]['result']>;
  };
};
export type Request = Jobs[JobKind]['request'];

const request = v.variant(
  'kind',
  Object.values(jobs).map((job) => job.request),
);

/** What a client may do to a job that runs. Unknown or ended jobs are passed over in silence. */
const control = v.variant('action', [
  /** Training only. */
  record({ action: v.literal('pause') }),
  record({ action: v.literal('resume') }),
  /** Training saves a checkpoint and ends with reason `stopped`; other jobs end with what they have, or fail. */
  record({ action: v.literal('stop') }),
  /** Training only: as `stop`, but the run stays one that was interrupted: whoever finds it may go on. */
  record({ action: v.literal('suspend') }),
  /** Training only: from the next step on, whatever the schedule says; null: as the schedule says. */
  record({ action: v.literal('setLearningRate'), learningRate: v.nullable(v.number()) }),
]);
export type Control = v.InferOutput<typeof control>;

const toEngine = v.variant('type', [
  record({ type: v.literal('start'), job: count, request }),
  record({ type: v.literal('control'), job: count, control }),
]);
/** Client → engine. */
export type ToEngine = v.InferOutput<typeof toEngine>;

const fromEngine = v.variant('type', [
  record({ type: v.literal('event'), job: count, event: v.unknown() }),
  record({ type: v.literal('result'), job: count, result: v.unknown() }),
  record({ type: v.literal('failed'), job: count, failure }),
]);
/** Engine → client; `event` and `result` are decoded by the kind of the job they belong to. */
export type FromEngine = v.InferOutput<typeof fromEngine>;

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeToEngine(message: unknown): ToEngine {
  return decode(toEngine, message);
}

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeFromEngine(message: unknown): FromEngine {
  return decode(fromEngine, message);
}

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeEvent<K extends JobKind>(kind: K, event: unknown): Jobs[K]['event'] {
  return decode<Jobs[K]['event']>(jobs[kind].event, event);
}

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeResult<K extends JobKind>(kind: K, result: unknown): Jobs[K]['result'] {
  return decode<Jobs[K]['result']>(jobs[kind].result, result);
}

function decode<T>(schema: v.GenericSchema<unknown, T>, message: unknown): T {
  const parsed = v.safeParse(schema, message, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue);
  throw new TypeError(
    `Malformed message${path === null ? '' : ` at '${path}'`}: ${issue.message}.`,
  );
}
