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
 * results are in the table {@link Jobs}.
 *
 * Units: losses are cross-entropies in nats per token, times are seconds, rates are tokens/s, paths
 * are absolute and name files that the worker's own machine has.
 */
import * as v from 'valibot';
import {
  deleteRequest,
  deleteResult,
  purgeRequest,
  purgeResult,
  renameRequest,
  renameResult,
  restoreRequest,
  restoreResult,
  type DeleteRequest,
  type DeleteResult,
  type PurgeRequest,
  type PurgeResult,
  type RenameRequest,
  type RenameResult,
  type RestoreRequest,
  type RestoreResult,
} from './jobs/manage';
import {
  completeRequest,
  completeResult,
  type CompleteRequest,
  type CompleteResult,
} from './jobs/complete';
import {
  editRequest,
  editResult,
  followEvent,
  followRequest,
  followResult,
  forgetRequest,
  forgetResult,
  openRequest,
  openResult,
  refreshRequest,
  refreshResult,
  snapshotRequest,
  snapshotResult,
  type EditRequest,
  type EditResult,
  type FollowEvent,
  type FollowRequest,
  type FollowResult,
  type ForgetRequest,
  type ForgetResult,
  type OpenRequest,
  type OpenResult,
  type RefreshRequest,
  type RefreshResult,
  type SnapshotRequest,
  type SnapshotResult,
} from './jobs/follow';
import {
  keystrokesRequest,
  keystrokesResult,
  type KeystrokesRequest,
  type KeystrokesResult,
} from './jobs/keystrokes';
import { lookRequest, lookResult, type LookRequest, type LookResult } from './jobs/look';
import {
  findUnitsRequest,
  findUnitsResult,
  readRequest,
  readResult,
  type FindUnitsRequest,
  type FindUnitsResult,
  type ReadRequest,
  type ReadResult,
} from './jobs/read';
import { importRequest, importResult, type ImportRequest, type ImportResult } from './jobs/import';
import {
  evaluateRequest,
  evaluateResult,
  inspectRequest,
  inspectResult,
  progressEvent,
  sampleEvent,
  sampleRequest,
  sampleResult,
  type EvaluateRequest,
  type EvaluateResult,
  type InspectRequest,
  type InspectResult,
  type ProgressEvent,
  type SampleEvent,
  type SampleRequest,
  type SampleResult,
} from './jobs/model';
import {
  profileRequest,
  profileResult,
  type ProfileRequest,
  type ProfileResult,
} from './jobs/profile';
import {
  describeRequest,
  describeResult,
  listRequest,
  listResult,
  type DescribeRequest,
  type DescribeResult,
  type ListRequest,
  type ListResult,
} from './jobs/runs';
import {
  reproduceRequest,
  reproduceResult,
  type ReproduceRequest,
  type ReproduceResult,
} from './jobs/reproduce';
import { count, record } from './jobs/schema';
import { failure } from './jobs/shared';
import {
  benchEvent,
  benchRequest,
  benchResult,
  exportRequest,
  exportResult,
  gradcheckEvent,
  gradcheckRequest,
  gradcheckResult,
  type BenchEvent,
  type BenchRequest,
  type BenchResult,
  type ExportRequest,
  type ExportResult,
  type GradcheckEvent,
  type GradcheckRequest,
  type GradcheckResult,
} from './jobs/tools';
import {
  trainEvent,
  trainRequest,
  trainResult,
  type TrainEvent,
  type TrainRequest,
  type TrainResult,
} from './jobs/train';

export type * from './jobs/complete';
export type * from './jobs/follow';
export type * from './jobs/keystrokes';
export type * from './jobs/look';
export type * from './jobs/read';
export type * from './jobs/manage';
export type * from './jobs/import';
export type * from './jobs/model';
export type * from './jobs/observation';
export type * from './jobs/profile';
export type * from './jobs/reproduce';
export type * from './jobs/runs';
export type * from './jobs/tools';
export type * from './jobs/train';
export type * from './jobs/shared';
export { EngineError, wholeOf } from './jobs/shared';
export { completionDefaults } from './jobs/complete';
export { defaultContext } from './jobs/follow';
export { defaultThresholds } from './jobs/keystrokes';
export { longestLook } from './jobs/look';
export { mostTokensRead } from './jobs/read';

