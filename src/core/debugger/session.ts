/** A model, a text and a machine that goes through them: all that a debugger's front asks for. */
import type { Tokenizer } from '../data/tokenizer';
import { parse } from '../equations/equations.peggy';
import { spansOf } from '../equations/places';
import { rawParts, type RawExpression, type RawStatement } from '../equations/raw';
import { describeSyntaxError } from '../equations/syntax-error';
import type { Span } from '../equations/syntax';
import type { ModelSpec } from '../graph/model-spec';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { ask, type Asked, type Standpoint } from './ask';
import type { LossOf } from './backward';
import { stepsBack } from './gradients';
import { quoted, readLogic, type Logic } from './logic';
import { createMachine, type Machine, type Place, type Stop } from './machine';
import type { Move } from './names';
import type { Material } from './forward';
import { createPlan, type Instruction, type Plan } from './plan';
import type { Reading } from './reading';
import type { Path } from './show';
import { createChecks, type Breakpoint, type Found, type Stops } from './stops';
import { createArithmetic, type Matrix, type Precision } from './values';

export interface SessionOptions {
  readonly spec: ModelSpec;
  /** Row-major, by qualified names; they are the session's own. */
  readonly parameters: ReadonlyMap<string, Matrix>;
  readonly tokenizer: Tokenizer;
  readonly reading: Reading;
  readonly precision: Precision;
  readonly lossOf: LossOf;
  /** Of a batch, whose mean loss is over all of its rows. */
  readonly rows?: number | undefined;
  /** What stands before the first step, where it is not what the cell says. */
  readonly before?: (plan: Plan) => NonNullable<Material['before']>;
  /** Takes what log points say. */
  readonly log: (text: string) => void;
}

/** A layer of a time step as a frame of the stack. */
export interface Frame {
  /** From 0. */
  readonly t: number;
  /** From 1; the output layer that a model adds belongs to the last. */
  readonly layer: number;
  /** `s[3] 'm'`, of several layers `layer2.s[3] 'm'`; steps count from 1, as in the language. */
  readonly name: string;
  /** What is worked out next, or the equation of the cell's output; in `Session.source`. */
  readonly place: { readonly start: Position; readonly end: Position };
  /** Whether it stands in the cell's own text. */
  readonly isWritten: boolean;
}

/** Both count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A breakpoint as it is asked for. */
export interface WantedBreakpoint {
  readonly line: number;
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly log?: string | undefined;
}

/** What became of it; `problem`: why it stops nowhere. */
export interface SetBreakpoint {
  readonly id: number;
  readonly line: number;
  readonly problem?: Sentence;
}

export interface Session {
  readonly machine: Machine;
  readonly stops: Stops;
  readonly reading: Reading;
  /** The cell's text, and after it the equation of the output layer that the model adds. */
  readonly source: string;
  move(move: Move): Generator<undefined, Stop<Found>, undefined>;
  /** Frames from the newest on: below a time step's last layer the others, then the step before. */
  frames(
    from: number,
    count: number,
  ): { readonly frames: readonly Frame[]; readonly total: number };
  /** What is seen from a step's frame. */
  standpoint(t: number, layer?: number): Standpoint;
  /** @param firstId of the first of them, as those of earlier calls are not used again */
  setBreakpoints(wanted: readonly WantedBreakpoint[], firstId: number): readonly SetBreakpoint[];
  /** Sets a value or a weight; `restore` is to follow. @throws InputError if it cannot be */
  set(path: Path, entry: number, value: number, t: number): void;
  evaluate(text: string, t: number, layer?: number): Asked;
  /** Brings gradients that are asked for to where the machine stands. */
  prepare(): Generator<undefined, void, undefined>;
}

