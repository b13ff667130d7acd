import type { RightOfWay } from '../right-of-way';
import { Control, Size, Thread } from './assembly/layout';
import { instantiateKernels, type CompiledKernels } from './loader';

/** What a new thread is given (it can be posted to a worker). */
export interface ThreadInit {
  readonly compiled: CompiledKernels;
  readonly memory: WebAssembly.Memory;
  /** From 1; the main thread is 0. */
  readonly index: number;
  /** For work in the background. */
  readonly rightOfWay?: RightOfWay;
  /** `peak`: the loop that the processor's peak is measured with, instead of a backend's jobs. */
  readonly task?: 'peak';
}

/** A running thread. */
export interface ThreadHandle {
  /** Ends the thread at once, whatever it does. */
  end(): void;
}

/**
 * Starts a thread that calls `serveThread(init)`; how, depends on the runtime.
 * @param failed to be called if the thread ends otherwise than through `end` or by itself after `stopThreads`
 */
export type SpawnThread = (init: ThreadInit, failed: (error: Error) => void) => ThreadHandle;

/**
 * A thread's life. Blocks until the backend is closed.
 * @throws WebAssembly.RuntimeError if a kernel fails; the others are told before
 */
export function serveThread({ compiled, memory, index, rightOfWay }: ThreadInit): void {
  const kernels = instantiateKernels(compiled, memory, rightOfWay);
  try {
    kernels.serve(index);
  } catch (error) {
    kernels.abort();
    throw error;
  }
}

/** Lets all threads return as soon as they have done their job. */
export function stopThreads(memory: WebAssembly.Memory): void {
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, Control.stop, 1);
  for (let i = 1; i < Size.maxThreads; i++) {
    const mailbox = Size.threads / 4 + i * Thread.words + Thread.mailbox;
    Atomics.add(words, mailbox, 1);
    Atomics.notify(words, mailbox);
  }
}

/** Number of threads that wait for jobs, beside the main one. */
export function readyThreads(memory: WebAssembly.Memory): number {
  const words = new Int32Array(memory.buffer);
  let count = 0;
  for (let i = 1; i < Size.maxThreads; i++) {
    count += Atomics.load(words, Size.threads / 4 + i * Thread.words + Thread.ready);
  }
  return count;
}
