/** Expressions of the language, over what a machine has worked out: for watches, conditions and log points. */
import { parse } from '../equations/equations.peggy';
import { isFunctionName, isUppercase } from '../equations/names';
import { rawArguments, type RawExpression, type RawStatement } from '../equations/raw';
import { describeSyntaxError } from '../equations/syntax-error';
import { isSaturated } from '../inspection/observation';
import { sentence } from '../sentence';
import { didYouMean } from '../suggest';
import { applied, combine, pooled, stacked } from './evaluate';
import { gradientOf, gradientSoFar } from './gradients';
import {
  fail,
  findVariable,
  parameterNamed,
  placeOf,
  requireKnown,
  sequenceOf,
  valueAt,
  variable,
  type Standpoint,
} from './lookup';
import { compare, quoted, readLogic, type Logic } from './logic';
import { askedFunctions } from './names';
import type { Instruction } from './plan';
import { dense, isOneHot, widthOf, type Matrix, type Value } from './values';

export type Asked = number | boolean | string | Value | Matrix;

/**
 * What an expression comes to.
 * @throws InputError that says what is wrong with it, or what is not known yet
 */
export function ask(text: string, at: Standpoint): Asked {
  return decide(readLogic(text), at);
}

/** Whether a condition holds; a number does if it is not 0. @throws InputError */
export function holds(text: string, at: Standpoint): boolean {
  const found = ask(text, at);
  if (typeof found === 'boolean') return found;
  if (typeof found === 'number') return found !== 0;
  return fail(
    sentence`${text} is neither true nor false.`,
    sentence`Compare a number, as in norm(s[t]) > 10 or t == 5.`,
  );
}

function decide(logic: Logic, at: Standpoint): Asked {
  const isTrue = (part: Logic): boolean => {
    const found = decide(part, at);
    return typeof found === 'number' ? found !== 0 : found === true;
  };
  switch (logic.kind) {
    case 'any':
      return logic.parts.some(isTrue);
    case 'all':
      return logic.parts.every(isTrue);
    case 'not':
      return !isTrue(logic.part);
    case 'value':
      return quoted(logic.text) ?? worked(logic.text, at);
    case 'compare': {
      const [a, b] = [logic.left, logic.right].map((side) => quoted(side) ?? worked(side, at));
      if (typeof a === 'string' || typeof b === 'string') {
        if (logic.operator === '==') return a === b;
        if (logic.operator === '!=') return a !== b;
      }
      if (typeof a === 'number' && typeof b === 'number') return compare(logic.operator, a, b);
      return fail(
        sentence`Only numbers can be compared.`,
        sentence`Make a number of a vector, as in norm(s[t]), max(s[t]) or unit(s[t], 3).`,
      );
    }
  }
}

function worked(text: string, at: Standpoint): Asked {
  if (text.trim() === '') return fail(sentence`There is nothing to work out.`);
  // The grammar knows whole lines.
  const source = `q[t] = ${text}`;
  try {
    const [statement] = parse(source) as readonly RawStatement[];
    if (statement?.kind === 'equation') return valueOf(statement.value, at);
  } catch (error) {
    const described = describeSyntaxError(error, source);
    if (!described) throw error;
    return fail(described.problem, described.hint);
  }
  return fail(sentence`${text} is no expression.`);
}

function valueOf(node: RawExpression, at: Standpoint): Asked {
  const { numbers } = at.machine.material;
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'negate':
      return combine('-', 0, vectorOf(node.operand, at), numbers);
    case 'group':
      if (node.inner && node.more.length === 0 && node.closed) return valueOf(node.inner, at);
      return fail(sentence`These brackets hold no single value.`);
    case 'name':
      return node.index ? variable(node, at) : bare(node.name.text, at);
    case 'binary': {
      const [a, b] = [vectorOf(node.left, at), vectorOf(node.right, at)];
      const [left, right] = [widthOf(a), widthOf(b)];
      if (left > 0 && right > 0 && left !== right) {
        return fail(sentence`A vector of ${left} and one of ${right} values do not go together.`);
      }
      return combine(node.operator, a, b, numbers);
    }
    case 'stack': {
      const parts = node.parts.map((part) => part && vectorOf(part, at));
      if (!node.closed || parts.some((part) => part === null || typeof part === 'number')) {
        return fail(sentence`Only vectors are stacked, as in [a; b].`);
      }
      return stacked(parts as readonly Value[]);
    }
    case 'side by side':
      return chain(node.items, at);
  }
}

