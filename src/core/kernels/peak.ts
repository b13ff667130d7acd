import { compileKernels, instantiateKernels, type Build, type Kernels } from './loader';
import type { SpawnThread, ThreadInit } from './threads';

/** Rounds of one call of the loop, some microseconds; each round is 96 floating-point operations. */
const rounds = 2000;
const callOperations = rounds * 96;

/** Words of the memory that the threads share: 1 ends them; then each thread's number of calls, a cache line apart. */
const stopWord = 0;
const callsWord = (index: number): number => 16 * (index + 1);

/**
 * The most that one thread can do: multiply-adds on registers alone.
 * @returns GFLOP/s
 */
export function measurePeak(build?: Build, seconds = 0.2): number {
  const { kernels } = kernelsOnPage(build);
  let fastest = Infinity;
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    callLoop(kernels);
    fastest = Math.min(fastest, performance.now() - start);
  } while (performance.now() < end);
  return callOperations / fastest / 1e6;
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
  const { kernels, memory, module } = kernelsOnPage(build);
  const words = new Int32Array(memory.buffer);
  const others = Array.from({ length: threads - 1 }, (_, i) => i + 1);
  let failure: Error | undefined;
  const handles = others.map((index) =>
    spawn({ module, memory, index, task: 'peak' }, (error) => (failure ??= error)),
  );
  try {
    while (others.some((index) => Atomics.load(words, callsWord(index)) === 0)) {
      if (failure !== undefined) throw failure;
      await breathe();
    }
    const calls = (): number =>
      others.reduce((sum, index) => sum + Atomics.load(words, callsWord(index)), 0);
    const stretches = Array.from({ length: 10 }, () => stretch(kernels, calls, seconds / 10));
    return Math.max(...stretches);
  } finally {
    Atomics.store(words, stopWord, 1);
    for (const handle of handles) handle.end();
  }
}

/** @returns GFLOP/s of this thread and the others during some seconds */
function stretch(kernels: Kernels, calls: () => number, seconds: number): number {
  const before = calls();
  const start = performance.now();
  let own = 0;
  let now: number;
  do {
    callLoop(kernels);
    own++;
    now = performance.now();
  } while (now < start + seconds * 1000);
  return ((own + calls() - before) * callOperations) / (now - start) / 1e6;
}

/** What a thread does whose task is `peak`: the loop over and over, until it is told to stop. */
export function servePeak({ module, memory, index }: ThreadInit): void {
  const kernels = instantiateKernels(module, memory);
  const words = new Int32Array(memory.buffer);
  while (Atomics.load(words, stopWord) === 0) {
    callLoop(kernels);
    Atomics.add(words, callsWord(index), 1);
  }
}

function callLoop(kernels: Kernels): void {
  kernels.peakLoop(rounds, 0.5);
}

function kernelsOnPage(build: Build | undefined) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const { module } = compileKernels(build);
  return { kernels: instantiateKernels(module, memory), memory, module };
}