/** @throws EquationError if the cell's shapes do not fit */
export function createSession(options: SessionOptions): Session {
  const { spec, parameters, tokenizer, reading, precision, lossOf, rows, before, log } = options;
  const { ids } = reading;
  const plan = createPlan(spec);
  const numbers = createArithmetic(precision);
  if (precision === 'float32') {
    for (const { values } of parameters.values()) values.set(values.map(numbers.round));
  }
  const material = { plan, parameters, ids, numbers, before: before?.(plan) };
  const machine = createMachine(material, { lossOf, rows });
  const stops: Stops = { breakpoints: [], units: [], troubles: new Set() };
  const { source } = spec.cell;
  const position = spansOf(source);

  const { layers } = spec;
  const standpoint = (t: number, layer = layerAt(machine.place, t, layers)): Standpoint => ({
    ...{ machine, t, layer },
    tokenName: (id) => tokenizer.describe(id),
  });
  const checks = createChecks(machine, stops, ({ t }) => standpoint(t), log);

  function placeOf(span: Span): Frame['place'] {
    const { line, column } = position({ start: span.end, end: span.end });
    return { start: { line: span.line, column: span.column }, end: { line, column } };
  }

  const added = plan.instructions.find(({ isWritten }) => !isWritten);
  const own = source.replace(/\s*$/u, '\n');
  const whole = added ? `${own}${added.text}\n` : source;

  /** The last line of the whole. */
  function placeAdded({ text: written }: Instruction): Frame['place'] {
    const { line } = spansOf(whole)({ start: own.length, end: own.length });
    return { start: { line, column: 1 }, end: { line, column: written.length + 1 } };
  }

  function frame(t: number, layer: number): Frame {
    const { place } = machine;
    const isTop = t === place.t && layer === topLayer();
    const { output: symbol } = spec.cell;
    const output = plan.instructions.find(
      (each) => each.symbol === symbol && each.layer === layer,
    )!;
    const instruction = isTop ? (place.instruction ?? output) : output;
    const next = isTop ? nextPart(place, instruction) : undefined;
    const shown = layers > 1 ? output.name : symbol;
    const name = `${shown}[${String(t + 1)}] '${tokenizer.describe(ids[t]!)}'`;
    return {
      ...{ t, layer, name, isWritten: instruction.isWritten },
      place: instruction.isWritten
        ? placeOf(next?.span ?? instruction.equation.span)
        : placeAdded(instruction),
    };
  }

  /** The layer at hand. */
  function topLayer(): number {
    const { instruction } = machine.place;
    return Math.min(instruction?.layer ?? 1, layers);
  }

  /** Equations that stand on a line, whichever layer's. */
  function instructionsOn(line: number): number[] {
    return plan.instructions.flatMap((instruction) => {
      const { index, isWritten, equation } = instruction;
      const { start, end } = isWritten ? placeOf(equation.span) : placeAdded(instruction);
      return start.line <= line && line <= end.line ? [index] : [];
    });
  }

  function breakpointOf(wanted: WantedBreakpoint, id: number): Breakpoint | Sentence {
    const { line, condition, hitCondition, log: message } = wanted;
    const all = instructionsOn(line);
    if (all.length === 0) return sentence`There is no equation on this line.`;
    const problem =
      problemOf(condition) ??
      [...(message ?? '').matchAll(/\{([^{}]*)\}/g)]
        .map(([, each]) => problemOf(each))
        .find(Boolean);
    if (problem) return problem;
    const hitCount = hitCondition?.trim() ? Number(hitCondition) : 1;
    if (!Number.isSafeInteger(hitCount) || hitCount < 1) {
      return sentence`The hit count is a number, from 1.`;
    }
    // Of an equation in place of which others stand (an applied cell), before the first of them in each layer.
    const instructions = all.filter(
      (index) =>
        !all.includes(index - 1) ||
        plan.instructions[index - 1]!.layer !== plan.instructions[index]!.layer,
    );
    return {
      id,
      instructions,
      condition: condition?.trim() ? condition : undefined,
      hitCount,
      log: message,
    };
  }

  function* find(): Generator<undefined, Stop<Found>, undefined> {
    const only: Stops = { breakpoints: [], units: [], troubles: new Set(['notFinite']) };
    const own = createChecks(machine, only, ({ t }) => standpoint(t), log);
    for (;;) {
      const stop = yield* machine.move('continue', own);
      if (stop.kind !== 'turn') return stop;
    }
  }

  return {
    ...{ machine, stops, standpoint, reading },
    source: whole,
    *move(move) {
      if (move === 'find') return yield* find();
      const stop = yield* machine.move(move, checks);
      if (stop.kind === 'start') checks.reset();
      return stop;
    },
    frames(from, count) {
      const total = machine.place.t * layers + topLayer();
      const frames: Frame[] = [];
      for (let i = from; i < Math.min(total, from + count); i++) {
        const below = total - 1 - i;
        frames.push(frame(Math.floor(below / layers), (below % layers) + 1));
      }
      return { frames, total };
    },
    setBreakpoints(wanted, firstId) {
      checks.reset();
      const set = wanted.map((each, i) => {
        const id = firstId + i;
        return { id, line: each.line, made: breakpointOf(each, id) };
      });
      stops.breakpoints = set.flatMap(({ made }) => ('text' in made ? [] : [made]));
      return set.map(({ id, line, made }) =>
        'text' in made ? { id, line, problem: made } : { id, line },
      );
    },
    set(path, entry, value, t) {
      if (!Number.isFinite(value)) throw new InputError(sentence`Only finite numbers can be set.`);
      const { of, name, row } = path;
      if (of === 'parameter') {
        const { columns } = parameters.get(String(name))!;
        machine.setParameter(String(name), (row ?? 0) * columns + entry, value);
      } else if (of === 'value' && Number(name) < plan.inputs) {
        machine.hold(t, Number(name), entry, value);
      } else {
        throw new InputError(
          sentence`This cannot be set.`,
          sentence`The units of variables and the entries of parameters can.`,
        );
      }
    },
    evaluate: (expression, t, layer) => ask(expression, standpoint(t, layer)),
    *prepare() {
      yield* machine.sums.reach(stepsBack(machine));
    },
  };
}

