/**
 * What a training tells: the rows of `metrics.jsonl`, the lines of `rnn-lab train --json`, the deltas of the
 * panel. `event` tells the kinds apart. Losses are in nats per token, times in seconds of training (pauses
 * not counted), `step` counts updates from 1.
 */
import type { Limit } from './settings';

/** First of all, once a run (and once again when it is resumed). */
export interface StartEvent {
  readonly event: 'start';
  /** Updates done before; 0 for a new run. */
  readonly step: number;
  readonly resumed: boolean;
  /** Number of learnt values. */
  readonly parameters: number;
  /** Number of tokens C in the vocabulary. */
  readonly vocabulary: number;
  /** Tokens of the text, and of its two parts. */
  readonly tokens: number;
  readonly trainingTokens: number;
  readonly validationTokens: number;
  readonly tokenizer: 'char' | 'byte' | 'word';
  readonly cell: string;
  readonly hidden: number;
  readonly layers: number;
  /** As used: for a short text they may be smaller than the settings ask (a warning says so). */
  readonly batch: number;
  readonly sequence: number;
  /** As used: what `auto` came to. */
  readonly learningRate: number;
  readonly threads: number;
  readonly backend: 'relaxed' | 'strict' | 'reference';
  readonly seed: number;
  readonly limit: Limit;
  /** Floors that tell what has been learnt: ln C, and the entropies of single tokens and of pairs, nats per token. */
  readonly uniformLoss: number;
  readonly unigramEntropy: number;
  readonly bigramEntropy: number;
}

/** The training steps since the last such row: at most 10 rows a second. */
export interface StepEvent {
  readonly event: 'step';
  /** Number of the last step in this row. */
  readonly step: number;
  /** How many steps the row stands for. */
  readonly steps: number;
  /** Passes over the training text so far, with fraction. */
  readonly epoch: number;
  readonly seconds: number;
  /** Share of the limit that is used up, 0 to 1. */
  readonly progress: number;
  readonly loss: number;
  readonly lossMin: number;
  readonly lossMax: number;
  /** Global norm before clipping, mean and largest. */
  readonly gradientNorm: number;
  readonly gradientNormMax: number;
  /** Share of the steps whose gradient was clipped by norm. */
  readonly clipped: number;
  /** Of the last step. */
  readonly learningRate: number;
  /** Training speed within this row; evaluation and pauses are not counted. */
  readonly tokensPerSecond: number;
}

/** The validation loss at a step. */
export interface EvaluationEvent {
  readonly event: 'evaluation';
  readonly step: number;
  readonly epoch: number;
  readonly seconds: number;
  readonly validationLoss: number;
  /** Bits per Unicode character, whatever the tokenizer. */
  readonly bitsPerCharacter: number;
  /** exp(validationLoss). */
  readonly perplexity: number;
  /** Tokens measured. */
  readonly tokens: number;
  /** Lowest validation loss of the run so far. */
  readonly best: boolean;
  /** What it took. */
  readonly evaluationSeconds: number;
}

/** A checkpoint is completely written. */
export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly step: number;
  readonly kind: 'last' | 'best';
  /** File name within the run's folder. */
  readonly file: string;
}

/** Training goes on, but not quite as asked. */
export interface WarningEvent {
  readonly event: 'warning';
  readonly code: WarningCode;
  readonly message: string;
}

export type WarningCode =
  /** The text is too short for the batch or the sequence, which were made smaller. */
  | 'short-text'
  /** The text is too short to hold anything out. */
  | 'no-validation'
  /** Line ends, a byte order mark or unpaired surrogates were changed. */
  | 'text-changed'
  /** Characters the tokenizer does not know were replaced or left out. */
  | 'unknown-characters'
  /** The text is not the one the run was started with. */
  | 'other-text'
  /** A checkpoint or a row could not be written. */
  | 'not-saved';

export type DoneReason =
  /** The limit is reached. */
  | 'limit'
  /** Early stop: no better validation loss for as long as `patience` says. */
  | 'patience'
  /** The user stopped it. */
  | 'stopped';

/** The end of a training that went well. */
export interface DoneEvent {
  readonly event: 'done';
  readonly reason: DoneReason;
  readonly step: number;
  readonly epoch: number;
  readonly seconds: number;
  /** Mean over the last row. */
  readonly loss: number;
  /** At the end; undefined without validation. */
  readonly validationLoss: number | undefined;
  readonly bestStep: number | undefined;
  readonly bestValidationLoss: number | undefined;
  /** Mean over the whole run. */
  readonly tokensPerSecond: number;
}

/** The end of a training that went wrong. */
export interface FailedEvent {
  readonly event: 'failed';
  readonly code: 'not-finite' | 'internal';
  /** Says what happened and what to do. */
  readonly message: string;
  readonly step: number;
  /** Where the first number went wrong, e.g. `layer1.W`. */
  readonly parameter: string | undefined;
}

export type TrainerEvent =
  | StartEvent
  | StepEvent
  | EvaluationEvent
  | CheckpointEvent
  | WarningEvent
  | DoneEvent
  | FailedEvent;
