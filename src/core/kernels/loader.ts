import { sentence } from '../sentence';
import type { RightOfWay } from '../right-of-way';
import { WordedError } from '../worded-error';
import type { Step } from './assembly/layout';
import { relaxedBytes, strictBytes, wideBytes } from './builds';
import { createGiveWay } from './give-way';

/**
 * `strict` gives the same bits on every machine; `relaxed` fuses multiply-adds and is faster; `wide` gives the bits
 * of `relaxed`, in tiles of twice the width, for an engine that makes one vector of 256 bits of two of 128.
 */
export type Build = 'wide' | 'relaxed' | 'strict';

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
  /** Multiply-adds in registers only, `peakOperations` a round; uses 324 bytes from `address` on. */
  peakLoop(address: number, rounds: number, factor: number): void;
  /** The dot products of rows with rows, `[count, others]` floats from `to` on; strides and the rows' size in bytes. */
  dots(
    row: number,
    stride: number,
    count: number,
    other: number,
    otherStride: number,
    others: number,
    size: number,
    to: number,
  ): void;
  /** One elementwise step over `bytes` bytes, a multiple of 32. */
  runStep(step: Step, to: number, a: number, b: number, bytes: number): void;
}

/** Can be posted to another thread. */
export interface CompiledKernels {
  readonly build: Build;
  readonly module: WebAssembly.Module;
}

/** Whether this runtime knows relaxed SIMD (Node 22 and newer). */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedBytes);
}

/** Floating-point operations in a round of `peakLoop`. */
export const peakOperations: Readonly<Record<Build, number>> = {
  wide: 160,
  relaxed: 96,
  strict: 96,
};

/** The wide kernels, once this thread has them. */
let wideModule: WebAssembly.Module | undefined;

/** To be compiled by an engine that looks for pairs of vectors meanwhile: worker/wide.ts. */
export const wideKernels = wideBytes;

/** Takes the wide kernels, so compiled, for all that is compiled from now on without a build's name. */
export function takeWideKernels(module: WebAssembly.Module): void {
  wideModule ??= module;
}

/** The best build for this thread. */
export function bestBuild(): Build {
  if (wideModule !== undefined) return 'wide';
  return hasRelaxedSimd() ? 'relaxed' : 'strict';
}

/** Whose bits a build comes to. */
export function kindOf(build: Build): 'relaxed' | 'strict' {
  return build === 'strict' ? 'strict' : 'relaxed';
}

/** Bits of the vectors that the best build for this thread is worked with. */
export function vectorBits(): 128 | 256 {
  return bestBuild() === 'wide' ? 256 : 128;
}

/**
 * Compiles the kernels.
 * @param build undefined: the fastest that this runtime accepts
 * @throws WordedError if the runtime has no WebAssembly SIMD or threads
 */
export function compileKernels(build: Build = bestBuild()): CompiledKernels {
  try {
    return { build, module: moduleOf(build) };
  } catch (error) {
    throw new WordedError(
      build === 'strict'
        ? sentence`This runtime cannot run the strict kernels: it needs WebAssembly with SIMD and threads (Node 20 or newer).`
        : sentence`This runtime cannot run the relaxed kernels: it needs WebAssembly with threads and relaxed SIMD (Node 22 or newer).`,
      undefined,
      { cause: error },
    );
  }
}

function moduleOf(build: Build): WebAssembly.Module {
  switch (build) {
    case 'wide':
      return wideModule ?? new WebAssembly.Module(wideBytes);
    case 'relaxed':
      return new WebAssembly.Module(relaxedBytes);
    case 'strict':
      return new WebAssembly.Module(strictBytes);
  }
}

/**
 * An instance of the kernels on a memory: one a thread. The first must `writeConstants`.
 * @param rightOfWay see `createGiveWay`
 */
export function instantiateKernels(
  { build, module }: CompiledKernels,
  memory: WebAssembly.Memory,
  rightOfWay?: RightOfWay,
): Kernels {
  const words = new Int32Array(memory.buffer);
  const isWide = build === 'wide';
  const sleep = (address: number, expected: number, milliseconds: number): number => {
    if (isWide) clearUpperHalves();
    return Number(Atomics.wait(words, address / 4, expected, milliseconds) !== 'timed-out');
  };
  const now = (): number => {
    if (isWide) clearUpperHalves();
    return performance.now();
  };
  const giveWay =
    rightOfWay === undefined
      ? nothing
      : createGiveWay(rightOfWay, isWide ? clearUpperHalves : nothing);
  const instance = new WebAssembly.Instance(module, { env: { memory, sleep, now, giveWay } });
  const kernels = instance.exports as unknown as Kernels;
  return isWide ? cleared(kernels) : kernels;
}

const nothing = (): void => undefined;

/** Kernels that leave the processor as they found it. */
function cleared(kernels: Kernels): Kernels {
  return {
    writeConstants: kernels.writeConstants,
    serve: kernels.serve,
    abort: kernels.abort,
    run(threads, rowThreads) {
      const status = kernels.run(threads, rowThreads);
      clearUpperHalves();
      return status;
    },
    pack(program) {
      kernels.pack(program);
      clearUpperHalves();
    },
    peakLoop(address, rounds, factor) {
      kernels.peakLoop(address, rounds, factor);
      clearUpperHalves();
    },
    dots(...rows) {
      kernels.dots(...rows);
      clearUpperHalves();
    },
    runStep(step, to, a, b, bytes) {
      kernels.runStep(step, to, a, b, bytes);
      clearUpperHalves();
    },
  };
}

const encoder = new TextEncoder();
const encoded = new Uint8Array(256);
const unencoded = 'RNN '.repeat(64);

/**
 * After vectors of 256 bits the upper halves of the registers are in use, and all code of the runtime that knows
 * 128 bits only (Math.exp, the garbage collector) is twenty times slower until they are cleared. JavaScript has no
 * word for that, but whatever was compiled for AVX2 does it when it returns: the encoder of UTF-8 (some 50 ns).
 */
function clearUpperHalves(): void {
  encoder.encodeInto(unencoded, encoded);
}
