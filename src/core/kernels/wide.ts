/**
 * Whether the wide kernels are to be trusted, and whether they are worth it: asked in a process of its own
 * (worker/wide-probe.ts) before anything is trained with them.
 */
import type { ArenaLayout, Update } from '../engine/backend';
import { compileProgram } from '../engine/compile';
import { buildModel } from '../engine/model';
import type { Program } from '../engine/program';
import { elementOperations } from '../graph/elements';
import { parseCell } from '../equations/parse';
import { Step } from './assembly/layout';
import { benchUpdate, measureShape, shapeProgram, type KernelShape } from './bench';
import { compileKernels, instantiateKernels, type Build } from './loader';
import { createWasmBackend } from './wasm';

/** Full tiles, and what is left over of them. */
const shapes: readonly KernelShape[] = [
  { kernel: 'product', m: 6, k: 16, n: 16 },
  { kernel: 'product', m: 17, k: 300, n: 40 },
  { kernel: 'product transposed', m: 10, k: 24, n: 56 },
  { kernel: 'outer', m: 320, k: 26, n: 40 },
];

/** Every operation that is neither a product nor elementwise; of odd widths, so that something is left over. */
const whole = {
  equations: `p[t] = softmax(A x[t] + B h[t-1] + b)
h[t] = layernorm(C x[t] + D h[t-2] + c) * p[t]`,
  sizes: { hidden: 37, layers: 2, vocabulary: 19, embedding: 21, dropout: 0.3 },
  chunk: { batch: 7, sequence: 5 },
};

/** So much faster than the relaxed kernels they must be. */
const WORTHWHILE = 1.2;

/** So much slower JavaScript's own mathematics may be after a call of them. */
const BEARABLE = 3;

/** Clips and decays too. */
const update: Update = { ...benchUpdate, clip: 1, weightDecay: 0.01, step: 1 };

/** Whether this thread, which has taken the wide kernels, may use them instead of the relaxed ones. */
export function areWideKernelsBetter(): boolean {
  return giveTheSameBits() && areFaster() && leaveTheRestAsFast();
}

function giveTheSameBits(): boolean {
  const results = (build: Build): Uint32Array[] => [
    ...shapes.map((shape) => programResult(shapeProgram(shape), build)),
    programResult(wholeProgram(), build),
    ...operationResults(build),
  ];
  const wide = results('wide');
  return results('relaxed').every((bits, i) => bits.every((word, j) => word === wide[i]![j]));
}

interface Subject {
  readonly program: Program;
  readonly layout: ArenaLayout;
}

function wholeProgram(): Subject {
  const cell = parseCell(whole.equations, 'probe');
  const model = buildModel({ cell, ...whole.sizes });
  const { layout } = model;
  return {
    program: compileProgram(model, { mode: 'train', ...whole.chunk, base: layout.free }),
    layout,
  };
}

/** Every float of the arena after a training step, as bits. */
function programResult({ program, layout }: Subject, build: Build): Uint32Array {
  const backend = createWasmBackend({ layout, build });
  const loaded = backend.load(program);
  const floats = backend.floats();
  for (let i = 0; i < floats.length; i++) floats[i] = Math.fround(Math.sin(i + 1));
  // Moments are means of squares, among others.
  floats.fill(0.01, layout.first, layout.free);
  backend.parametersChanged();
  loaded.tokens.forEach((_, i, tokens) => (tokens[i] = i % whole.sizes.vocabulary));
  loaded.targets.forEach((_, i, targets) => (targets[i] = (5 * i) % whole.sizes.vocabulary));
  loaded.run(1);
  loaded.train(2, update);
  const floatsUsed = program.base + program.floats;
  const bits = Uint32Array.from(new Uint32Array(floats.buffer, floats.byteOffset, floatsUsed));
  backend.close();
  return bits;
}

/** Of every elementwise operation on 256 values from denormal to infinite, as bits. */
function operationResults(build: Build): Uint32Array[] {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const kernels = instantiateKernels(compileKernels(build), memory);
  kernels.writeConstants();
  const [a, b, to] = [32768, 40960, 49152];
  const bytes = 1024;
  const values = (from: number): Float32Array => new Float32Array(memory.buffer, from, bytes / 4);
  values(a).forEach((_, i, strip) => (strip[i] = Math.sin(i + 1) * 10 ** ((i % 80) - 42)));
  values(b).forEach((_, i, strip) => (strip[i] = Math.cos(i + 1)));
  return elementOperations.map((operation) => {
    kernels.runStep(Step[operation], to, a, b, bytes);
    // NaN has many spellings.
    return new Uint32Array(values(to).map((value) => (Number.isNaN(value) ? 0 : value)).buffer);
  });
}

function areFaster(): boolean {
  const shape: KernelShape = { kernel: 'product', m: 16, k: 128, n: 128 };
  const speed = (build: Build): number => measureShape(shape, { build, seconds: 0.003 }).gflops;
  const [relaxed, wide] = inTurns(speed);
  return Math.max(...wide) > WORTHWHILE * Math.max(...relaxed);
}

function leaveTheRestAsFast(): boolean {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const kernels = {
    relaxed: instantiateKernels(compileKernels('relaxed'), memory),
    wide: instantiateKernels(compileKernels('wide'), memory),
  };
  const [relaxed, wide] = inTurns((build) => {
    kernels[build].peakLoop(16384, 100, 0.5);
    return logarithmTime();
  });
  return Math.min(...wide) < BEARABLE * Math.min(...relaxed);
}

/** Both builds, turn and turn about, so that code that gets warm and a machine that is busy are the same for both. */
function inTurns(
  measure: (build: 'relaxed' | 'wide') => number,
): [relaxed: number[], wide: number[]] {
  const turns = Array.from({ length: 5 }, () => [measure('relaxed'), measure('wide')] as const);
  return [turns.map(([relaxed]) => relaxed), turns.map(([, wide]) => wide)];
}

/** Milliseconds of ten thousand logarithms. */
function logarithmTime(): number {
  const start = performance.now();
  let sum = 0;
  for (let i = 1; i <= 10000; i++) sum += Math.log(i);
  return sum > 0 ? performance.now() - start : Infinity;
}
