import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect, workerPort, type Client, type Job } from '../protocol/client';
import type { JobKind, Jobs, Request } from '../protocol/engine';
import type { Terminal } from './terminal';

/** Exit codes, as shells and scripts expect them. */
export const exitCode = {
  done: 0,
  failure: 1,
  input: 2,
  interrupted: 130,
  terminated: 143,
} as const;

/** The user stopped a job that had nothing to show yet. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly code: number) {
    super('Stopped.');
  }
}

/** A job's end, and whether the user asked for it. */
export interface Outcome<K extends JobKind> {
  readonly result: Jobs[K]['result'];
  /** 130 after Ctrl-C, 143 after SIGTERM, else 0. */
  readonly code: number;
}

/** Why a job is stopped, and the exit code it then has. A reader that has had enough is no error. */
const stopCodes = {
  SIGINT: exitCode.interrupted,
  SIGTERM: exitCode.terminated,
  unread: exitCode.done,
};
type StopReason = keyof typeof stopCodes;

/**
 * Runs one job in an engine of its own, in a worker thread.
 *
 * The first Ctrl-C (or SIGTERM) stops the job, which then ends in good order; the second ends the
 * process at once. It is stopped too when nobody reads standard output any longer (`| head`).
 *
 * @param stopping what the user is told at the first Ctrl-C
 * @throws EngineError
 */
export async function runJob<K extends JobKind>(
  terminal: Terminal,
  request: Extract<Request, { readonly kind: K }>,
  onEvent: (event: Jobs[K]['event']) => void,
  stopping: string,
): Promise<Outcome<K>> {
  const client = startEngine();
  let reason: StopReason | undefined;
  const told = { begun: false };
  const job: Job<K> = client.start<K>(request, (event) => {
    told.begun = true;
    onEvent(event);
  });
  const stop = (next: StopReason): void => {
    if (reason !== undefined) process.exit(stopCodes[reason]);
    reason = next;
    if (next !== 'unread') terminal.note(stopping);
    job.control({ action: 'stop' });
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  terminal.onUnread(() => {
    stop('unread');
  });
  const code = (): number => (reason === undefined ? exitCode.done : stopCodes[reason]);
  try {
    const result = await job.result;
    return { result, code: code() };
  } catch (error) {
    // Only a training that has begun has something to lose when it is stopped.
    const isInterrupted = request.kind !== 'train' || !told.begun;
    throw reason !== undefined && isInterrupted ? new Interrupted(code()) : error;
  } finally {
    terminal.progress('');
    await client.dispose();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function startEngine(): Client {
  // The build puts the worker beside the command line.
  return connect(workerPort(new Worker(path.join(__dirname, 'worker.js'))));
}
