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

/** The exit codes of a job that a signal stops. */
const signalCodes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated };
type Signal = keyof typeof signalCodes;

/**
 * Runs one job in an engine of its own, in a worker thread.
 *
 * The first Ctrl-C (or SIGTERM) stops the job, which then ends in good order; the second ends the
 * process at once. It is stopped too when nobody reads standard output any longer (`| head`), which is no error.
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
  const client = engines.start();
  const state = { isBegun: false };
  const job: Job<K> = client.start<K>(request, (event) => {
    state.isBegun = true;
    onEvent(event);
  });
  const { signal, code, dispose } = stopSignal(terminal, stopping);
  signal.addEventListener('abort', () => {
    job.control({ action: 'stop' });
  });
  try {
    const result = await job.result;
    return { result, code: code() };
  } catch (error) {
    // Only a training that has begun has something to lose when it is stopped.
    const isInterrupted = request.kind !== 'train' || !state.isBegun;
    throw signal.aborted && isInterrupted ? new Interrupted(code()) : error;
  } finally {
    terminal.progress('');
    await client.dispose();
    dispose();
  }
}

/** A signal that Ctrl-C, SIGTERM or a closed standard output gives; the second Ctrl-C ends the process at once. */
export function stopSignal(
  terminal: Terminal,
  stopping: string,
): { readonly signal: AbortSignal; code(): number; dispose(): void } {
  const controller = new AbortController();
  let signal: Signal | undefined;
  const obey = (next: Signal): void => {
    if (signal !== undefined) process.exit(signalCodes[signal]);
    signal = next;
    terminal.note(stopping);
    controller.abort();
  };
  process.on('SIGINT', obey).on('SIGTERM', obey);
  // Ctrl-C ends a reader too (`| jq`): what follows from that is no second one.
  terminal.onUnread(() => {
    controller.abort();
  });
  return {
    signal: controller.signal,
    code: () => (signal === undefined ? exitCode.done : signalCodes[signal]),
    dispose() {
      process.off('SIGINT', obey).off('SIGTERM', obey);
    },
  };
}

/** Where jobs have their engines from. */
export const engines = {
  start(): Client {
    // The build puts the worker beside the command line.
    return connect(workerPort(new Worker(path.join(__dirname, 'worker.js'))));
  },
};
