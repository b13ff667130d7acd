import { Worker } from 'node:worker_threads';
import type { LogOutputChannel } from 'vscode';
import { connect, workerPort, type Client, type EngineSetup, type Job } from '../protocol/client';
import type { JobKind, Jobs, Request } from '../protocol/engine';
import { messageOf } from './translate';

/** The engine, which lives in a worker thread that starts with the first job and anew after a crash. */
export interface Engine {
  /** As `Client.start`; a job whose worker dies rejects with an `EngineError`. */
  start<K extends JobKind>(
    request: Extract<Request, { readonly kind: K }>,
    onEvent?: (event: Jobs[K]['event']) => void,
    transfer?: readonly ArrayBuffer[],
  ): Job<K>;
  /** Whether an error is that of a worker that ended without having been asked to. */
  isDeath(error: unknown): boolean;
  /** Ends the worker at once; a later job would start another. */
  close(): Promise<void>;
}

/** @param file the bundled worker, absolute */
export function createEngine(file: string, log: LogOutputChannel, workerData: EngineSetup): Engine {
  const deaths = new WeakSet<Error>();
  let client: Client | undefined;

  function connected(): Client {
    const options = { name: 'RNN Lab engine', stdout: true, stderr: true, workerData };
    client ??= connectTo(new Worker(file, options));
    return client;
  }

  function connectTo(worker: Worker): Client {
    log.debug(`Engine started as worker thread ${worker.threadId}.`);
    worker.stdout.on('data', (chunk: Buffer) => log.debug(String(chunk).trimEnd()));
    worker.stderr.on('data', (chunk: Buffer) => log.warn(String(chunk).trimEnd()));
    const made = connect(workerPort(worker));
    made.onDeath((error) => {
      log.error(messageOf(error));
      deaths.add(error);
      if (client === made) client = undefined;
    });
    return made;
  }

  return {
    start: (request, onEvent, transfer) => connected().start(request, onEvent, transfer),
    isDeath: (error) => error instanceof Error && deaths.has(error),
    async close() {
      const closing = client;
      client = undefined;
      await closing?.dispose();
    },
  };
}
