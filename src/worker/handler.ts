/**
 * The engine worker, wherever it runs: takes requests, runs jobs side by side, answers. All jobs share
 * one thread; the long ones let messages in between two slices of their work (`Job.breathe`).
 */
import type { Debugged } from './debugged';
import { sentence } from '../core/sentence';
import {
  decodeToEngine,
  type Control,
  type FromEngine,
  type JobKind,
  type Jobs,
  type ToEngine,
} from '../protocol/engine';
import { failureOf, inputError } from './failures';
import type { Session } from './follow/session';
import type { Platform } from './platform';
import type { LiveRun, Work } from './work';

/** What a job may use while it runs. */
export interface Job<K extends JobKind> extends Work {
  readonly id: number;
  /** Models that follow documents, by their job's number. */
  readonly followed: Map<number, Promise<Session>>;
  /** Models that are gone through, by their job's number. */
  readonly debugged: Map<number, Debugged>;
  emit(event: Jobs[K]['event']): void;
  /** Gets all controls, those that came before too; one listener a job. */
  onControl(listener: (control: Control) => void): void;
  /** Memory in the result that goes to the client as it is, instead of a copy; it is no longer ours then. */
  giveAway(buffer: ArrayBuffer): void;
}

/** The function that does a kind of job. */
export type JobFunction<K extends JobKind> = (
  request: Jobs[K]['request'],
  job: Job<K>,
) => Promise<Jobs[K]['result']>;

export type JobFunctions = { readonly [K in JobKind]?: JobFunction<K> };

interface Running {
  stopped: boolean;
  listener: (control: Control) => void;
}

/** Sends a client a message, and gives away what is in `transfer`. */
export type Post = (message: FromEngine, transfer?: readonly ArrayBuffer[]) => void;

/**
 * An engine, which may have several clients: each numbers its own jobs, and a training that one of them has started is
 * known to the others by its number.
 *
 * @returns what takes in a client, and gives what to call with each message that comes from it
 */
export function createHandler(
  platform: Platform,
  functions: JobFunctions,
): (post: Post) => (raw: unknown) => void {
  const live = new Map<number, LiveRun>();
  const followed = new Map<number, Promise<Session>>();
  const debugged = new Map<number, Debugged>();
  return (post) => serveClient({ platform, functions, live, followed, debugged }, post);
}

interface Shared extends Pick<Job<JobKind>, 'platform' | 'live' | 'followed' | 'debugged'> {
  readonly functions: JobFunctions;
}

function serveClient(
  { platform, functions, live, followed, debugged }: Shared,
  post: Post,
): (raw: unknown) => void {
  const running = new Map<number, Running>();

  function control(id: number, action: Control): void {
    const job = running.get(id);
    if (!job) return;
    if (action.action === 'stop') job.stopped = true;
    job.listener(action);
  }

  async function start<K extends JobKind>(
    id: number,
    request: Jobs[K]['request'] & { kind: K },
  ): Promise<void> {
    const early: Control[] = [];
    const state: Running = { stopped: false, listener: (action) => early.push(action) };
    const gifts: ArrayBuffer[] = [];
    running.set(id, state);
    try {
      const work = functions[request.kind];
      if (work === undefined) throw inputError(sentence`This engine cannot do that.`);
      const result = await work(request, {
        id,
        platform,
        live,
        followed,
        debugged,
        emit: (event) => {
          post({ type: 'event', job: id, event });
        },
        stopped: () => state.stopped,
        onControl: (listener) => {
          state.listener = listener;
          for (const action of early.splice(0)) listener(action);
        },
        breathe: () => platform.breathe(),
        giveAway: (buffer) => gifts.push(buffer),
      });
      post({ type: 'result', job: id, result }, gifts);
    } catch (error) {
      post({ type: 'failed', job: id, failure: failureOf(error) });
    } finally {
      running.delete(id);
    }
  }

  return (raw) => {
    const message = decode(raw, post);
    if (message === undefined) return;
    if (message.type === 'control') control(message.job, message.control);
    else if (running.has(message.job)) {
      throw new Error(`Job ${String(message.job)} is running already.`);
    } else void start(message.job, message.request);
  };
}

/** A malformed message about a job fails that job and no other; one about no job is a defect of the client. */
function decode(raw: unknown, post: Post): ToEngine | undefined {
  try {
    return decodeToEngine(raw);
  } catch (error) {
    const job = typeof raw === 'object' && raw !== null && 'job' in raw ? raw.job : undefined;
    if (typeof job !== 'number' || !Number.isSafeInteger(job) || job < 0) throw error;
    post({ type: 'failed', job, failure: failureOf(error) });
    return undefined;
  }
}
