import { elementOperations } from '../graph/elements';
import { pad } from '../graph/rows';
import type { ArenaLayout, Update } from '../engine/backend';
import type { Instruction, Phase, Program, View } from '../engine/program';
import type { ElementOperation } from '../graph/elements';
import { Step } from './assembly/layout';
import { compileKernels, instantiateKernels, type Build, type Kernels } from './loader';
import type { SpawnThread } from './threads';
import { createWasmBackend } from './wasm';

/** Speed of one kernel on one shape. */
export interface KernelSpeed {
  /** `product`: [m, k]·[k, n]; `product transposed`: [m, n]·[k, n]ᵀ; `outer`: [m, k]ᵀ[m, n]. */
  readonly kernel: 'product' | 'product transposed' | 'outer';
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly threads: number;
  /** 2·m·k·n operations over the best time seen, in GFLOP/s. */
  readonly gflops: number;
}

/** Speed of one elementwise operation on a strip in the first-level cache. */
export interface OperationSpeed {
  readonly operation: ElementOperation;
  /** Nanoseconds for a value, of the best time seen. */
  readonly nanoseconds: number;
}

export interface BenchOptions {
  readonly build?: Build;
  readonly threads?: number;
  readonly spawn?: SpawnThread;
  /** Seconds to measure each shape for. */
  readonly seconds?: number;
}

/** What every benchmark's steps do after the gradients: clipping by global norm, Adam. */
export const benchUpdate: Omit<Update, 'step'> = {
  optimizer: 'adam',
  learningRate: 0.002,
  clip: 5,
  clipValue: 0,
  momentum: 0.9,
  alpha: 0.95,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
};

export type KernelShape = Omit<KernelSpeed, 'threads' | 'gflops'>;

/** Shapes of recurrent products and of weight gradients, as training has them. */
export const kernelShapes: readonly KernelShape[] = [
  ...[1, 16, 32].flatMap((m) =>
    [
      [128, 128],
      [256, 256],
      [512, 512],
      [512, 2048],
      [1024, 1024],
    ].map(([k = 0, n = 0]) => ({ kernel: 'product' as const, m, k, n })),
  ),
  { kernel: 'product transposed', m: 32, k: 256, n: 256 },
  { kernel: 'product transposed', m: 32, k: 512, n: 2048 },
  { kernel: 'outer', m: 2048, k: 128, n: 128 },
  { kernel: 'outer', m: 2048, k: 256, n: 256 },
  { kernel: 'outer', m: 2048, k: 512, n: 512 },
];

/** Measures every elementwise operation on strips of 256 values. */
export function* measureOperations(build?: Build, seconds = 0.05): Generator<OperationSpeed> {
  const { kernels, memory } = aloneOnMemory(build);
  const bytes = 1024;
  const [a, to] = [memory.buffer.byteLength - 2 * bytes, memory.buffer.byteLength - bytes];
  new Float32Array(memory.buffer, a, 256).forEach((_, i, strip) => (strip[i] = i / 64 - 2));
  for (const operation of elementOperations) {
    const call = (): void => {
      for (let i = 0; i < 100; i++) kernels.runStep(Step[operation], to, a, a, bytes);
    };
    yield { operation, nanoseconds: 1 / best(seconds, call, 256 * 100) };
  }
}

function aloneOnMemory(build?: Build): { kernels: Kernels; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const kernels = instantiateKernels(compileKernels(build), memory);
  kernels.writeConstants();
  return { kernels, memory };
}

/** Measures the shapes one after the other. */
export function* measureKernels(options: BenchOptions = {}): Generator<KernelSpeed> {
  for (const shape of kernelShapes) yield { ...shape, ...measureShape(shape, options) };
}

/** Measures one shape. */
export function measureShape(
  shape: KernelShape,
  { build, threads = 1, spawn, seconds = 0.2 }: BenchOptions,
): { threads: number; gflops: number } {
  const { program, layout } = shapeProgram(shape);
  const backend = createWasmBackend({
    layout,
    threads,
    ...(build && { build }),
    ...(spawn && { spawn }),
  });
  try {
    const loaded = backend.load(program);
    backend.floats().fill(0.01);
    backend.parametersChanged();
    const steps = shape.kernel === 'outer' ? 1 : program.sequence;
    const operations = 2 * shape.m * shape.k * shape.n * steps;
    return { threads: backend.threads, gflops: best(seconds, () => loaded.run(0), operations) };
  } finally {
    backend.close();
  }
}

/** Runs for some seconds; 10⁹ operations a second of the fastest call. */
function best(seconds: number, call: () => unknown, operations: number): number {
  let fastest = Infinity;
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    call();
    fastest = Math.min(fastest, performance.now() - start);
  } while (performance.now() < end);
  return operations / fastest / 1e6;
}

/** A program of that kernel alone: a loop of some steps, as recurrence has it, or one reduction. */
export function shapeProgram({ kernel, m, k, n }: KernelShape): {
  program: Program;
  layout: ArenaLayout;
} {
  const parameterFloats = k * pad(n);
  const free = 4 * parameterFloats;
  const batch = kernel === 'outer' ? 32 : m;
  const sequence = kernel === 'outer' ? m / 32 : 16;
  let end = free;
  const view = (width: number): View => {
    const offset = end;
    end += batch * sequence * pad(width);
    return { offset, timeStride: batch * pad(width), rowStride: pad(width), width };
  };
  const [wide, narrow] = [view(n), view(k)];
  const common = { storage: 0, column: 0, accumulate: false };
  const transposed = kernel === 'product transposed';
  const instruction: Instruction =
    kernel === 'outer'
      ? { op: 'outer', ...common, left: narrow, right: wide }
      : {
          op: 'product',
          ...common,
          transposed,
          input: transposed ? wide : narrow,
          out: transposed ? narrow : wide,
        };
  const phase: Phase = {
    kind: kernel === 'outer' ? 'reduction' : 'forward loop',
    domain: 't',
    instructions: [instruction],
  };
  const losses = end;
  end += pad(batch * sequence);
  const layout: ArenaLayout = {
    parameterFloats,
    matrixFloats: parameterFloats,
    packedFloats: 2 * parameterFloats,
    parameters: 0,
    gradients: parameterFloats,
    first: 2 * parameterFloats,
    second: 3 * parameterFloats,
    free,
  };
  const program: Program = {
    batch,
    sequence,
    steps: { example: 1, t: sequence, u: 0 },
    rows: 'streams',
    backward: undefined,
    delayed: [],
    advanced: [],
    terms: [],
    phases: [phase],
    storages: [{ offset: 0, inputs: k, columns: pad(n) }],
    parameters: 0,
    gradients: parameterFloats,
    parameterFloats,
    carried: [],
    losses,
    lossDomain: 't',
    given: new Map(),
    probes: new Map(),
    base: free,
    floats: end - free,
  };
  return { program, layout };
}