/** The layer whose names are meant at a step. */
function layerAt(place: Place, t: number, layers: number): number {
  return t === place.t && place.instruction ? Math.min(place.instruction.layer, layers) : layers;
}

function nextPart(
  { pass, parts }: Place,
  instruction: Instruction,
): { readonly span: Span } | undefined {
  if (parts === 0 || parts >= instruction.parts.length) return undefined;
  return pass === 'forward'
    ? instruction.parts[parts]
    : instruction.parts[instruction.parts.length - 1 - parts];
}

/** What is wrong with how an expression is written. */
function problemOf(text: string | undefined): Sentence | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  for (const each of textsIn(readLogic(text))) {
    if (quoted(each) !== undefined) continue;
    const source = `q[t] = ${each}`;
    try {
      const [statement] = parse(source) as readonly RawStatement[];
      if (statement?.kind === 'equation' && isUnclosed(statement.value)) {
        return sentence`This bracket is never closed.`;
      }
    } catch (error) {
      const described = describeSyntaxError(error, source);
      if (!described) throw error;
      return described.problem;
    }
  }
  return undefined;
}

/** The grammar takes a text whose end is missing. */
function isUnclosed(node: RawExpression): boolean {
  const isOpen =
    node.kind === 'group' || node.kind === 'stack'
      ? !node.closed
      : node.kind === 'name' && node.index?.closed === false;
  return isOpen || rawParts(node).some(isUnclosed);
}

function textsIn(logic: Logic): string[] {
  switch (logic.kind) {
    case 'any':
    case 'all':
      return logic.parts.flatMap(textsIn);
    case 'not':
      return textsIn(logic.part);
    case 'compare':
      return [logic.left, logic.right];
    case 'value':
      return [logic.text];
  }
}
