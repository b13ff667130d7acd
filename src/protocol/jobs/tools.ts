/** Gradient check, export, benchmark. */
import * as v from 'valibot';
import { anyNumber, count, list, record } from './schema';
import { backendKind, cellSource, textSource, whichCheckpoint } from './shared';

const gradcheckRequest = record({
  kind: v.literal('gradcheck'),
  cell: cellSource,
  hidden: v.optional(v.number()),
  layers: v.optional(v.number()),
  embedding: v.optional(v.number()),
  sequence: v.optional(v.number()),
  batch: v.optional(v.number()),
  seed: v.optional(v.number()),
  /** Most entries of a parameter that are checked. */
  entries: v.optional(v.number()),
  /** After so many seconds no more entries are checked; default 50. */
  seconds: v.optional(v.number()),
  /** The check passes below this relative error; default 1e-7. */
  tolerance: v.optional(v.number()),
});
export type GradcheckRequest = v.InferOutput<typeof gradcheckRequest>;

export const gradcheckRow = record({
  name: v.string(),
  /** Entries it has, that were checked, and of these those whose two gradients are not both zero. */
  entries: count,
  checked: count,
  live: count,
  /** Greatest |a - b| / (|a| + |b|) over live entries: a from BPTT, b from central differences. */
  maxRelativeError: anyNumber,
  /** The same at each of the result's `steps`, by plain differences over a few live entries; empty if none is live. */
  sweep: list(anyNumber),
});
export type GradcheckRow = v.InferOutput<typeof gradcheckRow>;

const gradcheckEvent = record({ event: v.literal('parameter'), row: gradcheckRow });
export type GradcheckEvent = v.InferOutput<typeof gradcheckEvent>;

const gradcheckResult = record({
  rows: list(gradcheckRow),
  maxRelativeError: anyNumber,
  /** The steps ε of the sweep, falling. */
  steps: list(v.number()),
  tolerance: v.number(),
  passed: v.boolean(),
  seconds: v.number(),
});
export type GradcheckResult = v.InferOutput<typeof gradcheckResult>;

export const gradcheckJob = {
  request: gradcheckRequest,
  event: gradcheckEvent,
  result: gradcheckResult,
};

const exportRequest = record({
  kind: v.literal('export'),
  run: v.string(),
  /** Of a model; the metrics need none. */
  checkpoint: v.optional(whichCheckpoint),
  /** A format's name; an unknown one is answered with the list of those there are. */
  format: v.string(),
  /** The file or folder to write; undefined: its contents are the answer. */
  path: v.optional(v.string()),
  /** The run's text, for a folder that trains on it; undefined: the run's own file. */
  text: v.optional(textSource),
});
export type ExportRequest = v.InferOutput<typeof exportRequest>;

const exportResult = record({
  /** The file's size. */
  bytes: count,
  /** The step that the model, or the last row of metrics, is of. */
  step: count,
  contents: v.optional(v.instance(Uint8Array)),
  /** Of a folder that trains: whether the run's text was found and is in it. */
  hasText: v.optional(v.boolean()),
});
export type ExportResult = v.InferOutput<typeof exportResult>;

export const exportJob = { request: exportRequest, event: v.never(), result: exportResult };

const benchRequest = record({
  kind: v.literal('bench'),
  /** How often each row is measured; its median counts. */
  repetitions: v.optional(v.number()),
  /** Seconds of one measurement. */
  seconds: v.optional(v.number()),
  /** 0: as many as this machine's processor gives. */
  threads: v.optional(v.number()),
  /** Only rows that are called so or have this in their name, such as `lstm` or `512×64×64`. */
  only: v.optional(v.string()),
});
export type BenchRequest = v.InferOutput<typeof benchRequest>;

/** Median, least and greatest over the repetitions. */
const rates = record({ median: v.number(), min: v.number(), max: v.number() });
export type Rates = v.InferOutput<typeof rates>;

/** Speed of whole training steps: forward, loss, backward, clip 5, Adam. */
export const trainingSpeed = record({
  cell: v.string(),
  hidden: count,
  batch: count,
  sequence: count,
  vocabulary: count,
  /** Threads that a step of this size uses; of those there are, it may be fewer. */
  threads: count,
  tokensPerSecond: rates,
  /**
   * 10⁹ floating-point operations a second of the step's matrix products, a multiply-add counted as two:
   * those that the mathematics asks for. Everything else takes time and counts nothing.
   */
  gflops: v.number(),
  /** What these threads can do at once: the fastest multiply-add loop, GFLOP/s. */
  peakGflops: v.number(),
  /** Memory of parameters, gradients, moments, activations and packed copies. */
  bytes: count,
});
export type TrainingSpeed = v.InferOutput<typeof trainingSpeed>;

/** Speed of writing a text token by token, one text at a time. */
export const samplingSpeed = record({
  cell: v.string(),
  hidden: count,
  vocabulary: count,
  tokensPerSecond: rates,
});
export type SamplingSpeed = v.InferOutput<typeof samplingSpeed>;

/** Speed of one matrix product `[M, K]·[K, N]`. */
export const kernelSpeed = record({
  kernel: v.string(),
  m: count,
  k: count,
  n: count,
  threads: count,
  /** 10⁹ floating-point operations a second, a multiply-add counted as two. */
  gflops: v.number(),
  /** What these threads can do at once: the fastest multiply-add loop, GFLOP/s. */
  peakGflops: v.number(),
});
export type KernelSpeed = v.InferOutput<typeof kernelSpeed>;

const benchMachine = {
  backend: backendKind,
  /** Bits of a vector: 256 where V8 makes one of two of WebAssembly's, else 128. */
  vectorBits: v.picklist([128, 256]),
  threads: count,
  /** The fastest multiply-add loop of this processor in this runtime, GFLOP/s: of one thread … */
  peakGflops: v.number(),
  /** … and of all threads at once. */
  commonPeakGflops: v.number(),
};

const benchEvent = v.variant('event', [
  record({ event: v.literal('machine'), ...benchMachine }),
  record({ event: v.literal('kernel'), row: kernelSpeed }),
  record({ event: v.literal('training'), row: trainingSpeed }),
  record({ event: v.literal('sampling'), row: samplingSpeed }),
]);
export type BenchEvent = v.InferOutput<typeof benchEvent>;

const benchResult = record({
  ...benchMachine,
  kernels: list(kernelSpeed),
  training: list(trainingSpeed),
  sampling: list(samplingSpeed),
});
export type BenchResult = v.InferOutput<typeof benchResult>;

export const benchJob = { request: benchRequest, event: benchEvent, result: benchResult };
