/** The forward pass over an example: all values are kept, what a step holds besides is worked out again. */
import { constantStart } from '../graph/equation-graph';
import { evaluateElement } from '../graph/elements';
import { responseOf, type ResponseKind } from '../equations/model-shape';
import { inputName, type Domain } from '../equations/syntax';
import { InputError } from '../input-error';
import { logSumExp } from '../numerics';
import { sentence } from '../sentence';
import type { Course } from './course';
import { evaluate, type Evaluated, type Scope } from './evaluate';
import type { ExampleMaterial, GivenExample } from './given';
import type { Forward, StepWork } from './forward';
import type { Instruction } from './plan';
import { dense, widthOf, type Value } from './values';

/** Steps that are worked out and at hand. */
const keptWorks = 6;
/** Of all values together. */
const mostBytes = 2 ** 28;

interface Work extends StepWork {
  /** Instructions before this one have been worked out. */
  next: number;
}

export interface ExampleForward extends Forward {
  /** A variable at a step of its domain; it has been reached. */
  value(variable: number, step: number): Float64Array;
}

/** @throws InputError if the example is too long to keep its values */
export function createExampleForward(
  { plan, parameters, numbers }: ExampleMaterial,
  { steps, given, targets }: GivenExample,
  course: Course,
): ExampleForward {
  const { instructions, inputs, spec } = plan;
  const { length } = course;
  refuseLarge(plan, course);
  const response = responseOf(spec.cell)!.kind;
  const prediction = instructions.find(({ isPrediction }) => isPrediction)!.index;
  const values: Float64Array[][] = instructions.map(() => []);
  const works = new Map<number, Work>();
  const holds = new Map<string, Map<number, number>>();
  let reached = 0;

  const widthAt = (domain: Domain): number =>
    (domain === 'u' ? (spec.answer ?? spec.input) : spec.input).width;
  const nothing = (domain: Domain): Value => {
    const { kind } = domain === 'u' ? (spec.answer ?? spec.input) : spec.input;
    const width = widthAt(domain);
    return kind === 'symbols' ? { hot: -1, width } : new Float64Array(width);
  };

  /** What stands before the first step, or behind the last one. */
  function start(variable: number, domain: Domain): Value {
    if (variable === inputs) return nothing(domain);
    const first = plan.startOf(variable);
    const { name, width } = instructions[variable]!;
    if (first !== undefined) return values[first]![0]!;
    return new Float64Array(width).fill(numbers.round(constantStart(spec.cell, name)));
  }

  function read(variable: number, step: number, domain: Domain): Value {
    const isThere = step >= 0 && step < steps[domain];
    if (!isThere) return start(variable, domain);
    return variable === inputs ? given[domain]![step]! : values[variable]![step]!;
  }

  function scopeAt(t: number, at: Instruction): Scope {
    const { phase, step } = course.at(t);
    return {
      variable: (name, lag) => read(plan.variable(at, name), step - lag, phase.domain),
      matrix: (name) => parameters.get(name)!,
      bias: (name) => parameters.get(name)!.values,
      steps: (name, domain) =>
        name === inputName ? given[domain]! : values[plan.variable(at, name)]!,
    };
  }

  function work(t: number, upTo: number): Work {
    const { phase, step } = course.at(t);
    const input = given[phase.domain]?.[step] ?? new Float64Array(0);
    const found = works.get(t) ?? { t, trees: [], values: [], input, next: phase.from };
    for (; found.next <= upTo; found.next++) {
      const instruction = instructions[found.next]!;
      const tree = evaluate(instruction.equation.expression, scopeAt(t, instruction), numbers);
      const own = withHeld(dense(tree.value, instruction.width), heldAt(t, found.next));
      found.trees[found.next] = tree;
      found.values[found.next] = own;
      values[found.next]![step] = own;
    }
    works.delete(t);
    works.set(t, found);
    for (const other of works.keys()) {
      if (works.size <= keptWorks) break;
      works.delete(other);
    }
    return found;
  }

  const heldAt = (t: number, variable: number) => holds.get(`${String(t)} ${String(variable)}`);
  const isPredicted = (t: number): boolean => {
    const { from, to } = course.at(t).phase;
    return from <= prediction && prediction < to;
  };

  return {
    ...{ length, work, held: heldAt },
    value: (variable, step) => values[variable]![step]!,
    *reach(t) {
      for (; reached < t; reached++) {
        work(reached, course.at(reached).phase.to - 1);
        yield undefined;
      }
    },
    scope: ({ t }, at) => scopeAt(t, at),
    earlier: (at, name) => {
      const variable = plan.variable(at, name);
      const place = course.find(variable === inputs ? at.index : variable, 0);
      return start(variable, course.at(place).phase.domain);
    },
    target(t) {
      const target = isPredicted(t) ? targets[course.at(t).step] : undefined;
      return typeof target === 'number' ? target : undefined;
    },
    loss(t) {
      const target = isPredicted(t) ? targets[course.at(t).step] : undefined;
      if (target === undefined) return undefined;
      const logits = beforeResponse(work(t, prediction).trees[prediction]!, response).value;
      return numbers.round(lossOf(response, dense(logits, widthOf(logits)), target));
    },
    hold(t, variable, unit, value) {
      const held = heldAt(t, variable) ?? new Map<number, number>();
      holds.set(`${String(t)} ${String(variable)}`, held.set(unit, numbers.round(value)));
      works.clear();
      reached = Math.min(reached, t);
    },
    forget() {
      works.clear();
      reached = 0;
    },
  };
}

function refuseLarge({ instructions }: ExampleMaterial['plan'], course: Course): void {
  let bytes = 0;
  for (const { from, to } of course.phases) {
    const [first, last] = course.bounds(course.find(from, 0));
    for (const { width } of instructions.slice(from, to)) bytes += 8 * width * (last - first + 1);
  }
  if (bytes <= mostBytes) return;
  throw new InputError(
    sentence`This example is too long to be gone through with all of its values: ${Math.ceil(bytes / 2 ** 20)} MB.`,
    sentence`Give a shorter one; ${mostBytes / 2 ** 20} MB are kept.`,
  );
}

function withHeld(
  values: Float64Array,
  held: ReadonlyMap<number, number> | undefined,
): Float64Array {
  if (!held) return values;
  const own = values.slice();
  for (const [unit, value] of held) own[unit] = value;
  return own;
}

/** What the response is of: of numbers the prediction itself. */
export function beforeResponse(tree: Evaluated, response: ResponseKind): Evaluated {
  return response === 'none' ? tree : tree.parts[0]!;
}

/** Cross-entropy of one of C, of each of C labels, or half the squared error. */
function lossOf(kind: ResponseKind, z: Float64Array, target: number | Float64Array): number {
  if (typeof target === 'number') return logSumExp(z) - z[target]!;
  return z.reduce((sum, each, i) => {
    const y = target[i]!;
    const own =
      kind === 'none' ? 0.5 * (each - y) ** 2 : evaluateElement('softplus', each) - y * each;
    return sum + own;
  }, 0);
}
