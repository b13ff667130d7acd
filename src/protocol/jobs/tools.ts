/** Gradient check, export, benchmark. */
import * as v from 'valibot';
import { anyNumber, count, list, record } from './schema';
import { backendKind, cellSource, whichCheckpoint } from './shared';

export const gradcheckRequest = record({
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
});
export type GradcheckRow = v.InferOutput<typeof gradcheckRow>;

export const gradcheckEvent = record({ event: v.literal('parameter'), row: gradcheckRow });
export type GradcheckEvent = v.InferOutput<typeof gradcheckEvent>;

export const gradcheckResult = record({
  rows: list(gradcheckRow),
  maxRelativeError: anyNumber,
  tolerance: v.number(),
  passed: v.boolean(),
  seconds: v.number(),
});
export type GradcheckResult = v.InferOutput<typeof gradcheckResult>;

export const exportRequest = record({
  kind: v.literal('export'),
  run: v.string(),
  /** Of a model; the metrics need none. */
  checkpoint: v.optional(whichCheckpoint),
  /** A format's name; an unknown one is answered with the list of those there are. */
  format: v.string(),
  /** The file to write; undefined: its contents are the answer. */
  path: v.optional(v.string()),
});
export type ExportRequest = v.InferOutput<typeof exportRequest>;

export const exportResult = record({
  /** The file's size. */
  bytes: count,
  /** The step that the model, or the last row of metrics, is of. */
  step: count,
  contents: v.optional(v.instance(Uint8Array)),
});
export type ExportResult = v.InferOutput<typeof exportResult>;

export const benchRequest = record({
  kind: v.literal('bench'),
  /** How often each row is measured; its median counts. */
  repetitions: v.optional(v.number()),
  /** Seconds of one measurement. */
  seconds: v.optional(v.number()),
  /** 0: as many as this machine's processor gives. */
  threads: v.optional(v.number()),
});
export type BenchRequest = v.InferOutput<typeof benchRequest>;

/** Training speed of one cell and size, V = 65: forward, loss, backward, clip 5, Adam. */
export const trainingSpeed = record({
  cell: v.string(),
  hidden: count,
  batch: count,
  sequence: count,
  threads: count,
  /** Median, least and greatest over the repetitions. */
  tokensPerSecond: record({ median: v.number(), min: v.number(), max: v.number() }),
});
export type TrainingSpeed = v.InferOutput<typeof trainingSpeed>;

/** Speed of one matrix product `[M, K]·[K, N]`. */
export const kernelSpeed = record({
  kernel: v.string(),
  m: count,
  k: count,
  n: count,
  threads: count,
  /** 10⁹ floating-point operations a second, a multiply-add counted as two. */
  gflops: v.number(),
});
export type KernelSpeed = v.InferOutput<typeof kernelSpeed>;

export const benchEvent = v.variant('event', [
  record({
    event: v.literal('machine'),
    backend: backendKind,
    threads: count,
    /** The fastest multiply-add loop of this processor in this runtime, one thread, GFLOP/s. */
    peakGflops: v.number(),
  }),
  record({ event: v.literal('kernel'), row: kernelSpeed }),
  record({ event: v.literal('training'), row: trainingSpeed }),
]);
export type BenchEvent = v.InferOutput<typeof benchEvent>;

export const benchResult = record({
  backend: backendKind,
  threads: count,
  peakGflops: v.number(),
  kernels: list(kernelSpeed),
  training: list(trainingSpeed),
});
export type BenchResult = v.InferOutput<typeof benchResult>;
