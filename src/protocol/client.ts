/**
 * The engine's client: starts jobs, hands their events on, and answers when they end.
 *
 * The host and the command line both use it, and neither may import the engine; so it knows nothing
 * of how the worker is started. Each of them makes the worker itself, in one line, and passes it as
 * a {@link Port}:
 *
 * ```ts
 * import { Worker } from 'node:worker_threads';
 * const client = connect(workerPort(new Worker(path.join(__dirname, 'worker.js'))));
 * ```
 */
import { sentence, verbatim, type Sentence } from '../core/sentence';
import {
  decodeEvent,
  decodeFromEngine,
  decodeResult,
  EngineError,
  type Control,
  type FromEngine,
  type JobKind,
  type Jobs,
  type Request,
  type ToEngine,
} from './engine';

/** A line to the engine, or to whatever takes messages of another kind. */
export interface Port<Sent = ToEngine> {
  post(message: Sent): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the engine is gone, asked or not; `reason` says why, as far as is known: the end of a sentence. */
  onClose(listener: (reason: Sentence) => void): void;
  /** Ends the engine; `onClose` follows. */
  close(): Promise<void>;
}

/** A job under way. */
export interface Job<K extends JobKind> {
  readonly id: number;
  /** Resolves when the job ends by itself or was stopped; rejects with {@link EngineError}. */
  readonly result: Promise<Jobs[K]['result']>;
  /** Passed over in silence once the job has ended. */
  control(control: Control): void;
}

export interface Client {
  /**
   * Starts a job. `onEvent` gets its events in their order, all of them before `result` settles; what
   * it throws makes the job fail for this client.
   */
  start<K extends JobKind>(
    request: Extract<Request, { readonly kind: K }>,
    onEvent?: (event: Jobs[K]['event']) => void,
  ): Job<K>;
  /** Called once if the engine ends without having been asked to; at once if it already has. */
  onDeath(listener: (error: EngineError) => void): void;
  /** Ends the engine at once; jobs under way reject. */
  dispose(): Promise<void>;
}

interface Pending {
  readonly kind: JobKind;
  onEvent(event: unknown): void;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Speaks to the engine at the other end of a port. */
export function connect(port: Port): Client {
  const pending = new Map<number, Pending>();
  const mourners: ((error: EngineError) => void)[] = [];
  let lastId = 0;
  let end: EngineError | undefined;
  let disposed = false;

  function settle(id: number, action: (job: Pending) => void) {
    const job = pending.get(id);
    if (!job) return;
    pending.delete(id);
    action(job);
  }

  function receive(message: FromEngine) {
    const job = pending.get(message.job);
    if (!job) return;
    switch (message.type) {
      case 'event':
        job.onEvent(decodeEvent(job.kind, message.event));
        break;
      case 'result': {
        const result = decodeResult(job.kind, message.result);
        settle(message.job, ({ resolve }) => {
          resolve(result);
        });
        break;
      }
      case 'failed':
        settle(message.job, ({ reject }) => {
          reject(new EngineError(message.failure));
        });
        break;
    }
  }

  port.onMessage((raw) => {
    const message = decodeFromEngine(raw);
    try {
      receive(message);
    } catch (error) {
      settle(message.job, ({ reject }) => {
        reject(error instanceof Error ? error : new Error(String(error)));
      });
      port.post({ type: 'control', job: message.job, control: { action: 'stop' } });
    }
  });

  port.onClose((reason) => {
    end = closed(reason, disposed);
    for (const id of [...pending.keys()])
      settle(id, ({ reject }) => {
        reject(end!);
      });
    if (!disposed) for (const listener of mourners.splice(0)) listener(end);
  });

  return {
    start<K extends JobKind>(
      request: Extract<Request, { readonly kind: K }>,
      onEvent?: (event: Jobs[K]['event']) => void,
    ): Job<K> {
      const id = ++lastId;
      const result = new Promise<Jobs[K]['result']>((resolve, reject) => {
        if (end) {
          reject(end);
          return;
        }
        pending.set(id, {
          kind: request.kind,
          onEvent: (event) => onEvent?.(event as Jobs[K]['event']),
          resolve: (value) => {
            resolve(value as Jobs[K]['result']);
          },
          reject,
        });
        port.post({ type: 'start', job: id, request });
      });
      return {
        id,
        result,
        control(control) {
          if (pending.has(id)) port.post({ type: 'control', job: id, control });
        },
      };
    },
    onDeath(listener) {
      if (end && !disposed) listener(end);
      else mourners.push(listener);
    },
    async dispose() {
      disposed = true;
      await port.close();
    },
  };
}

function closed(reason: Sentence, asked: boolean): EngineError {
  return new EngineError(
    asked
      ? { code: 'failure', message: sentence`The engine was closed.` }
      : {
          code: 'failure',
          message: sentence`The engine ended unexpectedly: ${reason}.`,
          hint: sentence`The last checkpoint is kept; if memory ran out, use a smaller model, batch or sequence.`,
        },
  );
}

/** What this needs of `Worker` in `node:worker_threads`. */
export interface NodeWorker {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'error' | 'messageerror', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<number>;
}

/** A `node:worker_threads` worker as a port. */
export function workerPort(worker: NodeWorker): Port<unknown> {
  return {
    post(message) {
      worker.postMessage(message);
    },
    onMessage(listener) {
      worker.on('message', listener);
    },
    onClose(listener) {
      let reason: Sentence | undefined;
      worker.on('error', (error) => {
        reason ??= reasonOf(error);
      });
      worker.on('exit', (code) => {
        listener(reason ?? sentence`exit code ${code}`);
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** Why a worker ended, by what it threw. */
export function reasonOf(error: Error): Sentence {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || error instanceof RangeError)
    return sentence`it ran out of memory`;
  return verbatim(error.message.replace(/\.$/, ''));
}
