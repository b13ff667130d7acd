/** An expression worked out part by part: each part of it keeps its value. */
import { logSumExp } from '../numerics';
import type {
  BinaryOperator,
  Domain,
  Expression,
  FunctionName,
  PoolName,
} from '../equations/syntax';
import { dense, widthOf, type Arithmetic, type Matrix, type Value } from './values';

/** What the names in an equation stand for at a step. */
export interface Scope {
  /** A negative lag: so many steps later. */
  variable(name: string, lag: number): Value;
  matrix(name: string): Matrix;
  bias(name: string): Float64Array;
  /** Of examples: a variable, or what is read, at all of its steps; of the whole example at its one. */
  steps?(name: string, domain: Domain): readonly Value[];
}

/** An expression with its value, and its parts with theirs. */
export interface Evaluated {
  readonly expression: Expression;
  readonly value: Value;
  readonly parts: readonly Evaluated[];
  /** Of an attention, over the steps of its memory. */
  readonly weights?: Float64Array | undefined;
}

const binary = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
} as const satisfies Record<BinaryOperator, string>;

/** @throws Error for what no text can give, where the scope is a text's (`requireTextModel` refuses it before) */
export function evaluate(expression: Expression, scope: Scope, numbers: Arithmetic): Evaluated {
  return { expression, ...worked(expression, scope, numbers) };
}

function worked(
  expression: Expression,
  scope: Scope,
  numbers: Arithmetic,
): Omit<Evaluated, 'expression'> {
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
    case 'stack': {
      const parts = expression.parts.map(of);
      return { value: stacked(parts.map(({ value }) => value)), parts };
    }
    case 'whole':
      return { value: stepsOf(scope, expression.name, 'example')[0]!, parts: [] };
    case 'end': {
      const steps = stepsOf(scope, expression.name, expression.domain);
      return { value: steps.at(expression.at === 'first' ? 0 : -1)!, parts: [] };
    }
    case 'pool': {
      const steps = stepsOf(scope, expression.name, expression.domain);
      return { value: pooled(expression.pool, steps, numbers), parts: [] };
    }
    case 'attend': {
      const query = of(expression.query);
      const { keys, values, score, domain } = expression;
      const { value, weights } = attended(
        {
          query: query.value,
          keys: stepsOf(scope, keys.name, domain),
          values: stepsOf(scope, values.name, domain),
          score: score && scope.bias(score.name),
        },
        numbers,
      );
      return { value, parts: [query], weights };
    }
  }
}

/** @throws Error on a text, which `requireTextModel` keeps from it */
export function stepsOf(scope: Scope, name: string, domain: Domain): readonly Value[] {
  if (!scope.steps) throw new Error('A text has no end.');
  return scope.steps(name, domain);
}

/** `[a; b]` */
export function stacked(parts: readonly Value[]): Float64Array {
  const all = parts.map((part) => dense(part, widthOf(part)));
  const out = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** `mean(s)`, `max(s)`: over all steps, entry by entry. */
export function pooled(
  pool: PoolName,
  steps: readonly Value[],
  { round }: Arithmetic,
): Float64Array {
  const all = steps.map((step) => dense(step, widthOf(step)));
  return all[0]!.map((_, i) => {
    if (pool === 'max') return all.reduce((most, step) => Math.max(most, step[i]!), -Infinity);
    return round(all.reduce((sum, step) => round(sum + step[i]!), 0) / all.length);
  });
}

/** What an attention reads; with a score vector v the scores are v·tanh(q + k[t]). */
export interface Attention {
  readonly query: Value;
  readonly keys: readonly Value[];
  readonly values: readonly Value[];
  readonly score: Float64Array | undefined;
}

/** Σ_t w[t] values[t], where the weights w are the softmax over all steps of the scores. */
export function attended({ query, keys, values, score }: Attention, numbers: Arithmetic) {
  const { round } = numbers;
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, each, i) => round(sum + round(each * b[i]!)), 0);
  const scores = Float64Array.from(keys, (key) => {
    const k = dense(key, widthOf(key));
    const q = dense(query, k.length);
    if (score === undefined) return dot(q, k);
    return dot(score, scoreBasis(q, k, numbers));
  });
  const weights = softmax(scores, numbers);
  const value = new Float64Array(widthOf(values[0]!));
  values.forEach((step, t) => {
    const s = dense(step, value.length);
    numbers.add(
      value,
      s.map((each) => round(weights[t]! * each)),
    );
  });
  return { value, weights };
}

/** tanh(q + k). */
export function scoreBasis(q: Float64Array, k: Float64Array, numbers: Arithmetic): Float64Array {
  return q.map((each, i) => numbers.element('tanh', numbers.round(each + k[i]!)));
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
  // Only a training drops.
  if (name === 'dropout') return value;
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
