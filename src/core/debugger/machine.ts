/**
 * Goes through the equations of a model over a text, forwards, then backwards, and the other way. A place is a number,
 * and what stands there is worked out from it: going back is as exact as going on.
 */
import { createBackward, type Backward, type LossOf, type TextBackward } from './backward';
import { createCourse, type Course } from './course';
import {
  createForward,
  type Forward,
  type Material,
  type TextForward,
  type TextMaterial,
} from './forward';
import type { Instruction } from './plan';
import type { Move, SingleMove } from './names';
import { createSums, type Sums } from './sums';

/** Where the machine stands: before an equation is worked out, or after some of its parts. */
export interface Place {
  readonly pass: 'forward' | 'backward';
  /** Time step in the order of the course, from 0. */
  readonly t: number;
  /** Its number among those of its kind, from 0; of a text the same. */
  readonly step: number;
  /** Undefined: the backward pass is over. */
  readonly instruction: Instruction | undefined;
  /** How many of its parts have been worked out; all of them: its variable has its value. */
  readonly parts: number;
}

/** What is asked along the way. */
export interface Checks<Found> {
  /** Before an equation is worked out. */
  before(place: Place): Found | undefined;
  /** After it, with its variable's value; of `reverse` too. */
  after(place: Place, move: Move): Found | undefined;
}

/** Why a move ended. */
export type Stop<Found> =
  | { readonly kind: 'step' | 'turn' | 'start' | 'end' }
  | { readonly kind: 'found'; readonly found: Found };

export interface Machine {
  readonly material: Material;
  readonly course: Course;
  readonly forward: Forward;
  readonly backward: Backward;
  readonly sums: Sums;
  readonly lossOf: LossOf;
  readonly place: Place;
  /**
   * Goes on or back. One that is left before its end stands where it came to.
   * @yields after each equation
   */
  move<Found>(
    move: SingleMove,
    checks: Checks<Found>,
  ): Generator<undefined, Stop<Found>, undefined>;
  /** Holds a unit at a value from here on, wherever the machine goes. To be followed by `restore`. */
  hold(t: number, variable: number, unit: number, value: number): void;
  /** Changes a weight; all that was worked out with it is forgotten. To be followed by `restore`. */
  setParameter(name: string, index: number, value: number): void;
  /** Works out again what the place needs. */
  restore(): Generator<undefined, void, undefined>;
  /** Whether a variable of a step has its value here. */
  isKnown(t: number, variable: number): boolean;
  /** Whether a variable's gradient is whole here. */
  isGradientKnown(t: number, variable: number): boolean;
  /** How many equations of the backward pass have been worked out at a step, from the last on. */
  gradientsDone(t: number): number;
}

/** Over a text. */
export interface TextMachine extends Machine {
  readonly material: TextMaterial;
  readonly forward: TextForward;
  readonly backward: TextBackward;
}

export interface MachineOptions {
  readonly lossOf?: LossOf;
  /** Of a batch, whose mean loss is over all of its rows; default: 1. */
  readonly rows?: number | undefined;
  /** Most bytes of kept states, of kept gradients, of kept sums. */
  readonly budget?: number;
}

const defaultBudget = 64 * 2 ** 20;

export function createMachine(material: TextMaterial, options: MachineOptions = {}): TextMachine {
  const { lossOf = 'last', rows, budget = defaultBudget } = options;
  const forward = createForward(material, budget);
  const backward = createBackward(material, forward, { lossOf, rows }, budget);
  const course = createCourse(material.plan.phases, { example: 1, t: forward.length, u: 0 });
  return machineOf({ material, course, forward, backward, lossOf }, budget);
}

/** The two passes of what is gone through. */
export type Passes = Pick<Machine, 'material' | 'course' | 'forward' | 'backward' | 'lossOf'>;