/** A number or a vector. */
function vectorOf(node: RawExpression, at: Standpoint): Value {
  const value = valueOf(node, at);
  if (typeof value === 'number' || value instanceof Float64Array) return value;
  if (typeof value === 'object' && isValue(value)) return value;
  return fail(
    sentence`Only numbers and vectors can be calculated with.`,
    sentence`A matrix stands before a vector, as in W s[t-1].`,
  );
}

function isValue(value: Value | Matrix): value is Value {
  return typeof value === 'number' || value instanceof Float64Array || isOneHot(value as Value);
}

/** `W s[t-1]`, `tanh(…)`, `norm(…)`, `p(target)`. */
function chain(items: readonly RawExpression[], at: Standpoint): Asked {
  const [head, first, ...others] = items;
  if (!head) return fail(sentence`There is nothing to work out.`);
  const { numbers } = at.machine.material;
  if (!first) return valueOf(head, at);
  const rest = [first, ...others];
  if (head.kind !== 'name' || head.index) {
    return fail(
      sentence`Two values stand side by side with nothing between.`,
      sentence`Write * between them for a product.`,
    );
  }
  const name = head.name.text;
  if (others.length === 0 && first.kind === 'group' && !isUppercase(name)) {
    const given = rawArguments({ ...head, kind: 'side by side', items }).map((each) => each.value);
    return called(name, given, at);
  }
  const matrix = bare(name, at);
  if (typeof matrix !== 'object' || !('rows' in matrix)) {
    return fail(
      sentence`${name} is no matrix, and cannot stand before a value.`,
      sentence`Write * between them for a product.`,
    );
  }
  const operand = chain(rest, at);
  if (typeof operand !== 'object' || 'rows' in operand) {
    return fail(sentence`The matrix ${name} multiplies no vector here.`);
  }
  const width = widthOf(operand);
  if (width !== matrix.columns) {
    return fail(sentence`${name} has ${matrix.columns} columns, but its vector ${width} values.`);
  }
  return numbers.product(matrix, operand);
}

function called(name: string, given: readonly RawExpression[], at: Standpoint): Asked {
  const [first, second] = given;
  if (!first) return fail(sentence`There is nothing in these brackets.`);
  if (name === 'grad') return gradient(first, at);
  if (name === 'p') return probability(first, at);
  if (name === 'saturated') return saturation(first, at);
  const sequence = (name === 'mean' || name === 'max') && sequenceOf(first, at);
  if (sequence) return pooled(name, sequence, at.machine.material.numbers);
  if (isFunctionName(name)) {
    const operand = vectorOf(first, at);
    if (typeof operand === 'number' && (name === 'softmax' || name === 'layernorm')) {
      return fail(sentence`${name} acts on a whole vector, but this is a number.`);
    }
    return applied(name, operand, at.machine.material.numbers);
  }
  const found = valueOf(first, at);
  const values = allOf(found);
  if (!values) return fail(sentence`${name} needs a vector or a matrix.`);
  switch (name) {
    case 'norm':
      return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    case 'max':
      return values.reduce((a, b) => Math.max(a, b), -Infinity);
    case 'min':
      return values.reduce((a, b) => Math.min(a, b), Infinity);
    case 'mean':
      return values.reduce((a, b) => a + b, 0) / values.length;
    case 'sum':
      return values.reduce((a, b) => a + b, 0);
    case 'unit': {
      const unit = second ? valueOf(second, at) : undefined;
      const value = typeof unit === 'number' ? values[unit] : undefined;
      return (
        value ??
        fail(
          sentence`There is no such unit.`,
          sentence`Units count from 0: write unit(s[t], 0) to unit(s[t], ${values.length - 1}).`,
        )
      );
    }
    default:
      return fail(
        sentence`There is no function ${name}.`,
        didYouMean(name, [...askedFunctions, 'tanh', 'sigmoid', 'relu', 'exp', 'log', 'softmax']),
      );
  }
}

/** All values of a vector or a matrix, or a number alone. */
export function allOf(value: Asked): Float64Array | undefined {
  if (typeof value === 'number') return Float64Array.of(value);
  if (typeof value !== 'object') return undefined;
  return 'rows' in value ? value.values : dense(value, widthOf(value));
}

