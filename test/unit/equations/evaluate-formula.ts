import { totalDerivative } from '../../../src/core/equations/derivative';
import {
  isScalarVector,
  type Factor,
  type Formula,
  type Vector,
} from '../../../src/core/equations/formula';
import type { Cell } from '../../../src/core/equations/syntax';
import {
  apply,
  attentionWeights,
  broadcast,
  call,
  deviation,
  endOf,
  evaluateVariable,
  get,
  mean,
  pool,
  stepsOf,
  sum,
  weighted,
  type Matrix,
  type Values,
} from './evaluate';

/**
 * The numbers of a matrix formula.
 *
 * @param columns number of columns of the whole
 * @param rows number of its rows
 */
export function evaluateFormula(
  formula: Formula,
  rows: number,
  columns: number,
  cell: Cell,
  values: Values,
): Matrix {
  return formula.reduce<Matrix>(
    (total, { negative, factors }) => {
      // From the right, so that an identity or a sum in brackets knows its size: it is applied to what follows.
      const last = factors.at(-1);
      const start =
        last?.kind === 'operand'
          ? kronecker(vectorOf(last.vector, cell, values), columns)
          : identity(columns);
      const rest = last?.kind === 'operand' ? factors.slice(0, -1) : factors;
      const product = rest.reduceRight(
        (right, factor) => times(factor, right, cell, values, columns),
        start,
      );
      return addTo(total, product, negative ? -1 : 1);
    },
    Array.from({ length: rows }, () => new Array<number>(columns).fill(0)),
  );
}

/** Named factors that have been evaluated. */
const jacobians = new WeakMap<Values, Map<string, Matrix>>();

/** Factor · right. */
function times(factor: Factor, right: Matrix, cell: Cell, values: Values, columns: number): Matrix {
  const n = right.length;
  switch (factor.kind) {
    case 'matrix':
      return multiply(get(values.matrices, factor.name), right);
    case 'diagonal': {
      const vector = vectorOf(factor.vector, cell, values);
      const isScalar = isScalarVector(factor.vector);
      return right.map((row, i) => row.map((entry) => (vector[isScalar ? 0 : i] ?? NaN) * entry));
    }
    case 'softmax': {
      const p = vectorOf(factor.output, cell, values);
      return multiply(
        square(n, (i, j) => (i === j ? at(p, i) : 0) - at(p, i) * at(p, j)),
        right,
      );
    }
    case 'layernorm': {
      const l = vectorOf(factor.output, cell, values);
      const entry = (i: number, j: number): number =>
        (i === j ? 1 : 0) - (1 + at(l, i) * at(l, j)) / n;
      return multiply(square(n, entry), right);
    }
    case 'derivative': {
      if (!('name' in factor.of) || !('name' in factor.by)) throw new Error('of two variables');
      const { of, by } = { of: factor.of.name, by: factor.by };
      const key = `${of} by ${by.name}`;
      const cache = jacobians.get(values) ?? new Map<string, Matrix>();
      jacobians.set(values, cache);
      const rows = evaluateVariable(cell, of, values).length;
      const jacobian =
        cache.get(key) ?? evaluateFormula(totalDerivative(cell, of, by), rows, n, cell, values);
      cache.set(key, jacobian);
      return multiply(jacobian, right);
    }
    case 'stack':
      return factor.parts.flatMap((part, i) => {
        const rows = vectorOf(factor.values[i]!, cell, values).length;
        return multiply(evaluateFormula(part, rows, n, cell, values), right);
      });
    case 'attention': {
      const { query, keys, values: summed, score } = factor.attention;
      const [q, a] = [query, factor.output].map((part) => vectorOf(part, cell, values));
      const [k, s] = [keys, summed].map(({ name }) => stepsOf(values, name));
      const v = score && get(values.biases, score.name);
      const weights = attentionWeights(q!, k!, v);
      const compared = k!.map((key) => {
        if (!v) return key;
        const inner = key.map((entry, i) => Math.tanh(at(q!, i) + entry));
        return factor.of === 'score' ? inner : inner.map((th, i) => at(v, i) * (1 - th * th));
      });
      const jacobian = a!.map((value, i) =>
        (compared[0] ?? []).map((_, j) =>
          sum(weights.map((w, t) => w * (at(s![t]!, i) - value) * at(compared[t]!, j))),
        ),
      );
      return multiply(jacobian, right);
    }
    case 'sum': {
      const ofParameter = factor.terms.some(({ factors }) => factors.at(-1)?.kind === 'operand');
      const inner = (rows: number): Matrix =>
        evaluateFormula(factor.terms, rows, ofParameter ? columns : n, cell, values);
      const rows = rowsOf(factor.terms, n, cell, values, columns);
      return ofParameter ? inner(rows) : multiply(inner(rows), right);
    }
    case 'operand':
      throw new Error('an operand stands last');
  }
}

