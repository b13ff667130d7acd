import type { Cell, Expression } from '../../../src/core/equations/syntax';

export type Matrix = readonly (readonly number[])[];

/** All that one step of a cell is computed from. */
export interface Values {
  readonly matrices: ReadonlyMap<string, Matrix>;
  readonly biases: ReadonlyMap<string, readonly number[]>;
  /** Earlier values and the input, by name and lag: `h 1`, `x 0`. */
  readonly reads: ReadonlyMap<string, readonly number[]>;
  /** Whole sequences, by name: their steps, of which ends, pools and attention are made. */
  readonly sequences?: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** Values of this step that are set, not computed. */
  readonly fixed: ReadonlyMap<string, readonly number[]>;
}

export const elementwise: Readonly<Record<string, (a: number) => number>> = {
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  relu: (a) => Math.max(0, a),
  exp: Math.exp,
  log: Math.log,
  softplus: (a) => Math.log1p(Math.exp(a)),
  sqrt: Math.sqrt,
  abs: Math.abs,
};

export const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** What has been computed of a step already. */
const computed = new WeakMap<Values, Map<string, readonly number[]>>();

/** The value of `name[t]`, straight from the equations: numbers are vectors of one entry that fit all. */
export function evaluateVariable(cell: Cell, name: string, values: Values): readonly number[] {
  const cache = computed.get(values) ?? new Map<string, readonly number[]>();
  computed.set(values, cache);
  const known = values.fixed.get(name) ?? cache.get(name);
  if (known) return known;
  const equation = cell.equations.find((candidate) => candidate.name === name);
  if (!equation) return get(values.reads, `${name} 0`);
  const present = (other: string): readonly number[] => evaluateVariable(cell, other, values);
  const value = evaluate(equation.expression, values, present);
  cache.set(name, value);
  return value;
}

function evaluate(
  expression: Expression,
  values: Values,
  present: (name: string) => readonly number[],
): readonly number[] {
  const inner = (part: Expression): readonly number[] => evaluate(part, values, present);
  switch (expression.kind) {
    case 'number':
      return [expression.value];
    case 'bias':
      return get(values.biases, expression.name);
    case 'variable':
      return expression.lag === 0
        ? present(expression.name)
        : get(values.reads, `${expression.name} ${String(expression.lag)}`);
    case 'whole':
      return present(expression.name);
    case 'end':
      return endOf(stepsOf(values, expression.name), expression.at);
    case 'pool':
      return pool(expression.pool, stepsOf(values, expression.name));
    case 'attend': {
      const { query, keys, values: summed, score } = expression;
      const weights = attentionWeights(
        inner(query),
        stepsOf(values, keys.name),
        score && get(values.biases, score.name),
      );
      return weighted(weights, stepsOf(values, summed.name));
    }
    case 'stack':
      return expression.parts.flatMap(inner);
    case 'product':
      return apply(get(values.matrices, expression.matrix), inner(expression.operand));
    case 'negate':
      return inner(expression.operand).map((a) => -a);
    case 'call':
      return call(expression.function, inner(expression.operand));
    case 'binary':
      return broadcast(expression.operator, inner(expression.left), inner(expression.right));
  }
}

export function stepsOf(values: Values, name: string): readonly (readonly number[])[] {
  return get(values.sequences ?? new Map<string, readonly (readonly number[])[]>(), name);
}

export function endOf(
  steps: readonly (readonly number[])[],
  at: 'first' | 'last',
): readonly number[] {
  return steps.at(at === 'first' ? 0 : -1) ?? [];
}

/** Over all steps, entry by entry. */
export function pool(
  how: 'mean' | 'max',
  steps: readonly (readonly number[])[],
): readonly number[] {
  return (steps[0] ?? []).map((_, i) => {
    const column = steps.map((step) => step[i] ?? NaN);
    return how === 'mean' ? mean(column) : Math.max(...column);
  });
}

/** softmax over the steps of query · key, or of v · tanh(query + key). */
export function attentionWeights(
  query: readonly number[],
  keys: readonly (readonly number[])[],
  score: readonly number[] | undefined,
): readonly number[] {
  const of = (key: readonly number[]): number =>
    sum(
      query.map((q, i) =>
        score ? (score[i] ?? NaN) * Math.tanh(q + (key[i] ?? NaN)) : q * (key[i] ?? NaN),
      ),
    );
  return call('softmax', keys.map(of));
}

export function weighted(
  weights: readonly number[],
  values: readonly (readonly number[])[],
): readonly number[] {
  return (values[0] ?? []).map((_, i) =>
    sum(weights.map((weight, t) => weight * (values[t]?.[i] ?? NaN))),
  );
}

export function call(name: string, a: readonly number[]): readonly number[] {
  // As without training: nothing is dropped.
  if (name === 'dropout') return a;
  if (name === 'softmax') {
    const powers = a.map((v) => Math.exp(v));
    return powers.map((power) => power / sum(powers));
  }
  if (name === 'layernorm') return a.map((v) => (v - mean(a)) / deviation(a));
  const f = elementwise[name];
  if (!f) throw new Error(`no function ${name}`);
  return a.map(f);
}

export function broadcast(
  operator: string,
  a: readonly number[],
  b: readonly number[],
): readonly number[] {
  const f = arithmetic[operator];
  if (!f) throw new Error(`no operator ${operator}`);
  const width = Math.max(a.length, b.length);
  return Array.from({ length: width }, (_, i) =>
    f(a[a.length === 1 ? 0 : i] ?? NaN, b[b.length === 1 ? 0 : i] ?? NaN),
  );
}

export function apply(matrix: Matrix, vector: readonly number[]): readonly number[] {
  return matrix.map((row) => sum(row.map((entry, j) => entry * (vector[j] ?? NaN))));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The root of the biased variance plus layernorm's 1e-5. */
export function deviation(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) + 1e-5);
}

export function get<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`no ${key}`);
  return value;
}
