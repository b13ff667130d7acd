import type { Tokenizer } from '../core/data/tokenizer';
import type { Network } from '../core/engine/network';
import type { Annotations } from '../core/training/run';
import type { Platform } from './platform';

/** A training under way, as other jobs see it. */
export interface LiveRun {
  /** Its folder; null: nothing is kept. */
  readonly run: string | null;
  /** Keeps what the user says of the run. */
  annotate(change: (before: Annotations) => Annotations): Promise<Annotations>;
  /** Updates done. */
  step(): number;
  /** Its model; undefined: it is one of examples. */
  readonly language: LanguageModel | undefined;
}

/** A model that goes on with a text. */
export interface LanguageModel {
  readonly network: Network;
  readonly tokenizer: Tokenizer;
}

/** What the parts of every kind of job may use. */
export interface Work {
  readonly platform: Platform;
  /** Trainings under way, by their job's number. */
  readonly live: Map<number, LiveRun>;
  /** True once the client has asked the job to stop. */
  stopped(): boolean;
  /** Lets messages in, and other jobs go on. */
  breathe(): Promise<void>;
}
