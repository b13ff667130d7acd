/** What a training learns: the streams of a text, or examples; the loop is the same. */
import type { Cursor } from '../data/batches';
import type { LoadedProgram } from '../engine/backend';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { LagProbe } from '../inspection/lag-probe';
import type { EvaluationRow, Scores } from '../metrics/columns';
import type { PartName } from '../task/dataset';
import type { EvaluationPlan } from './evaluation-plan';
import type { RunFacts, WarningEvent } from './events';
import type { ProgramShape } from './memory';
import type { Embedding } from './starting-vectors';

/** Where a training's batches come from. */
export interface Feed {
  /** Batches in a pass. */
  readonly chunks: number;
  /**
   * Writes the next batch into the program.
   * @param integer draws from 0 … n - 1
   * @returns whether the batch begins a pass, so that carried states have to be reset
   */
  next(integer: (n: number) => number): boolean;
  /** Tokens of the batch written last: steps of all its rows. */
  tokens(): number;
  /** Passes done, a fraction. */
  epoch(): number;
  cursor(): Cursor;
  /** @throws InputError if the cursor is not of data of this size */
  restore(cursor: Cursor): void;
}

/** What the held-out data says of a measurement. */
export type Measured = Pick<
  EvaluationRow,
  'validationLoss' | 'bitsPerCharacter' | 'spelling' | 'perplexity' | 'tokens'
> &
  Scores;

export interface Evaluation {
  readonly plan: EvaluationPlan;
  /** @yields share done, 0 to 1, between pieces of work */
  measure(): Generator<number, Measured, undefined>;
}

/** A task on a network, with its programs loaded. */
export interface Task {
  readonly program: LoadedProgram;
  readonly feed: Feed;
  /** Undefined if nothing is held out. */
  readonly evaluation: Evaluation | undefined;
  readonly facts: TaskFacts;
  /** Numbers of examples, by part; undefined: it learns from a text. */
  readonly examples?: Readonly<Record<PartName, number>>;
  readonly warnings: readonly WarningEvent[];
  /**
   * Loads what measures how far gradients reach back.
   * @throws RangeError if there is no memory for it
   */
  createLagProbe(): LagProbe;
}

/** What the data says of a run. */
export type TaskFacts = Pick<
  RunFacts,
  'vocabulary' | 'tokens' | 'validationTokens' | 'batch' | 'sequence' | 'baselines' | 'network'
>;

/** A task that is known before there is memory for it. */
export interface PlannedTask<M extends GraphModel = GraphModel> {
  readonly model: M;
  /** The programs that will be loaded. */
  readonly shapes: readonly ProgramShape[];
  /** What reads the input's tokens, if anything could. */
  readonly embedding: Embedding;
  /** SHA-256 of what is learnt from. */
  readonly hash: string;
  open(network: Network<M>): Task;
}
