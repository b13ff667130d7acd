import type { Domain } from '../graph/operation';
import type { OptimizerName } from '../settings/optimizers';
import type { Part, Program } from './program';

/** What one training step needs beside the data; the same for every optimiser. */
export interface Update {
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  /** Clip gradients to this global norm; 0 or less: no clipping (Pascanu et al. 2013). */
  readonly clip: number;
  /** Clip each gradient entry to ±this before the norm is taken; 0 or less: no clipping. */
  readonly clipValue: number;
  /** Momentum μ: m ← μ m + g, p ← p - η m (momentum). */
  readonly momentum: number;
  /** RMSProp's decay α: v ← α v + (1-α) g², p ← p - η g / (√v + ε). */
  readonly alpha: number;
  /** Adam's decay rates (Kingma & Ba 2015), bias-corrected; `lazyAdam` leaves out rows that no token of the batch picks. */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay λ (AdamW, Loshchilov & Hutter 2019): p ← p - η λ p, matrices only. */
  readonly weightDecay: number;
  /** Number of this update, from 1, for Adam's bias correction. */
  readonly step: number;
}

/** What a training step reports. */
export interface StepResult {
  /** Mean cross-entropy over the positions that have a target, nats per token. */
  readonly loss: number;
  /** Global norm of the gradient before clipping by norm (after clipping by value). */
  readonly gradientNorm: number;
}

/** Which blocks the optimiser keeps beside the parameters; each has the parameter block's layout. */
export const moments = ['first', 'second'] as const;

/** A float array of either precision. */
export type Floats = Float32Array | Float64Array;

/** How the arena's first blocks lie; the parameter block starts with all matrices, then the vectors. */
export interface ArenaLayout {
  readonly parameterFloats: number;
  /** Floats at the start of the parameter block that belong to matrices: what weight decay acts on. */
  readonly matrixFloats: number;
  /** Floats at the start of it that no update changes; 0 if not given. */
  readonly frozenFloats?: number;
  /** Floats of the copies of matrices that products read faster, one for either direction. */
  readonly packedFloats: number;
  /** Offset of the parameter block, the gradient block, and the two moment blocks. */
  readonly parameters: number;
  readonly gradients: number;
  readonly first: number;
  readonly second: number;
  /** First free float after these blocks, where programs' buffers start. */
  readonly free: number;
}

/** Float32 in WebAssembly with relaxed or strict SIMD, or plain float64: whose bits a training comes to. */
export const backendKinds = ['relaxed', 'strict', 'reference'] as const;
export type BackendKind = (typeof backendKinds)[number];

/** Rows of the arena, as views of programs have them: row i starts at `offset + i·stride`. */
export interface RowBlock {
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
  /** Number of values in a row; those up to the next multiple of 8 are zero. */
  readonly width: number;
}

/**
 * Runs programs on one arena. Two implementations: `wasm` (float32, SIMD, threads) and `reference`
 * (float64, plain loops, the truth that tests and the gradient check use).
 */
export interface Backend {
  /** `relaxed` and `strict` are the two WebAssembly builds. */
  readonly kind: BackendKind;
  readonly threads: number;
  /**
   * The whole arena as floats; parameters, moments, carried states and probes are read and written here.
   * Ask again after `load`: memory may have grown.
   */
  floats(): Floats;
  /** Makes a program runnable; its buffers are cleared and states set to their initial values. */
  load(program: Program): LoadedProgram;
  /**
   * The dot product of each row of one block with each of another, of the same width: `[rows, others]`, row-major. Valid
   * until the backend is asked for anything else.
   */
  dots(rows: RowBlock, others: RowBlock): Floats;
  /** To be called after parameters were written from outside (packed copies are refreshed). */
  parametersChanged(): void;
  /** Ends the threads; the backend is unusable afterwards. */
  close(): void;
}

/** How many examples there are, and how many steps each has; of a sequence that the program has not, any. */
export interface Examples {
  readonly count: number;
  readonly t?: ArrayLike<number>;
  readonly u?: ArrayLike<number>;
}

/** A program in a backend's memory. */
export interface LoadedProgram {
  readonly program: Program;
  /** Token ids `[T, B]`, to be filled before a run. */
  readonly tokens: Int32Array;
  /** Token ids of every input there can be: of the source (`tokens`), of the answer `[U, B]`, of the examples `[B]`. */
  readonly inputs: Readonly<Record<Domain, Int32Array>>;
  /** Target ids `[T, B]`, of what the loss has rows for; negative: no loss at this position. Where it is numbers, any other. */
  readonly targets: Int32Array;
  /** Dropout keys `[B]`, of examples: what is dropped depends on its example's key and step, not on its row. */
  readonly keys: Int32Array;
  /**
   * Sets the examples of the next runs: rows 0 … n - 1 with their numbers of steps. Before, there are none; streams
   * have all steps always.
   * @throws RangeError if they are more, or longer, than the program's, if a length is no whole number above 0, or rows are streams
   */
  setExamples(examples: Examples): void;
  /**
   * Forward (and backward, if the program has it) over the chunk. States are carried on.
   * @returns sum of the losses in nats and the number of positions with a target
   */
  run(dropoutKey: number): { readonly lossSum: number; readonly count: number };
  /**
   * `run`, then clipping and one optimiser update. If the norm is not finite the parameters and
   * moments are left as they were.
   */
  train(dropoutKey: number, update: Update): StepResult;
  /**
   * Runs one pass over some of the chunk's steps, of a program that runs in parts. Rows of other steps stay as they
   * are, and what a step needs of them (states of steps before it, gradients of steps after it) is taken from
   * there: so a chunk can be read bit by bit, and derived bit by bit from its end. States are not carried on.
   * Losses and their gradient belong to the backward pass.
   * @throws RangeError if the steps are not the program's, or it runs as a whole only
   */
  runPart(part: Part): void;
  /** Sets carried states to their initial values, of all rows or of one. */
  resetState(row?: number): void;
  /** Carried states, concatenated in the program's order, each `[lag, B, width]` without padding. @param into takes them */
  readState(into?: Float64Array): Float64Array;
  /** @throws RangeError if the length is not that of `readState` */
  writeState(state: Float64Array): void;
}