/** How many rows a sum has, found by trying its first term. */
function rowsOf(terms: Formula, n: number, cell: Cell, values: Values, columns: number): number {
  const [first] = terms;
  if (!first) throw new Error('a sum has terms');
  const last = first.factors.at(-1);
  const start =
    last?.kind === 'operand'
      ? kronecker(vectorOf(last.vector, cell, values), columns)
      : identity(n);
  const rest = last?.kind === 'operand' ? first.factors.slice(0, -1) : first.factors;
  return rest.reduceRight((right, factor) => times(factor, right, cell, values, columns), start)
    .length;
}

/** uᵀ ⊗ I, of `columns` columns in all. */
function kronecker(u: readonly number[], columns: number): Matrix {
  const rows = columns / u.length;
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (__, j) => (j % rows === i ? at(u, Math.floor(j / rows)) : 0)),
  );
}

function vectorOf(vector: Vector, cell: Cell, values: Values): readonly number[] {
  const inner = (part: Vector): readonly number[] => vectorOf(part, cell, values);
  switch (vector.kind) {
    case 'number':
      return [vector.value];
    case 'bias':
      return get(values.biases, vector.name);
    case 'variable':
      return vector.lag === 0
        ? evaluateVariable(cell, vector.name, values)
        : get(values.reads, `${vector.name} ${String(vector.lag)}`);
    case 'whole':
      return evaluateVariable(cell, vector.name, values);
    case 'end':
      return endOf(stepsOf(values, vector.name), vector.at);
    case 'pool':
      return pool(vector.pool, stepsOf(values, vector.name));
    case 'attend': {
      const { query, keys, values: summed, score } = vector;
      const v = score && get(values.biases, score.name);
      const weights = attentionWeights(inner(query), stepsOf(values, keys.name), v);
      return weighted(weights, stepsOf(values, summed.name));
    }
    case 'stack':
      return vector.parts.flatMap(inner);
    case 'product':
      return apply(get(values.matrices, vector.matrix), inner(vector.operand));
    case 'negate':
      return inner(vector.operand).map((a) => -a);
    case 'square':
      return inner(vector.operand).map((a) => a * a);
    case 'binary':
      return broadcast(vector.operator, inner(vector.left), inner(vector.right));
    case 'call': {
      const operand = inner(vector.operand);
      if (vector.function === 'step') return operand.map((a) => (a > 0 ? 1 : 0));
      if (vector.function === 'mask') return operand.map(() => 1);
      if (vector.function === 'sign') return operand.map(Math.sign);
      if (vector.function === 'mean') return [mean(operand)];
      if (vector.function === 'std') return [deviation(operand)];
      return call(vector.function, operand);
    }
  }
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? NaN;
}

function square(n: number, entry: (i: number, j: number) => number): Matrix {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => entry(i, j)));
}

function identity(n: number): Matrix {
  return square(n, (i, j) => (i === j ? 1 : 0));
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = b[0]?.length ?? 0;
  return a.map((row) =>
    Array.from({ length: columns }, (_, j) =>
      row.reduce((total, entry, k) => total + entry * (b[k]?.[j] ?? NaN), 0),
    ),
  );
}

function addTo(a: Matrix, b: Matrix, factor: number): Matrix {
  return a.map((row, i) => row.map((entry, j) => entry + factor * (b[i]?.[j] ?? NaN)));
}
