/** Where the time of a training step goes. */
import * as v from 'valibot';
import { anyNumber, count, list, record } from './schema';
import { backendKind, cellSource } from './shared';

const profileRequest = record({
  kind: v.literal('profile'),
  cell: cellSource,
  /** Sizes as the settings of the same names; V, the vocabulary, 65 by default. */
  hidden: v.optional(v.number()),
  layers: v.optional(v.number()),
  batch: v.optional(v.number()),
  sequence: v.optional(v.number()),
  vocabulary: v.optional(v.number()),
  /** 0: as many as this machine's processor gives. */
  threads: v.optional(v.number()),
  /** How long to measure, s. */
  seconds: v.optional(v.number()),
});
export type ProfileRequest = v.InferOutput<typeof profileRequest>;

/** One part of the plan, as the first thread sees it. */
export const profileRow = record({
  /** The plan's phase that it is in: `sweep`, `forward loop`, `backward loop`, `reduction`; or `step`, around them. */
  phase: v.string(),
  /** What is done, with the parameters it reads: `product with layer1.W`. */
  name: v.string(),
  /** Of one step, ms. */
  milliseconds: v.number(),
  /** Of matrix products: 10⁹ floating-point operations a second of this thread; NaN of what is none. */
  gflops: anyNumber,
});
export type ProfileRow = v.InferOutput<typeof profileRow>;

const profileResult = record({
  backend: backendKind,
  /** Bits of a vector: 256 where V8 makes one of two of WebAssembly's, else 128. */
  vectorBits: v.picklist([128, 256]),
  threads: count,
  /** The fastest multiply-add loop of this processor in this runtime, one thread, GFLOP/s. */
  peakGflops: v.number(),
  cell: v.string(),
  hidden: count,
  batch: count,
  sequence: count,
  vocabulary: count,
  steps: count,
  /** A whole step: forward, loss, backward, clipping, Adam, ms. */
  millisecondsPerStep: v.number(),
  tokensPerSecond: v.number(),
  rows: list(profileRow),
});
export type ProfileResult = v.InferOutput<typeof profileResult>;

export const profileJob = { request: profileRequest, event: v.never(), result: profileResult };
