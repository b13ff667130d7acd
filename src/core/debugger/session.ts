/** A model, a text and a machine that goes through them: all that a debugger's front asks for. */
import type { Tokenizer } from '../data/tokenizer';
import { parse } from '../equations/equations.peggy';
import { rawParts, type RawExpression, type RawStatement } from '../equations/raw';
import { describeSyntaxError } from '../equations/syntax-error';
import type { ExampleModelSpec } from '../graph/model-graph';
import type { ModelSpec } from '../graph/model-spec';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { ask, type Asked } from './ask';
import type { LossOf } from './backward';
import { createExampleMachine, namesOf, shownOf } from './example';
import { createExamplePlan } from './example-plan';
import { createFrames, type Frames } from './frames';
import type { GivenExample, Shown } from './given';
import { stepsBack } from './gradients';
import { quoted, readLogic, type Logic } from './logic';
import type { Standpoint } from './lookup';
import { createMachine, type Machine, type Place, type Stop } from './machine';
import type { Move } from './names';
import type { TextMaterial } from './forward';
import { createPlan, type Plan } from './plan';
import type { Reading } from './reading';
import type { Path } from './row';
import { createChecks, type Breakpoint, type Found, type Stops } from './stops';
import { createArithmetic, type Arithmetic, type Matrix, type Precision } from './values';

interface CommonOptions {
  readonly precision: Precision;
  readonly lossOf: LossOf;
  /** Takes what log points say. */
  readonly log: (text: string) => void;
}

export interface SessionOptions extends CommonOptions {
  readonly spec: ModelSpec;
  /** Row-major, by qualified names; they are the session's own. */
  readonly parameters: ReadonlyMap<string, Matrix>;
  readonly tokenizer: Tokenizer;
  readonly reading: Reading;
  /** Of a batch, whose mean loss is over all of its rows. */
  readonly rows?: number | undefined;
  /** What stands before the first step, where it is not what the cell says. */
  readonly before?: (plan: Plan) => NonNullable<TextMaterial['before']>;
}

/** Of a model of examples. */
export interface ExampleSessionOptions extends CommonOptions {
  readonly spec: ExampleModelSpec;
  readonly parameters: ReadonlyMap<string, Matrix>;
  readonly example: GivenExample;
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

export interface Session extends Pick<Frames, 'source' | 'frames'> {
  readonly machine: Machine;
  readonly stops: Stops;
  readonly shown: Shown;
  move(move: Move): Generator<undefined, Stop<Found>, undefined>;
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
  const { spec, parameters, tokenizer, reading, precision, lossOf, rows, before } = options;
  const { ids, offsets, text, unknown } = reading;
  const plan = createPlan(spec);
  const numbers = createArithmetic(precision);
  roundAll(parameters, precision, numbers);
  const material = { plan, parameters, ids, numbers, before: before?.(plan) };
  const machine = createMachine(material, { lossOf, rows });
  const nameAt = (t: number): string => tokenizer.describe(ids[t]!);
  const spans = new Int32Array(2 * machine.forward.length);
  for (let i = 0; i < spans.length; i++) spans[i] = offsets[(i + 1) >> 1]!;
  return sessionOf(options, {
    machine,
    names: {
      token: nameAt,
      target: (t) => nameAt(t + 1),
      symbol: (id) => tokenizer.describe(id),
    },
    shown: { text, spans, unknown },
  });
}

/** @throws EquationError if the shapes do not fit */
export function createExampleSession(options: ExampleSessionOptions): Session {
  const { spec, parameters, example, precision, lossOf } = options;
  const numbers = createArithmetic(precision);
  roundAll(parameters, precision, numbers);
  const plan = createExamplePlan(spec);
  const machine = createExampleMachine({ plan, parameters, numbers }, example, lossOf);
  return sessionOf(options, {
    machine,
    names: namesOf(machine, example),
    shown: shownOf(machine.course, example),
  });
}

function roundAll(
  parameters: SessionOptions['parameters'],
  precision: Precision,
  { round }: Arithmetic,
): void {
  if (precision !== 'float32') return;
  for (const { values } of parameters.values()) values.set(values.map(round));
}

function sessionOf(
  { log }: Pick<CommonOptions, 'log'>,
  { machine, names, shown }: Pick<Session, 'machine' | 'shown'> & Pick<Standpoint, 'names'>,
): Session {
  const { material } = machine;
  const { plan, parameters } = material;
  const { spec } = plan;
  const stops: Stops = { breakpoints: [], units: [], troubles: new Set() };
  const { layers } = spec;
  const standpoint = (t: number, layer = layerAt(machine.place, t, layers)): Standpoint => ({
    ...{ machine, t, layer, names },
  });
  const checks = createChecks(machine, stops, ({ t }) => standpoint(t), log);

  const { source, placeOf, frames } = createFrames(machine, names);

  /** Equations that stand on a line, whichever layer's. */
  function instructionsOn(line: number): number[] {
    return plan.instructions.flatMap((instruction) => {
      const { start, end } = placeOf(instruction);
      return start.line <= line && line <= end.line ? [instruction.index] : [];
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
    ...{ machine, stops, standpoint, shown, source, frames },
    *move(move) {
      if (move === 'find') return yield* find();
      const stop = yield* machine.move(move, checks);
      if (stop.kind === 'start') checks.reset();
      return stop;
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