const request = v.variant('kind', [
  trainRequest,
  sampleRequest,
  evaluateRequest,
  inspectRequest,
  gradcheckRequest,
  exportRequest,
  importRequest,
  benchRequest,
  profileRequest,
  describeRequest,
  listRequest,
  renameRequest,
  deleteRequest,
  restoreRequest,
  purgeRequest,
  snapshotRequest,
  followRequest,
  refreshRequest,
  openRequest,
  editRequest,
  forgetRequest,
  completeRequest,
  readRequest,
  findUnitsRequest,
  lookRequest,
  keystrokesRequest,
  reproduceRequest,
]);
export type Request = v.InferOutput<typeof request>;
export type JobKind = Request['kind'];

/** Each kind of job: the events it sends while it runs and what it ends with. */
export interface Jobs {
  train: { request: TrainRequest; event: TrainEvent; result: TrainResult };
  sample: { request: SampleRequest; event: SampleEvent; result: SampleResult };
  evaluate: { request: EvaluateRequest; event: ProgressEvent; result: EvaluateResult };
  inspect: { request: InspectRequest; event: never; result: InspectResult };
  gradcheck: { request: GradcheckRequest; event: GradcheckEvent; result: GradcheckResult };
  export: { request: ExportRequest; event: never; result: ExportResult };
  import: { request: ImportRequest; event: never; result: ImportResult };
  bench: { request: BenchRequest; event: BenchEvent; result: BenchResult };
  profile: { request: ProfileRequest; event: never; result: ProfileResult };
  describe: { request: DescribeRequest; event: never; result: DescribeResult };
  list: { request: ListRequest; event: never; result: ListResult };
  rename: { request: RenameRequest; event: never; result: RenameResult };
  delete: { request: DeleteRequest; event: never; result: DeleteResult };
  restore: { request: RestoreRequest; event: never; result: RestoreResult };
  purge: { request: PurgeRequest; event: never; result: PurgeResult };
  snapshot: { request: SnapshotRequest; event: never; result: SnapshotResult };
  follow: { request: FollowRequest; event: FollowEvent; result: FollowResult };
  refresh: { request: RefreshRequest; event: never; result: RefreshResult };
  open: { request: OpenRequest; event: never; result: OpenResult };
  edit: { request: EditRequest; event: never; result: EditResult };
  forget: { request: ForgetRequest; event: never; result: ForgetResult };
  complete: { request: CompleteRequest; event: never; result: CompleteResult };
  read: { request: ReadRequest; event: never; result: ReadResult };
  findUnits: { request: FindUnitsRequest; event: ProgressEvent; result: FindUnitsResult };
  look: { request: LookRequest; event: never; result: LookResult };
  keystrokes: { request: KeystrokesRequest; event: ProgressEvent; result: KeystrokesResult };
  reproduce: { request: ReproduceRequest; event: ProgressEvent; result: ReproduceResult };
}

/** The decoders of the table above. */
const events = {
  train: trainEvent,
  sample: sampleEvent,
  evaluate: progressEvent,
  inspect: v.never(),
  gradcheck: gradcheckEvent,
  export: v.never(),
  import: v.never(),
  bench: benchEvent,
  profile: v.never(),
  describe: v.never(),
  list: v.never(),
  rename: v.never(),
  delete: v.never(),
  restore: v.never(),
  purge: v.never(),
  snapshot: v.never(),
  follow: followEvent,
  refresh: v.never(),
  open: v.never(),
  edit: v.never(),
  forget: v.never(),
  complete: v.never(),
  read: v.never(),
  findUnits: progressEvent,
  look: v.never(),
  keystrokes: progressEvent,
  reproduce: progressEvent,
} satisfies { [K in JobKind]: v.GenericSchema<unknown, Jobs[K]['event']> };

const results = {
  train: trainResult,
  sample: sampleResult,
  evaluate: evaluateResult,
  inspect: inspectResult,
  gradcheck: gradcheckResult,
  export: exportResult,
  import: importResult,
  bench: benchResult,
  profile: profileResult,
  describe: describeResult,
  list: listResult,
  rename: renameResult,
  delete: deleteResult,
  restore: restoreResult,
  purge: purgeResult,
  snapshot: snapshotResult,
  follow: followResult,
  refresh: refreshResult,
  open: openResult,
  edit: editResult,
  forget: forgetResult,
  complete: completeResult,
  read: readResult,
  findUnits: findUnitsResult,
  look: lookResult,
  keystrokes: keystrokesResult,
  reproduce: reproduceResult,
} satisfies { [K in JobKind]: v.GenericSchema<unknown, Jobs[K]['result']> };

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
  return decode<Jobs[K]['event']>(events[kind], event);
}

/** @throws TypeError that names the place in the message and what was expected there */
export function decodeResult<K extends JobKind>(kind: K, result: unknown): Jobs[K]['result'] {
  return decode<Jobs[K]['result']>(results[kind], result);
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
