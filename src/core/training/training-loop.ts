import { sentence, type Sentence } from '../sentence';
import { markAt, notedMark, type Replay } from './course';
import { findCulprit } from './divergence';
import { nextEvaluation } from './evaluation-plan';
import type {
  DoneEvent,
  DoneReason,
  EvaluationEvent,
  FailedEvent,
  MetricsEvent,
  TrainerEvent,
} from './events';
import { createMeter } from './meter';
import { createObserver } from './observer';
import { afterMeasurement, rateFactor } from '../settings/schedules';
import type { Limit } from '../settings/settings';
import type { Stopwatch } from './stopwatch';
import type { Measured } from './task';
import type { Prepared } from './trainer-setup';

/** Least time between two rows of metrics, s. */
const rowInterval = 0.1;

export interface LoopOptions {
  readonly now: () => number;
  readonly resumed: boolean;
  readonly stopwatch: Stopwatch;
  readonly control: { readonly stopping: boolean };
  readonly replay: Replay | undefined;
}

export interface TrainingLoop {
  /** Yields after each step and each chunk of an evaluation, with an event if there is one, and returns with the last event. */
  readonly events: Generator<TrainerEvent | undefined, DoneEvent | FailedEvent, undefined>;
  /** A row of the steps that are in none yet; undefined: there are none. To be called between two steps of `events`. */
  pendingRow(): MetricsEvent | undefined;
  /** States that stood before the last step, which itself writes over them. */
  readonly statesBefore: Float64Array;
}

