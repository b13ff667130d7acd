import type { MessagePort } from 'node:worker_threads';
import type { RightOfWay } from '../core/right-of-way';

/** What an engine's thread is started with (`workerData`); nothing where it is the only one of its process. */
export interface EngineSetup {
  /** Whether others go first where the system has priorities of threads (Linux). */
  readonly background: boolean;
  /** Whose turn it is, for one that works in the background. */
  readonly rightOfWay?: RightOfWay;
  /** Answers with the wide kernels as a `WebAssembly.Module`, or null: the process chooses them for all its threads. */
  readonly kernels?: MessagePort;
}

/** Tells an engine's thread of another one of its process; anything else that it is told is a job's message. */
export interface Introduction {
  /** Who is at the other end: the engine that trains, to be asked; or one that asks. */
  readonly meet: 'trainer' | 'client';
  readonly port: MessagePort;
}

export function isIntroduction(message: unknown): message is Introduction {
  return typeof message === 'object' && message !== null && 'meet' in message;
}
