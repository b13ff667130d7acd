import { InputError } from '../input-error';
import type { Floats } from '../engine/backend';
import type { LagProbe } from '../inspection/lag-probe';
import { observeStep } from '../inspection/observe-step';
import { createReader } from '../sampling/reader';
import { sampleText } from '../sampling/sample';
import { sentence } from '../sentence';
import type { Settings } from '../settings/settings';
import { createBudget } from './budget';
import type { ObservationEvent, SampledEvent, WarningEvent } from './events';
import { nextSample } from './sample-plan';
import type { Stopwatch } from './stopwatch';
import type { Prepared, Subject } from './trainer-setup';

/** Share of the training time that looking may take. */
const share = 0.02;
/** Or this, for a single text, s: what is not written by then is left out. */
const longestSample = 0.25;

type Look = Generator<ObservationEvent | SampledEvent | undefined, void, undefined>;

/**
 * Looks at a training between its steps, at the price of some 2 % of its time, and changes nothing of it:
 * the clock decides when to look, and nothing else depends on that. The last step of a training whose end is known is
 * always observed.
 */
export interface Observer {
  readonly warnings: readonly WarningEvent[];
  /** To be called right before each step. */
  before(): void;
  /** To be called right after each step: yields what is due, and undefined between pieces of work. */
  after(): Look;
  /** To be called when training has come to its end: a last text, of the finished model. */
  end(): Look;
}

export interface ObserverOptions {
  readonly now: () => number;
  readonly stopwatch: Stopwatch;
  readonly control: { readonly stopping: boolean };
}

/** Takes all the memory it needs at once; where that cannot be had, training goes on unobserved. */
export function createObserver(prepared: Prepared, options: ObserverOptions): Observer {
  const { subject, settings } = prepared;
  const { observeEvery, sampleEvery } = settings.inspection;
  try {
    const observing = observeEvery > 0 ? prepareObserving(prepared) : undefined;
    const writer = subject.kind === 'text' && sampleEvery > 0 ? subject : undefined;
    if (writer) createReader(writer.network);
    return startObserver(prepared, observing, writer, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { warnings: [noRoom], before: () => undefined, after: nothing, end: nothing };
  }
}

/** A language model, which writes while it is trained. */
type TextSubject = Extract<Subject, { readonly kind: 'text' }>;

const noRoom: WarningEvent = {
  event: 'warning',
  code: 'not-observed',
  message: sentence`There is not enough memory to observe gradients and write samples for a model this large; training continues without them.`,
};

function* nothing(): Look {
  // An observer that sees nothing.
}

/** What an observation is made with. */
interface Observing {
  readonly probe: LagProbe;
  /** The parameter block as it was before the observed step. */
  readonly before: Floats;
}

function prepareObserving(prepared: Prepared): Observing {
  return { probe: prepared.createLagProbe(), before: parametersOf(prepared).slice() };
}

/** The parameter block as it is. */
function parametersOf({ network: { backend, model } }: Prepared): Floats {
  const { parameters, parameterFloats } = model.layout;
  return backend.floats().subarray(parameters, parameters + parameterFloats);
}

function startObserver(
  prepared: Prepared,
  observing: Observing | undefined,
  writer: TextSubject | undefined,
  { now, stopwatch, control }: ObserverOptions,
): Observer {
  const { settings, state, network, secondsBefore } = prepared;
  const { observeEvery, sampleEvery, sampleTemperature: temperature } = settings.inspection;
  const budget = createBudget(now, share);
  let isObserved = false;
  /** When the next ones are due, s; the first of a session right after its first step, whatever they cost. */
  let nextObservationAt = -Infinity;
  let nextSampleAt = writer ? -Infinity : Infinity;
  let lastSample: { readonly step: number; readonly seconds: number } | undefined;

  function isDue(at: number): boolean {
    const seconds = stopwatch.seconds();
    return seconds >= at && (at === -Infinity || budget.allows(seconds - secondsBefore));
  }

  function* observe({ probe, before }: Observing): Look {
    const seconds = stopwatch.seconds();
    const work = budget.count(observeStep(network, probe, before, { step: state.step, seconds }));
    for (;;) {
      const { done, value } = work.next();
      if (done === true) {
        yield { event: 'observation', row: value };
        return;
      }
      if (control.stopping) return;
      yield undefined;
    }
  }

  function longest(): number {
    return Math.max(longestSample, share * (stopwatch.seconds() - secondsBefore));
  }

  function* sample(by: TextSubject): Look {
    const { step } = state;
    const seconds = stopwatch.seconds();
    const end = budget.spent() + longest();
    const begin = budget.spent();
    const work = budget.count(writeText(by, settings, () => budget.spent() >= end));
    nextSampleAt = nextSample(sampleEvery, seconds);
    for (;;) {
      const { done, value: text } = work.next();
      if (done === true) {
        lastSample = { step, seconds: budget.spent() - begin };
        if (text !== undefined) {
          yield { event: 'sampled', row: { step, seconds, temperature, text } };
        }
        return;
      }
      if (control.stopping) return;
      yield undefined;
    }
  }

  /** What is seen of a finished model is of its last step. */
  function isLast(): boolean {
    return state.step + 1 === prepared.facts.lastStep;
  }

  return {
    warnings: [],
    before() {
      if (observing === undefined || !(isDue(nextObservationAt) || isLast())) return;
      budget.time(() => {
        observing.before.set(parametersOf(prepared));
      });
      isObserved = true;
    },
    *after() {
      if (isObserved && observing !== undefined) {
        isObserved = false;
        nextObservationAt = stopwatch.seconds() + observeEvery;
        yield* observe(observing);
      }
      if (writer && isDue(nextSampleAt)) yield* sample(writer);
    },
    *end() {
      if (!writer || lastSample === undefined || lastSample.step === state.step) return;
      if (lastSample.seconds < longest()) yield* sample(writer);
    },
  };
}

/**
 * Writes a text from a seed of its own, the same each time: what differs between two texts is the model.
 *
 * @yields after each token
 * @returns undefined if the model's output is not finite
 */
function* writeText(
  { network, corpus }: TextSubject,
  { training, inspection }: Settings,
  isOver: () => boolean,
): Generator<undefined, string | undefined, undefined> {
  const writing = sampleText(network, corpus.tokenizer, {
    length: inspection.sampleLength,
    temperature: inspection.sampleTemperature,
    seed: training.seed,
    prime: '',
    topK: 0,
    topP: 1,
  });
  let text = '';
  try {
    for (;;) {
      const { done, value } = writing.next();
      if (done === true) return text + value.rest;
      text += value.text;
      if (isOver()) return text;
      yield undefined;
    }
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
