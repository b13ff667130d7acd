/** An expression worked out part by part: each part of it keeps its value. */
import { logSumExp } from '../numerics';
import type { BinaryOperator, Expression, FunctionName } from '../equations/syntax';
import { dense, widthOf, type Arithmetic, type Matrix, type Value } from './values';

/** What the names in an equation stand for at a step. */
export interface Scope {
  variable(name: string, lag: number): Value;
  matrix(name: string): Matrix;
  bias(name: string): Float64Array;
}

/** An expression with its value, and its parts with theirs. */
export interface Evaluated {
  readonly expression: Expression;
  readonly value: Value;
  readonly parts: readonly Evaluated[];
}

const binary = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
} as const satisfies Record<BinaryOperator, string>;

/** @throws Error for what no text can give (`requireTextModel` refuses it before) */
export function evaluate(expression: Expression, scope: Scope, numbers: Arithmetic): Evaluated {
  const { parts, value } = worked(expression, scope, numbers);
  return { expression, value, parts };
}

function worked(
  expression: Expression,
  scope: Scope,
  numbers: Arithmetic,
): { readonly value: Value; readonly parts: readonly Evaluated[] } {
  const of = (part: Expression): Evaluated => evaluate(part, scope, numbers);
  switch (expression.kind) {
    case 'number':
      return { value: numbers.round(expression.value), parts: [] };
    case 'bias':
      return { value: scope.bias(expression.name), parts: [] };
    case 'variable':
      return { value: scope.variable(expression.name, expression.lag), parts: [] };
    case 'product': {
      const operand = of(expression.operand);
      const value = numbers.product(scope.matrix(expression.matrix), operand.value);
      return { value, parts: [operand] };
    }
    case 'binary': {
      const [left, right] = [of(expression.left), of(expression.right)];
      return {
        value: combine(expression.operator, left.value, right.value, numbers),
        parts: [left, right],
      };
    }
    case 'negate': {
      const operand = of(expression.operand);
      return { value: eachOf(operand.value, (a) => -a), parts: [operand] };
    }
    case 'call': {
      const operand = of(expression.operand);
      return { value: applied(expression.function, operand.value, numbers), parts: [operand] };
    }
    default:
      throw new Error(`No step of a text has a ${expression.kind}.`);
  }
}

/** `a + b`, `a - b`, `a * b`, `a / b`. */
export function combine(operator: BinaryOperator, a: Value, b: Value, numbers: Arithmetic): Value {
  const operation = binary[operator];
  if (typeof a === 'number' && typeof b === 'number') return numbers.element(operation, a, b);
  const width = Math.max(widthOf(a), widthOf(b));
  const [left, right] = [dense(a, width), dense(b, width)];
  const out = new Float64Array(width);
  for (let i = 0; i < width; i++) out[i] = numbers.element(operation, left[i]!, right[i]);
  return out;
}

/** What a function makes of a value. */
export function applied(name: FunctionName, value: Value, numbers: Arithmetic): Value {
  if (name === 'softmax') return softmax(dense(value, widthOf(value)), numbers);
  if (name === 'layernorm') return layernorm(dense(value, widthOf(value)), numbers);
  if (name === 'dropout') throw new Error('On a text nothing is dropped within an equation.');
  return eachOf(value, (a) => numbers.element(name, a));
}

export function eachOf(value: Value, change: (a: number) => number): Value {
  return typeof value === 'number' ? change(value) : dense(value, widthOf(value)).map(change);
}

function softmax(logits: Float64Array, { round, precision }: Arithmetic): Float64Array {
  if (precision === 'float64') {
    const total = logSumExp(logits);
    return logits.map((logit) => Math.exp(logit - total));
  }
  const highest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((logit) => round(Math.exp(round(logit - highest))));
  const total = powers.reduce((sum, power) => round(sum + power), 0);
  return powers.map((power) => round(power / total));
}

/** Mean and standard deviation √(variance + 1e-5), as the language defines `layernorm`. */
export function momentsOf(values: Float64Array, { round }: Arithmetic) {
  const { length } = values;
  const mean = values.reduce((sum, value) => round(sum + round(value / length)), 0);
  const variance = values.reduce(
    (sum, value) => round(sum + round(round(round(value - mean) ** 2) / length)),
    0,
  );
  return { mean, deviation: round(Math.sqrt(round(variance + 1e-5))) };
}

function layernorm(values: Float64Array, numbers: Arithmetic): Float64Array {
  const { mean, deviation } = momentsOf(values, numbers);
  return values.map((value) => numbers.round(numbers.round(value - mean) / deviation));
}
