import type { LogOutputChannel } from 'vscode';
import { connect, type Client, type Job, type Port } from '../protocol/client';
import type { JobKind, Jobs, Request } from '../protocol/engine';
import { messageOf } from './translate';

/** An engine, which starts with the first job and again after a crash. */
export interface Engine {
  /** As `Client.start`; a job whose engine dies rejects with an `EngineError`. */
  start<K extends JobKind>(
    request: Extract<Request, { readonly kind: K }>,
    onEvent?: (event: Jobs[K]['event']) => void,
  ): Job<K>;
  /** Whether an error is that of an engine that ended without having been asked to. */
  isDeath(error: unknown): boolean;
  /** Ends the engine at once; a later job would start another. */
  close(): Promise<void>;
}

/** @param open opens a line to an engine that has just been started */
export function createEngine(open: () => Port, log: LogOutputChannel): Engine {
  const deaths = new WeakSet<Error>();
  let client: Client | undefined;

  function connected(): Client {
    client ??= begin();
    return client;
  }

  function begin(): Client {
    const made = connect(open());
    made.onDeath((error) => {
      log.error(messageOf(error));
      deaths.add(error);
      if (client === made) client = undefined;
    });
    return made;
  }

  return {
    start: (request, onEvent) => connected().start(request, onEvent),
    isDeath: (error) => error instanceof Error && deaths.has(error),
    async close() {
      const closing = client;
      client = undefined;
      await closing?.dispose();
    },
  };
}
