import {
  compileKernels,
  instantiateKernels,
  peakOperations,
  type Build,
  type CompiledKernels,
  type Kernels,
} from './loader';
import type { SpawnThread, ThreadInit } from './threads';

/** Rounds of one call of the loop, some microseconds. */
const rounds = 2000;

/** Where in the memory that the threads share a thread's loop has its numbers. */
const loopAddress = (index: number): number => 16384 + 512 * index;

/** Words of the memory that the threads share: 1 ends them; then each thread's number of calls, a cache line apart. */
const stopWord = 0;
const callsWord = (index: number): number => 16 * (index + 1);

/**
 * The most that one thread can do: multiply-adds on registers alone.
 * @returns GFLOP/s
 */
export function measurePeak(build?: Build, seconds = 0.2): number {
  const { kernels, operations } = kernelsOnPage(build);
  let fastest = Infinity;
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    callLoop(kernels, 0);
    fastest = Math.min(fastest, performance.now() - start);
  } while (performance.now() < end);
  return operations / fastest / 1e6;
}

export interface CommonPeakOptions {
  /** In all, the caller's own included. */
  readonly threads: number;
  readonly spawn: SpawnThread;
  /** Lets a starting thread's messages in. */
  readonly breathe: () => Promise<void>;
  readonly build?: Build;
  readonly seconds?: number;
}

/**
 * The most that several threads can do at the same time, which is less than their number of times one's
 * where cores share units or lower their clock.
 *
 * @returns GFLOP/s of all together, in the best of ten stretches of time
 * @throws Error if a thread does not start
 */
export async function measureCommonPeak(options: CommonPeakOptions): Promise<number> {
  const { threads, spawn, breathe, build, seconds = 0.2 } = options;
  if (threads === 1) return measurePeak(build, seconds);
  const { kernels, operations, memory, compiled } = kernelsOnPage(build);
  const words = new Int32Array(memory.buffer);
  const others = Array.from({ length: threads - 1 }, (_, i) => i + 1);
  let failure: Error | undefined;
  const handles = others.map((index) =>
    spawn({ compiled, memory, index, task: 'peak' }, (error) => (failure ??= error)),
  );
  try {
    while (others.some((index) => Atomics.load(words, callsWord(index)) === 0)) {
      if (failure !== undefined) throw failure;
      await breathe();
    }
    const calls = (): number =>
      others.reduce((sum, index) => sum + Atomics.load(words, callsWord(index)), 0);
    const stretches = Array.from({ length: 10 }, () => callRate(kernels, calls, seconds / 10));
    return (Math.max(...stretches) * operations) / 1e6;
  } finally {
    Atomics.store(words, stopWord, 1);
    for (const handle of handles) handle.end();
  }
}

/** @returns calls a millisecond of this thread and the others during some seconds */
function callRate(kernels: Kernels, calls: () => number, seconds: number): number {
  const before = calls();
  const start = performance.now();
  let own = 0;
  let now: number;
  do {
    callLoop(kernels, 0);
    own++;
    now = performance.now();
  } while (now < start + seconds * 1000);
  return (own + calls() - before) / (now - start);
}

/** What a thread does whose task is `peak`: the loop over and over, until it is told to stop. */
export function servePeak({ compiled, memory, index }: ThreadInit): void {
  const kernels = instantiateKernels(compiled, memory);
  const words = new Int32Array(memory.buffer);
  while (Atomics.load(words, stopWord) === 0) {
    callLoop(kernels, index);
    Atomics.add(words, callsWord(index), 1);
  }
}

function callLoop(kernels: Kernels, index: number): void {
  kernels.peakLoop(loopAddress(index), rounds, 0.5);
}

function kernelsOnPage(build: Build | undefined): {
  readonly kernels: Kernels;
  /** Floating-point operations of a call of the loop. */
  readonly operations: number;
  readonly memory: WebAssembly.Memory;
  readonly compiled: CompiledKernels;
} {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const compiled = compileKernels(build);
  const kernels = instantiateKernels(compiled, memory);
  return { kernels, operations: rounds * peakOperations[compiled.build], memory, compiled };
}