/** @param budget most bytes of kept sums */
export function machineOf<P extends Passes>(
  passes: P,
  budget = defaultBudget,
): P & Omit<Machine, keyof Passes> {
  const { material, course, forward, backward } = passes;
  const { plan, numbers, parameters } = material;
  const sums = createSums(material, backward, course, budget);
  const turn = course.begin(course.length);
  const end = 2 * turn;
  /** How many equations have been worked out, of both passes. */
  let index = 0;
  let parts = 0;

  /** The time step of a place, and how many of the step's equations come before it in the pass. */
  function stepAt(at: number) {
    const t = course.of(at < turn ? at : end - 1 - at);
    const done = at < turn ? at - course.begin(t) : at - (end - course.begin(t + 1));
    return { t, done, ...course.at(t) };
  }

  function placeOf(at: number, done: number): Place {
    if (at === end) {
      const { step } = course.at(0);
      return { pass: 'backward', t: 0, step, instruction: undefined, parts: 0 };
    }
    const { t, step, phase, done: before } = stepAt(at);
    const isForward = at < turn;
    const instruction = plan.instructions[isForward ? phase.from + before : phase.to - 1 - before];
    return { pass: isForward ? 'forward' : 'backward', t, step, instruction, parts: done };
  }

  /** Whole time steps that have been gone through in the pass. */
  const stepsBefore = (at: number): number => {
    if (at === turn || at === end) return at === end ? course.length : 0;
    const { t } = stepAt(at);
    return at < turn ? t : course.length - 1 - t;
  };

  /** Makes all that a place stands on. */
  function* reach(at: number): Generator<undefined, void, undefined> {
    yield* forward.reach(at < turn ? stepsBefore(at) : course.length);
    if (at < turn) return;
    const steps = stepsBefore(at);
    yield* backward.reach(steps);
    // Where they are behind by more they are brought up when somebody asks for them.
    if (steps === sums.steps + 1) yield* sums.reach(steps);
  }

  const partsAt = (at: number): number => placeOf(at, 0).instruction?.parts.length ?? 0;
  const at = (place: number, done: number): void => {
    index = place;
    parts = done;
  };

  function workOut(place: Place): void {
    const { pass, t, instruction } = place;
    if (!instruction) return;
    if (pass === 'forward') forward.work(t, instruction.index);
    else backward.work(t, course.at(t).phase.to - instruction.index);
  }

  /** One equation on. */
  function* next<Found>(
    move: Move,
    checks: Checks<Found>,
  ): Generator<undefined, Found | undefined> {
    const all = partsAt(index);
    const isNew = parts < all || all === 0;
    if (isNew) {
      workOut(placeOf(index, all));
      const before = parts;
      parts = all;
      const found = checks.after(placeOf(index, all), move);
      if (found !== undefined) return found;
      parts = before;
    }
    yield* reach(index + 1);
    at(index + 1, 0);
    return undefined;
  }

  function* onwards<Found>(
    move: 'over' | 'out' | 'continue',
    checks: Checks<Found>,
  ): Generator<undefined, Stop<Found>> {
    for (;;) {
      if (index === end) return { kind: 'end' };
      const found = yield* next(move, checks);
      if (found !== undefined) return { kind: 'found', found };
      if (index === end) return { kind: 'end' };
      if (index === turn) return { kind: 'turn' };
      if (move === 'over' || (move === 'out' && stepAt(index).done === 0)) return { kind: 'step' };
      const before = checks.before(placeOf(index, 0));
      if (before !== undefined) return { kind: 'found', found: before };
      yield undefined;
    }
  }

  function* backwards<Found>(checks: Checks<Found>): Generator<undefined, Stop<Found>> {
    if (parts > 0) {
      parts = 0;
      const found = checks.before(placeOf(index, 0));
      if (found !== undefined) return { kind: 'found', found };
    }
    for (;;) {
      if (index === 0) return { kind: 'start' };
      at(index - 1, 0);
      const all = partsAt(index);
      const after = checks.after(placeOf(index, all), 'reverse');
      if (after !== undefined) {
        parts = all;
        return { kind: 'found', found: after };
      }
      const before = checks.before(placeOf(index, 0));
      if (before !== undefined) return { kind: 'found', found: before };
      if (index === turn) return { kind: 'turn' };
      yield undefined;
    }
  }

  return {
    ...passes,
    sums,
    get place() {
      return placeOf(index, parts);
    },
    *move(move, checks) {
      switch (move) {
        case 'into':
          if (parts + 1 < partsAt(index)) {
            parts++;
            return { kind: 'step' };
          }
          return yield* onwards('over', checks);
        case 'back':
          if (parts > 0) parts--;
          else if (index > 0) index--;
          else return { kind: 'start' };
          return { kind: 'step' };
        case 'reverse':
          return yield* backwards(checks);
        default:
          return yield* onwards(move, checks);
      }
    },
    hold(t, variable, unit, value) {
      forward.hold(t, variable, unit, value);
      backward.forget();
      sums.forget();
    },
    setParameter(name, entry, value) {
      parameters.get(name)!.values[entry] = numbers.round(value);
      forward.forget();
      backward.forget();
      sums.forget();
    },
    *restore() {
      yield* reach(index);
      if (index < turn) return;
      yield* sums.reach(stepsBefore(index));
    },
    isKnown(t, variable) {
      const place = placeOf(index, parts);
      if (place.pass === 'backward' || t < place.t) return true;
      const now = place.instruction!.index;
      const isDone = parts > 0 && parts === partsAt(index);
      return t === place.t && (variable < now || (variable === now && isDone));
    },
    isGradientKnown(t, variable) {
      const place = placeOf(index, parts);
      if (place.pass === 'forward') return false;
      return t > place.t || (t === place.t && variable >= (place.instruction?.index ?? 0));
    },
    gradientsDone(t) {
      const place = placeOf(index, parts);
      if (place.pass === 'forward' || t < place.t) return 0;
      const { from, to } = course.at(t).phase;
      if (t > place.t || !place.instruction) return to - from;
      const isDone = parts > 0 && parts === partsAt(index);
      return to - 1 - place.instruction.index + (isDone ? 1 : 0);
    },
  };
}
