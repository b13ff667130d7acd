import type { Tokenizer } from '../data/tokenizer';
import { namedStates } from './carried';
import { encodeCheckpoint, type CheckpointToWrite } from './checkpoint';
import type { RunFacts, TrainerEvent } from './events';
import { encodeFailedStep } from './failed-step';
import type { GraphModel } from '../engine/model';
import type { Network } from '../engine/network';
import type { Settings } from '../settings/settings';
import { createStopwatch } from './stopwatch';
import { prepareTraining, type Prepared, type Subject, type TrainerOptions } from './trainer-setup';
import { createTrainingLoop } from './training-loop';

/** A training that runs in slices: between two of them the caller handles messages and writes files. */
export interface Trainer {
  readonly settings: Settings;
  readonly facts: RunFacts;
  /** Numbers of examples, by part; undefined: it learns from a text. */
  readonly examples: Prepared['examples'];
  /** What the embedding started with, if it was read. */
  readonly vectors: Prepared['vectors'];
  readonly network: Network<GraphModel>;
  /** For samples and evaluations between two slices; undefined: the model is one of examples. */
  readonly language: { readonly network: Network; readonly tokenizer: Tokenizer } | undefined;
  /** SHA-256 of the text. */
  readonly textHash: string;
  /** Updates done. */
  step(): number;
  /** Training time, s. */
  seconds(): number;
  isPaused(): boolean;
  /** After `done` or `failed`. */
  hasEnded(): boolean;
  /**
   * Works for about this long, at least a step or a chunk of an evaluation, and returns right after a row and an
   * evaluation, so that a checkpoint can be taken of what is told. While paused it does nothing.
   */
  runFor(seconds: number): TrainerEvent[];
  pause(): void;
  resume(): void;
  /** The next `runFor` ends the training with reason `stopped`. */
  stop(): void;
  /** From the next step on, whatever the schedule says; undefined: as the schedule says. */
  setLearningRate(rate: number | undefined): void;
  /**
   * The whole training as a file: going on from it gives the same bits as not having stopped.
   * @throws Error after `failed`, whose state is worth nothing
   */
  checkpoint(): Uint8Array<ArrayBuffer>;
  /**
   * The model as it is now as a file, which no training can go on from.
   * @throws Error after `failed`
   */
  modelCheckpoint(): Uint8Array<ArrayBuffer>;
  /** After `failed` the step that went wrong as a file; undefined: it did not, or what it learns from is no text. */
  failedStep(): Uint8Array<ArrayBuffer> | undefined;
  /** Ends the backend's threads. */
  close(): void;
}

/**
 * Prepares a training; its first slice begins with the event `started`.
 *
 * @throws InputError if the text cannot be trained on
 * @throws EquationError if the cell's shapes do not fit
 */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const prepared = await prepareTraining(options);
  return startTrainer(prepared, options);
}

function subjectToWrite(subject: Subject) {
  return subject.kind === 'text'
    ? { model: subject.network.model, tokenizer: subject.corpus.tokenizer }
    : { model: subject.network.model, task: subject.task };
}

function startTrainer(prepared: Prepared, { now, resume, replay }: TrainerOptions): Trainer {
  const { settings, state, network, subject, facts } = prepared;
  const stopwatch = createStopwatch(now, prepared.secondsBefore);
  const control = { paused: false, stopping: false, ended: false, failed: false };
  const queue: TrainerEvent[] = [];
  const resumed = resume !== undefined;
  const loop = createTrainingLoop(prepared, { now, resumed, stopwatch, control, replay });

  function* slice(seconds: number): Generator<TrainerEvent> {
    const end = now() + seconds;
    do {
      const { value, done } = loop.events.next();
      control.ended = done === true;
      control.failed = value?.event === 'failed';
      if (value !== undefined) yield value;
      // After a row or a measurement all that was done is told: the moment for a checkpoint.
      if (control.ended || value?.event === 'evaluation') return;
      if (value?.event === 'metrics' && !control.stopping) return;
    } while (control.stopping || (now() < end && !control.paused));
  }

  function toWrite(): CheckpointToWrite {
    if (control.failed) throw new Error('A training that failed has no checkpoint.');
    return {
      ...subjectToWrite(subject),
      floats: network.backend.floats(),
      settings,
      states: namedStates(prepared.program),
      training: {
        ...state,
        seconds: stopwatch.seconds(),
        cursor: prepared.feed.cursor(),
        random: [...prepared.random.state()],
        batch: facts.batch,
        sequence: facts.sequence,
        textHash: prepared.textHash,
        kernels: facts.backend,
      },
    };
  }

  return {
    settings,
    facts,
    examples: prepared.examples,
    vectors: prepared.vectors,
    network,
    language:
      subject.kind === 'text'
        ? { network: subject.network, tokenizer: subject.corpus.tokenizer }
        : undefined,
    textHash: prepared.textHash,
    step: () => state.step,
    seconds: () => stopwatch.seconds(),
    isPaused: () => control.paused,
    hasEnded: () => control.ended,
    runFor(seconds) {
      const events = queue.splice(0);
      if (control.ended || (control.paused && !control.stopping)) return events;
      stopwatch.enter();
      try {
        events.push(...slice(seconds));
      } finally {
        stopwatch.leave();
      }
      return events;
    },
    pause() {
      if (control.paused || control.ended) return;
      control.paused = true;
      stopwatch.pause();
      // What is kept at a pause is told up to its last step, should nothing come after it.
      const row = loop.pendingRow();
      if (row !== undefined) queue.push(row);
      queue.push({ event: 'paused', step: state.step });
    },
    resume() {
      if (!control.paused || control.ended) return;
      control.paused = false;
      queue.push({ event: 'resumed', step: state.step });
    },
    stop() {
      control.stopping = true;
    },
    setLearningRate(rate) {
      state.fixedRate = rate;
    },
    checkpoint: () => encodeCheckpoint(toWrite()),
    modelCheckpoint() {
      const whole = toWrite();
      // Who goes on from it begins with its weights, as of a model from elsewhere.
      const training = { ...whole.training, textHash: '' };
      return encodeCheckpoint({ ...whole, training, states: [] }, { moments: false });
    },
    failedStep() {
      if (!control.failed || subject.kind !== 'text') return undefined;
      const { tokenizer } = subject.corpus;
      return encodeFailedStep(
        state.step + 1,
        subject.network,
        tokenizer,
        prepared.program,
        loop.statesBefore,
      );
    },
    close() {
      network.backend.close();
    },
  };
}
