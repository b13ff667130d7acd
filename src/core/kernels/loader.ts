import relaxedBytes from '../../../build/kernels-relaxed.wasm';
import strictBytes from '../../../build/kernels-strict.wasm';
import { sentence } from '../sentence';
import { WordedError } from '../worded-error';
import type { Step } from './assembly/layout';

/** `relaxed` fuses multiply-adds and is faster; `strict` gives the same bits on every machine. */
export type Build = 'relaxed' | 'strict';

/** What the kernels' module exports; addresses are bytes. */
export interface Kernels {
  /** Fills a table in the memory that kernels need; once, before anything else. */
  writeConstants(): void;
  /** Runs the job noted in the control words; returns a `Status`. */
  run(threads: number, rowThreads: number): number;
  /** A thread's life: works on jobs until told to stop. */
  serve(thread: number): void;
  /** Packs the weights of the encoded program at this address. */
  pack(program: number): void;
  /** Makes all threads give up. */
  abort(): void;
  /** Multiply-adds in registers only: 96 floating-point operations a round. */
  peakLoop(rounds: number, factor: number): number;
  /** One elementwise step over `bytes` bytes, a multiple of 32. */
  runStep(step: Step, to: number, a: number, b: number, bytes: number): void;
}

/** Whether this runtime knows relaxed SIMD (Node 22 and newer). */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedBytes);
}

/**
 * Compiles the kernels.
 * @param build undefined: the fastest that this runtime accepts
 * @throws WordedError if the runtime has no WebAssembly SIMD or threads
 */
export function compileKernels(build?: Build): {
  readonly build: Build;
  readonly module: WebAssembly.Module;
} {
  const chosen = build ?? (hasRelaxedSimd() ? 'relaxed' : 'strict');
  try {
    return {
      build: chosen,
      module: new WebAssembly.Module(chosen === 'relaxed' ? relaxedBytes : strictBytes),
    };
  } catch (error) {
    throw new WordedError(
      chosen === 'relaxed'
        ? sentence`This runtime cannot run the relaxed kernels: it needs WebAssembly with threads and relaxed SIMD (Node 22 or newer).`
        : sentence`This runtime cannot run the strict kernels: it needs WebAssembly with SIMD and threads (Node 20 or newer).`,
      undefined,
      { cause: error },
    );
  }
}

/** An instance of the kernels on a memory: one a thread. The first must `writeConstants`. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  const words = new Int32Array(memory.buffer);
  const sleep = (address: number, expected: number, milliseconds: number): number =>
    Number(Atomics.wait(words, address / 4, expected, milliseconds) !== 'timed-out');
  const now = (): number => performance.now();
  const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep, now } });
  return exports as unknown as Kernels;
}