/** The training itself. */
export function createTrainingLoop(
  prepared: Prepared,
  { now, resumed, stopwatch, control, replay }: LoopOptions,
): TrainingLoop {
  const { settings, facts, state, feed, program, random, network, evaluation } = prepared;
  const { training } = settings;
  const meter = createMeter();
  const observer = createObserver(prepared, { now, stopwatch, control });
  const statesBefore = program.readState();
  let lastRow: MetricsEvent['row'] | undefined;
  let lastRowAt = -Infinity;
  let learningRate = 0;
  let evaluated: EvaluationEvent['row'] | undefined;

  function progress(): number {
    const { lastStep, limit } = facts;
    const share =
      lastStep === undefined ? stopwatch.seconds() / limit.value : state.step / lastStep;
    return Math.min(1, share);
  }

  /** The values an update needs, for the coming step. */
  function train(): { readonly loss: number; readonly gradientNorm: number } {
    if (feed.next((n) => random.integer(n))) {
      program.resetState();
      endPass();
    }
    if (statesBefore.length > 0) program.readState(statesBefore);
    const step = state.step + 1;
    const byTime = facts.lastStep === undefined;
    const now = { step, progress: byTime ? progress() : 0, rate: state.fixedRate };
    const { progress: noted, rate } = notedMark(
      state.course,
      replay === undefined ? now : markAt(replay.course, step),
    );
    const moment = { step, progress: byTime ? noted : progress() };
    learningRate = rate ?? facts.learningRate * rateFactor(training, moment, state.schedule);
    return program.train(random.bits(), { ...training, learningRate, step });
  }

  /** Without held-out text, the mean loss of a pass is what the schedule goes by. */
  function endPass(): void {
    const { lossSum, steps } = state.pass;
    if (steps === 0) return;
    if (evaluation === undefined)
      state.schedule = afterMeasurement(training, state.schedule, lossSum / steps);
    state.pass = { lossSum: 0, steps: 0 };
  }

  function takeRow(): MetricsEvent {
    const { step, tokens } = state;
    const epoch = feed.epoch();
    lastRow = {
      step,
      epoch,
      tokens,
      seconds: stopwatch.seconds(),
      learningRate,
      progress: progress(),
      ...meter.take(),
    };
    lastRowAt = now();
    return { event: 'metrics', row: lastRow };
  }

  function pendingRow(): MetricsEvent | undefined {
    return meter.steps() > 0 ? takeRow() : undefined;
  }

  function* oneStep(): Generator<TrainerEvent | undefined, FailedEvent | undefined, undefined> {
    observer.before();
    const begin = now();
    const { loss, gradientNorm } = train();
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      yield pendingRow();
      return failure(loss);
    }
    state.step++;
    const tokens = feed.tokens();
    state.tokens += tokens;
    state.pass = { lossSum: state.pass.lossSum + loss, steps: state.pass.steps + 1 };
    const clipped = training.clip > 0 && gradientNorm > training.clip;
    const end = now();
    meter.add({ loss, gradientNorm, clipped, seconds: end - begin, tokens });
    yield end - lastRowAt >= rowInterval ? takeRow() : undefined;
    yield* observer.after();
    return undefined;
  }

  function failure(loss: number): FailedEvent {
    const step = state.step + 1;
    const { parameter, what } = findCulprit(network);
    const rate = learningRate.toPrecision(2);
    return {
      event: 'failed',
      message: Number.isFinite(loss)
        ? sentence`The gradient’s norm is not a finite number at step ${step}. The first sign is ${parameter}: ${what}.`
        : sentence`The loss is not a finite number at step ${step}. The first sign is ${parameter}: ${what}.`,
      hint:
        state.step === 0
          ? sentence`No weight has changed yet, so the learning rate is not the cause: the equations themselves give such a number, as log, sqrt and / do at 0 and exp does at a large number.`
          : training.clip > 0
            ? sentence`Lower the learning rate (it was ${rate}).`
            : sentence`Lower the learning rate (it was ${rate}), or clip the gradients (--clip 5).`,
      step,
      parameter,
    };
  }

  /** @returns whether patience is at its end */
  function* evaluate(): Generator<TrainerEvent | undefined, boolean, undefined> {
    if (evaluation === undefined) return false;
    yield pendingRow();
    const running = evaluation.measure();
    for (;;) {
      const { done, value } = running.next();
      if (done === true) {
        evaluated = measured(value);
        yield { event: 'evaluation', row: evaluated };
        return training.patience > 0 && state.sinceBest >= training.patience;
      }
      if (control.stopping) return false;
      yield undefined;
    }
  }

  function measured(result: Measured): EvaluationEvent['row'] {
    const { step } = state;
    const { validationLoss } = result;
    const before = state.best?.validationLoss ?? Infinity;
    // A second look at the best model finds the best again.
    const again = step === state.best?.step && validationLoss === before;
    const best = again || validationLoss < before;
    if (best) state.best = { step, validationLoss };
    // A second look at the same model is no further measurement for the schedule and the patience.
    if (step !== state.measured) {
      state.sinceBest = best ? 0 : state.sinceBest + 1;
      state.schedule = afterMeasurement(training, state.schedule, validationLoss);
    }
    state.measured = step;
    state.nextEvaluation = nextEvaluation(evaluation!.plan, step);
    const seconds = stopwatch.seconds();
    return {
      step,
      epoch: feed.epoch(),
      seconds,
      ...result,
      best,
    };
  }

  function* finish(reason: DoneReason): Generator<TrainerEvent | undefined, DoneEvent, undefined> {
    yield pendingRow();
    if (reason !== 'stopped') yield* observer.end();
    return {
      event: 'done',
      reason,
      step: state.step,
      epoch: feed.epoch(),
      tokens: state.tokens,
      seconds: stopwatch.seconds(),
      loss: lastRow?.loss.mean,
      validationLoss: evaluated?.validationLoss,
      best: state.best,
    };
  }

  function hasReached(): boolean {
    return replay === undefined ? progress() >= 1 : state.step >= replay.until;
  }

  function isMeasurementDue(reached: boolean): boolean {
    const { step } = state;
    if (step === 0 || evaluated?.step === step) return false;
    if (step >= state.nextEvaluation) return true;
    if (replay === undefined) return reached;
    return step !== state.measured && replay.measured.has(step);
  }

  function* run(): TrainingLoop['events'] {
    const { step, fixedRate } = state;
    yield { event: 'started', facts, step, resumed, fixedRate };
    yield* prepared.warnings;
    yield* observer.warnings;
    if (hasReached()) yield reachedBefore(prepared);
    for (;;) {
      const reached = hasReached();
      if (isMeasurementDue(reached) && !control.stopping && (yield* evaluate()))
        return yield* finish('early stop');
      if (control.stopping) return yield* finish('stopped');
      if (reached) return yield* finish(facts.lastStep === undefined ? 'time limit' : 'finished');
      const failed = yield* oneStep();
      if (failed !== undefined) return failed;
    }
  }

  return { events: run(), pendingRow, statesBefore };
}

function reachedBefore({ facts, state }: Prepared): TrainerEvent {
  return {
    event: 'warning',
    code: 'limit-reached',
    message: sentence`The run’s limit of ${limitText(facts.limit)} was already reached at step ${state.step}. Give a higher one to continue (--${facts.limit.kind}).`,
  };
}

function limitText({ kind, value }: Limit): Sentence {
  switch (kind) {
    case 'steps':
      return sentence`${value} steps`;
    case 'epochs':
      return sentence`${value} epochs`;
    case 'seconds':
      return sentence`${value} seconds`;
  }
}
