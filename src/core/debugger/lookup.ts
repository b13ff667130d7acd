/** What names in an expression stand for, where one stands. */
import { readIndex } from '../equations/index-reader';
import type { RawExpression, RawName } from '../equations/raw';
import { inputName } from '../equations/syntax';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { didYouMean } from '../suggest';
import type { Machine } from './machine';
import { askedNames } from './names';
import type { Instruction } from './plan';
import type { Value } from './values';

/** Where an expression is read: at a step, in a layer. */
export interface Standpoint {
  readonly machine: Machine;
  readonly t: number;
  readonly layer: number;
  /** An equation whose value counts as known, as if it had just been worked out. */
  readonly ahead?: number | undefined;
  readonly names: Names;
}

/** What is read and predicted, in words. */
export interface Names {
  /** What is read at a step: `a`, `␣`; undefined: numbers, or nothing. */
  token(t: number): string | undefined;
  /** What is to be predicted. */
  target(t: number): string | undefined;
  /** A symbol that is predicted, by its id. */
  symbol(id: number): string;
}

export function fail(problem: Sentence, hint?: Sentence): never {
  throw new InputError(problem, hint);
}

/** The variable that a name means where one stands; the input is `inputs`. */
export function findVariable(name: string, { machine, layer }: Standpoint): number {
  const { plan } = machine.material;
  const { instructions, inputs, layers } = plan;
  if (name === inputName)
    return layer === 1 ? inputs : plan.variable(instructionOf(layer, instructions), name);
  const found =
    instructions.find((each) => each.name === name) ??
    instructions.find((each) => each.symbol === name && each.layer === layer) ??
    instructions.findLast((each) => each.symbol === name);
  if (found) return found.index;
  const names = [inputName, ...instructions.map(({ symbol }) => symbol)];
  const own = layers > 1 ? instructions.map((each) => each.name) : [];
  return fail(sentence`No equation defines ${name}.`, didYouMean(name, [...names, ...own]));
}

function instructionOf(layer: number, instructions: readonly Instruction[]): Instruction {
  return instructions.find((each) => each.layer === layer) ?? instructions.at(-1)!;
}

/** `s[t-1]`, `s[T]` */
export function variable(node: RawName, at: Standpoint): Value {
  const { machine } = at;
  const name = node.name.text;
  const read = findVariable(name, at);
  const place = placeOf(node, read, at);
  if (place.lag > 0) return machine.forward.earlier(...readerOf(read, name, at), place.lag);
  requireKnown(name, place.t, read, at);
  return valueAt(machine, place.t, read);
}

/** @throws InputError if a variable has no value at a step yet */
export function requireKnown(name: string, t: number, read: number, at: Standpoint): void {
  const { machine } = at;
  const { inputs } = machine.material.plan;
  const isAhead = t === at.t && at.ahead !== undefined && read <= at.ahead;
  if (read === inputs || isAhead || machine.isKnown(t, read)) return;
  fail(
    sentence`${name} has not been worked out here yet.`,
    sentence`Step on, or read an earlier step, as in ${name}[t-1].`,
  );
}

/** All values of a variable over a sequence of an example, where a name alone stands for them. */
export function sequenceOf(node: RawExpression, at: Standpoint): Value[] | undefined {
  if (node.kind !== 'name' || node.index) return undefined;
  const { machine } = at;
  const { instructions, isOfExamples } = machine.material.plan;
  const found = instructions.find(({ name }) => name === node.name.text)?.index;
  // On a text nothing is pooled.
  if (found === undefined || !isOfExamples) return undefined;
  const [first, last] = machine.course.bounds(machine.course.find(found, 0));
  return Array.from({ length: last - first + 1 }, (_, step) => {
    const t = machine.course.find(found, step);
    requireKnown(node.name.text, t, found, at);
    return valueAt(machine, t, found);
  });
}

/** An equation that can read a variable, and what it calls it. */
function readerOf(read: number, name: string, at: Standpoint): [Instruction, string] {
  const { machine, layer } = at;
  const { instructions } = machine.material.plan;
  const isInput = name === inputName;
  const reader = isInput ? instructionOf(layer, instructions) : instructions[read]!;
  return [reader, isInput ? name : reader.symbol];
}

/** A variable's value at a step that is known. */
export function valueAt(machine: Machine, t: number, read: number): Value {
  const { inputs } = machine.material.plan;
  if (read === inputs) return machine.forward.work(t, -1).input;
  return machine.forward.work(t, read).values[read]!;
}

/** The time step that is meant; before the first one there is a lag besides. */
export function placeOf(node: RawName, read: number, at: Standpoint): { t: number; lag: number } {
  const { machine } = at;
  const { course, place, forward } = machine;
  const { inputs, isOfExamples } = machine.material.plan;
  const index = readIndex(node, node.index!, (problem, _, hint) => fail(problem, hint))!;
  const here = course.at(at.t);
  const reached = place.pass === 'backward' ? forward.length - 1 : place.t;
  const timeless = (): never =>
    fail(sentence`A time is counted from the present step, as in s[t] and s[t-1].`);
  if (read === inputs) {
    if (index.kind === 'end' || here.phase.domain === 'example') return timeless();
    const t = at.t - (here.phase.isReversed ? -index.lag : index.lag);
    const [begin] = course.bounds(at.t);
    if (t > reached) return fail(sentence`That step has not been worked out yet.`);
    return { t: Math.max(begin, t), lag: Math.max(0, begin - t) };
  }
  const start = course.find(read, 0);
  const own = course.at(start).phase;
  if (own.domain === 'example') {
    return fail(
      sentence`${node.name.text} is one for the whole example.`,
      sentence`Write ${node.name.text} alone.`,
    );
  }
  const [first, last] = course.bounds(start);
  const steps = last - first + 1;
  if (index.kind === 'end') {
    // On a text nobody knows where it ends.
    if (!isOfExamples) return timeless();
    return { t: course.find(read, index.at === 'first' ? 0 : steps - 1), lag: 0 };
  }
  if (own.domain !== here.phase.domain) {
    return fail(
      sentence`${node.name.text} has no value at this step: it belongs to another sequence.`,
      sentence`Choose a frame of that one, or write ${node.name.text}[1], ${node.name.text}[T] or mean(${node.name.text}).`,
    );
  }
  const step = here.step - index.lag;
  const outside = own.isReversed ? step - (steps - 1) : -step;
  if (outside > 0) return { t: first, lag: outside };
  const t = step < 0 || step >= steps ? Infinity : course.find(read, step);
  if (t > reached) return fail(sentence`That step has not been worked out yet.`);
  return { t, lag: 0 };
}

/** The qualified name of a parameter by what it is called in a layer. */
export function parameterNamed(name: string, { machine, layer }: Standpoint): string {
  const { plan, parameters } = machine.material;
  if (parameters.has(name)) return name;
  const own = `layer${String(Math.min(layer, plan.spec.layers))}.${name}`;
  if (parameters.has(own)) return own;
  const found = plan.structure.parameters.find(({ symbol }) => symbol === name);
  if (found) return found.name;
  const symbols = plan.structure.parameters.map(({ symbol }) => symbol);
  const variables = plan.instructions.map(({ symbol }) => symbol);
  const hint = variables.includes(name)
    ? sentence`It has a time: write ${name}[t].`
    : didYouMean(name, [...symbols, ...askedNames]);
  return fail(sentence`The model has no ${name}.`, hint);
}
