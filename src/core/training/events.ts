/** What a training tells. `event` tells the kinds apart; units are those of `metrics/columns.ts`. */
import type { BackendKind } from '../engine/backend';
import type { Structure } from '../engine/structure';
import type { Observation, TrainingSample } from '../inspection/observation';
import type { EvaluationRow, MetricsRow } from '../metrics/columns';
import type { Sentence } from '../sentence';
import type { Limit } from '../settings/settings';

/** Losses that put a loss into proportion, of the training part; of a text in nats per token. NaN: there is none. */
export interface Baselines {
  /** ln C: knowing nothing. */
  readonly uniform: number;
  /** Entropy of the token frequencies. */
  readonly unigram: number;
  /** Entropy of a token given the one before. */
  readonly bigram: number;
}

/** What a training is, known before its first step. */
export interface RunFacts {
  readonly cell: { readonly name: string; readonly source: string };
  /** Number of learnt values. */
  readonly parameters: number;
  /** Number of tokens C in the vocabulary. */
  readonly vocabulary: number;
  /** Tokens to train on, and tokens held out. */
  readonly tokens: number;
  readonly validationTokens: number;
  /** As used: for a short text they are smaller than the settings ask (a warning says so). */
  readonly batch: number;
  readonly sequence: number;
  /** As used: what `auto` came to. */
  readonly learningRate: number;
  readonly threads: number;
  readonly backend: BackendKind;
  readonly limit: Limit;
  /** Steps the run will have at its end; undefined where the end is a time. */
  readonly lastStep: number | undefined;
  readonly baselines: Baselines;
  readonly network: Structure;
}

/** First of all, once a session. */
export interface StartedEvent {
  readonly event: 'started';
  readonly facts: RunFacts;
  /** Updates done before; 0 for a new run. */
  readonly step: number;
  readonly resumed: boolean;
  /** The learning rate that was set by hand and still holds, whatever the schedule says. */
  readonly fixedRate: number | undefined;
}

export interface MetricsEvent {
  readonly event: 'metrics';
  readonly row: MetricsRow;
}

export interface EvaluationEvent {
  readonly event: 'evaluation';
  readonly row: EvaluationRow;
}

/** Now and then, at the price of a small share of the time; the first after the session's first step. */
export interface ObservationEvent {
  readonly event: 'observation';
  readonly row: Observation;
}

/** A text of the model as it is: after the session's first step, now and then, and at the end. */
export interface SampledEvent {
  readonly event: 'sampled';
  readonly row: TrainingSample;
}

/** The checkpoints that training can go on from: of the lowest validation loss, and the last. */
export type NamedCheckpoint = 'best' | 'last';

/** A checkpoint is completely written. */
export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly which: NamedCheckpoint;
  readonly step: number;
  /** File name within the run's folder. */
  readonly file: string;
}

export interface PauseEvent {
  readonly event: 'paused' | 'resumed';
  readonly step: number;
}

/** Training goes on, but not quite as asked. */
export interface WarningEvent {
  readonly event: 'warning';
  readonly code: WarningCode;
  readonly message: Sentence;
}

export type WarningCode =
  /** The text is too short for the batch or the sequence, which were made smaller. */
  | 'short-text'
  /** The text is too short to hold anything out. */
  | 'no-validation'
  /** Line ends, a byte order mark or unpaired surrogates were changed. */
  | 'text-changed'
  /** How many words start from vectors that were given. */
  | 'vectors'
  /** Characters the tokenizer does not know were replaced or left out. */
  | 'unknown-characters'
  /** The text is not the one the run was started with. */
  | 'other-text'
  | 'other-kernels'
  /** The limit was reached before this session began. */
  | 'limit-reached'
  /** A checkpoint or a row could not be written. */
  | 'not-saved'
  /** There is no memory for observations and samples. */
  | 'not-observed';

export type DoneReason =
  /** The number of steps or epochs is done. */
  | 'finished'
  | 'time limit'
  /** No better validation loss for as long as `patience` says. */
  | 'early stop'
  /** The user stopped it. */
  | 'stopped';

/** The end of a training that went well. */
export interface DoneEvent {
  readonly event: 'done';
  readonly reason: DoneReason;
  readonly step: number;
  readonly epoch: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Mean of the last row; undefined if no step was made. */
  readonly loss: number | undefined;
  /** At the end; undefined without validation. */
  readonly validationLoss: number | undefined;
  /** The lowest validation loss and its step; undefined without validation. */
  readonly best: { readonly step: number; readonly validationLoss: number } | undefined;
}

/** The end of a training that went wrong: a loss or a gradient is not finite. */
export interface FailedEvent {
  readonly event: 'failed';
  readonly message: Sentence;
  /** What to do. */
  readonly hint: Sentence;
  /** The step that went wrong; the parameters are those of the step before. */
  readonly step: number;
  /** The first parameter whose gradient is not finite, else the one with the largest; e.g. `layer1.W`. */
  readonly parameter: string;
}

export type TrainerEvent =
  | StartedEvent
  | MetricsEvent
  | EvaluationEvent
  | ObservationEvent
  | SampledEvent
  | CheckpointEvent
  | PauseEvent
  | WarningEvent
  | DoneEvent
  | FailedEvent;
