import type { Vector } from './formula';
import { printVector } from './formula-text';

/**
 * Sums, products and quotients of vector formulas, simplified as one does by hand: numbers are
 * gathered, like terms added, equal factors squared, zeros and ones dropped.
 */

export const zero: Vector = { kind: 'number', value: 0 };
export const one: Vector = { kind: 'number', value: 1 };

export function isNumber(vector: Vector, value: number): boolean {
  return vector.kind === 'number' && vector.value === value;
}

/** The sum; what is subtracted is written after what is added, where something is added at all. */
export function add(...summands: readonly Vector[]): Vector {
  const gathered = new Map<string, Summand>();
  for (const vector of summands.flatMap(summandsOf)) {
    const { factor, body } = scaled(vector);
    const known = gathered.get(printVector(body));
    const sum = factor + (known?.factor ?? 0);
    // Alone it keeps its own form: a / 3 and not 0.333 * a.
    const form = known ? multiply({ kind: 'number', value: sum }, body) : vector;
    gathered.set(printVector(body), { factor: sum, form });
  }
  const parts = [...gathered.values()].filter(({ factor }) => factor !== 0);
  let sum: Vector | undefined;
  for (const { factor, form } of positiveFirst(parts)) {
    const part = factor < 0 ? negate(multiply(form, one)) : multiply(form, one);
    if (sum === undefined) sum = factor < 0 ? negate(part) : part;
    else sum = { kind: 'binary', operator: factor < 0 ? '-' : '+', left: sum, right: part };
  }
  return sum ?? zero;
}

/** A part of a sum: its number, and how to write it all. */
interface Summand {
  readonly factor: number;
  readonly form: Vector;
}

function positiveFirst(parts: readonly Summand[]): readonly Summand[] {
  const first = parts.find(({ factor }) => factor > 0);
  return first ? [first, ...parts.filter((part) => part !== first)] : parts;
}

export function subtract(left: Vector, right: Vector): Vector {
  return add(left, negate(right));
}

export function negate(vector: Vector): Vector {
  if (vector.kind === 'negate') return vector.operand;
  if (vector.kind === 'number') return { kind: 'number', value: 0 - vector.value };
  if (vector.kind === 'binary' && vector.operator === '-') {
    return { ...vector, left: vector.right, right: vector.left };
  }
  const { factor, body } = scaled(vector);
  if (factor < 0) return multiply({ kind: 'number', value: -factor }, body);
  return { kind: 'negate', operand: vector };
}

export function multiply(left: Vector, right: Vector): Vector {
  return compose(decompose(left), decompose(right));
}

export function divide(left: Vector, right: Vector): Vector {
  const divisor = decompose(right);
  if (divisor.numerator === 0) return { kind: 'binary', operator: '/', left, right };
  return compose(decompose(left), inverted(divisor));
}

export function square(vector: Vector): Vector {
  return multiply(vector, vector);
}

/** A number times a quotient of products. */
interface Quotient {
  readonly numerator: number;
  readonly denominator: number;
  readonly above: readonly Vector[];
  readonly below: readonly Vector[];
}

function decompose(vector: Vector): Quotient {
  const whole: Quotient = { numerator: 1, denominator: 1, above: [vector], below: [] };
  switch (vector.kind) {
    case 'number':
      return { ...whole, numerator: vector.value, above: [] };
    case 'negate': {
      const inner = decompose(vector.operand);
      return { ...inner, numerator: 0 - inner.numerator };
    }
    case 'square':
      return { ...whole, above: [vector.operand, vector.operand] };
    case 'binary': {
      if (vector.operator !== '*' && vector.operator !== '/') return whole;
      const [left, right] = [decompose(vector.left), decompose(vector.right)];
      if (vector.operator === '*') return joined(left, right);
      return right.numerator === 0 ? whole : joined(left, inverted(right));
    }
    default:
      return whole;
  }
}

function inverted({ numerator, denominator, above, below }: Quotient): Quotient {
  return { numerator: denominator, denominator: numerator, above: below, below: above };
}

function joined(a: Quotient, b: Quotient): Quotient {
  return {
    numerator: a.numerator * b.numerator,
    denominator: a.denominator * b.denominator,
    above: [...a.above, ...b.above],
    below: [...a.below, ...b.below],
  };
}

function compose(a: Quotient, b: Quotient): Vector {
  const { numerator, denominator, above, below } = joined(a, b);
  if (numerator === 0) return zero;
  const ratio = Math.abs(numerator / denominator);
  // 1 / 4 is clearer as 0.25, and 1 / 3 as itself.
  const isShort = String(ratio).length <= 6;
  const [top, bottom] = isShort ? [ratio, 1] : [Math.abs(numerator), Math.abs(denominator)];
  const up = productOf(top, above);
  const down = productOf(bottom, below);
  const value: Vector = isNumber(down, 1)
    ? up
    : { kind: 'binary', operator: '/', left: up, right: down };
  if (numerator / denominator > 0) return value;
  return value.kind === 'number'
    ? { kind: 'number', value: -value.value }
    : { kind: 'negate', operand: value };
}

function productOf(factor: number, vectors: readonly Vector[]): Vector {
  const counted = new Map<string, { vector: Vector; power: number }>();
  for (const vector of vectors) {
    const key = printVector(vector);
    counted.set(key, { vector, power: (counted.get(key)?.power ?? 0) + 1 });
  }
  let product: Vector = { kind: 'number', value: factor };
  const append = (right: Vector): void => {
    product = isNumber(product, 1)
      ? right
      : { kind: 'binary', operator: '*', left: product, right };
  };
  for (const { vector, power } of counted.values()) {
    for (let left = power; left > 1; left -= 2) append({ kind: 'square', operand: vector });
    if (power % 2 === 1) append(vector);
  }
  return product;
}

/** The summands of a sum, each with its sign. */
function summandsOf(vector: Vector): readonly Vector[] {
  if (vector.kind === 'negate') return summandsOf(vector.operand).map(flipped);
  if (vector.kind !== 'binary') return [vector];
  const { operator, left, right } = vector;
  if (operator === '+') return [...summandsOf(left), ...summandsOf(right)];
  if (operator === '-') return [...summandsOf(left), ...summandsOf(right).map(flipped)];
  return [vector];
}

function flipped(vector: Vector): Vector {
  return vector.kind === 'negate' ? vector.operand : { kind: 'negate', operand: vector };
}

/** A formula as a number times the rest of it. */
function scaled(vector: Vector): { readonly factor: number; readonly body: Vector } {
  const { numerator, denominator, above, below } = decompose(vector);
  const rest = { numerator: 1, denominator: 1, above, below };
  return { factor: numerator / denominator, body: compose(rest, decompose(one)) };
}