/** `t`, `loss`, a matrix or a bias. */
function bare(name: string, at: Standpoint): Asked {
  const { machine, t, names } = at;
  const { parameters, plan } = machine.material;
  const nothing = (): never => fail(sentence`There is no ${name} at this step.`);
  switch (name) {
    case 't':
      // As in the language, whose first step is s[1].
      return machine.course.at(t).step + 1;
    case 'token':
      return names.token(t) ?? nothing();
    case 'target':
      return names.target(t) ?? nothing();
    case 'pass':
      return machine.place.pass;
    case 'loss':
      requirePrediction(at);
      return machine.forward.loss(t) ?? nothing();
    default: {
      const whole = plan.instructions.find((each) => each.name === name);
      if (
        whole &&
        machine.course.at(machine.course.find(whole.index, 0)).phase.domain === 'example'
      ) {
        const place = machine.course.find(whole.index, 0);
        requireKnown(name, place, whole.index, at);
        return valueAt(machine, place, whole.index);
      }
      const matrix = parameters.get(parameterNamed(name, at))!;
      return isUppercase(name) ? matrix : matrix.values;
    }
  }
}

function requirePrediction(at: Standpoint): Instruction {
  const { machine, t } = at;
  const prediction = machine.material.plan.instructions.find(({ isPrediction }) => isPrediction)!;
  const { from, to } = machine.course.at(t).phase;
  if (prediction.index < from || prediction.index >= to) {
    fail(sentence`Nothing is predicted at this step.`);
  }
  const isAhead = at.ahead !== undefined && prediction.index <= at.ahead;
  if (!isAhead && !machine.isKnown(t, prediction.index)) {
    fail(sentence`The prediction of this step has not been worked out yet.`);
  }
  return prediction;
}

/** `p(target)`: how likely the model takes a token to be the next one. */
function probability(node: RawExpression, at: Standpoint): number {
  const { machine, t } = at;
  const prediction = requirePrediction(at);
  const name = node.kind === 'name' ? node.name.text : undefined;
  const id =
    name === 'target' ? machine.forward.target(t) : node.kind === 'number' ? node.value : undefined;
  const values = machine.forward.work(t, prediction.index).values[prediction.index]!;
  return (
    (id === undefined ? undefined : values[id]) ??
    fail(sentence`p needs a token.`, sentence`Write p(target), or p with a token’s number, from 0.`)
  );
}

/** Share of a variable's units that are saturated, 0 to 1. */
function saturation(node: RawExpression, at: Standpoint): number {
  const read = node.kind === 'name' && node.index ? findVariable(node.name.text, at) : undefined;
  const activation =
    read === undefined ? undefined : at.machine.material.plan.instructions[read]?.activation;
  if (!activation || node.kind !== 'name') {
    return fail(
      sentence`Only the value of a tanh or a sigmoid can be saturated.`,
      sentence`Name a variable whose equation is one, as in saturated(s[t]).`,
    );
  }
  const values = variable(node, at) as Float64Array;
  return (
    values.reduce((sum, value) => sum + (isSaturated(activation, value) ? 1 : 0), 0) / values.length
  );
}

/** `grad(W)` as far as it has come, `grad(s[t-3])` */
function gradient(node: RawExpression, at: Standpoint): Value | Matrix {
  const { machine } = at;
  const early = sentence`Gradients are worked out in the backward pass: continue past the last step.`;
  if (machine.place.pass === 'forward') return fail(sentence`There is no gradient yet.`, early);
  if (node.kind !== 'name') return fail(sentence`grad needs a variable or a parameter.`);
  if (!node.index) {
    const name = parameterNamed(node.name.text, at);
    const values = gradientSoFar(machine, name);
    const { rows, columns } = machine.material.parameters.get(name)!;
    return isUppercase(node.name.text) ? { rows, columns, values } : values;
  }
  const read = findVariable(node.name.text, at);
  const { t, lag } = placeOf(node, read, at);
  const isGiven = lag > 0 || read === machine.material.plan.inputs;
  const found = isGiven ? undefined : gradientOf(machine, t, read);
  return found ?? fail(sentence`The backward pass has not come to that step yet.`);
}
