/** The way back through an evaluated expression: what its parts contribute to a gradient (reverse mode). */
import type { Domain, Expression } from '../equations/syntax';
import { combine, momentsOf, scoreBasis, stepsOf, type Evaluated, type Scope } from './evaluate';
import { dense, widthOf, type Arithmetic, type Value } from './values';

/** Takes what a gradient is made of. */
export interface Sinks {
  /** A term of ∂E/∂name[t-lag]. */
  variable(name: string, lag: number, gradient: Float64Array): void;
  /** A term gradient operandᵀ of ∂E/∂matrix. */
  matrix(name: string, gradient: Float64Array, operand: Value): void;
  bias(name: string, gradient: Float64Array): void;
  /** Of examples: a term of ∂E/∂ a variable at one of all its steps, from 0. */
  step?(name: string, domain: Domain, step: number, gradient: Float64Array): void;
  /** ∂E/∂part, of each part of the equation from the whole one to its names. */
  part?(part: Evaluated, gradient: Float64Array): void;
}

/**
 * Carries a gradient from an expression to all that it is made of.
 *
 * @param g ∂E/∂value, `[W]`
 */
export function differentiate(node: Evaluated, g: Float64Array, context: Context): void {
  const { scope, sinks, numbers } = context;
  const { expression, parts, value } = node;
  const [a, b] = parts as [Evaluated, Evaluated];
  const times = (factor: Value, by: Float64Array = g): Float64Array =>
    dense(combine('*', by, factor, numbers), by.length);
  const minus = (of: Float64Array): Float64Array => of.map((entry) => -entry);
  const on = (part: Evaluated, gradient: Float64Array): void => {
    // A number is nobody's to change.
    if (typeof part.value !== 'number') differentiate(part, gradient, context);
  };
  sinks.part?.(node, g);
  switch (expression.kind) {
    case 'bias':
      sinks.bias(expression.name, g);
      break;
    case 'variable':
      sinks.variable(expression.name, expression.lag, g);
      break;
    case 'product':
      sinks.matrix(expression.matrix, g, a.value);
      // The input's own gradient is wanted only where something is learnt before it.
      if (!isGiven(a)) on(a, numbers.transposed(scope.matrix(expression.matrix), g));
      break;
    case 'negate':
      on(a, minus(g));
      break;
    case 'binary':
      if (expression.operator === '+' || expression.operator === '-') {
        on(a, g);
        on(b, expression.operator === '+' ? g : minus(g));
      } else if (expression.operator === '*') {
        on(a, times(b.value));
        on(b, times(a.value));
      } else {
        on(a, dense(combine('/', g, b.value, numbers), g.length));
        on(b, minus(dense(combine('/', times(value), b.value, numbers), g.length)));
      }
      break;
    case 'call':
      on(a, throughCall(node, g, numbers));
      break;
    case 'stack': {
      let at = 0;
      for (const part of parts) {
        const width = widthOf(part.value);
        on(part, g.slice(at, at + width));
        at += width;
      }
      break;
    }
    case 'whole':
      sinks.step?.(expression.name, 'example', 0, g);
      break;
    case 'end': {
      const { length } = stepsOf(scope, expression.name, expression.domain);
      const step = expression.at === 'first' ? 0 : length - 1;
      sinks.step?.(expression.name, expression.domain, step, g);
      break;
    }
    case 'pool':
      throughPool(expression, g, context);
      break;
    case 'attend':
      on(a, throughAttention(node, expression, g, context));
      break;
    case 'number':
      break;
  }
}

type Kind<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;
interface Context {
  readonly scope: Scope;
  readonly sinks: Sinks;
  readonly numbers: Arithmetic;
}

/** A mean is a share of every step, a maximum that of the first step that has it. */
function throughPool(
  { name, domain, pool }: Kind<'pool'>,
  g: Float64Array,
  { scope, sinks, numbers }: Context,
): void {
  const steps = stepsOf(scope, name, domain).map((step) => dense(step, g.length));
  const first = g.map((_, i) =>
    steps.reduce((best, step, t) => (step[i]! > steps[best]![i]! ? t : best), 0),
  );
  steps.forEach((_, t) => {
    const share =
      pool === 'mean'
        ? g.map((each) => numbers.round(each / steps.length))
        : g.map((each, i) => (first[i] === t ? each : 0));
    sinks.step?.(name, domain, t, share);
  });
}

/** @returns ∂E/∂query */
function throughAttention(
  { parts: [query], weights }: Evaluated,
  { keys, values, score, domain }: Kind<'attend'>,
  g: Float64Array,
  { scope, sinks, numbers }: Context,
): Float64Array {
  const { round } = numbers;
  const all = stepsOf(scope, keys.name, domain);
  const k = all.map((key) => dense(key, widthOf(key)));
  const q = dense(query!.value, k[0]!.length);
  const w = weights!;
  const times = (vector: Float64Array, by: number): Float64Array =>
    vector.map((each) => round(each * by));
  const byWeight = Float64Array.from(stepsOf(scope, values.name, domain), (value, t) => {
    sinks.step?.(values.name, domain, t, times(g, w[t]!));
    return dense(value, g.length).reduce((sum, each, i) => round(sum + round(each * g[i]!)), 0);
  });
  const byScore = softmaxGradient(w, byWeight, numbers);
  const byQuery = new Float64Array(q.length);
  const v = score && scope.bias(score.name);
  const byVector = new Float64Array(q.length);
  k.forEach((key, t) => {
    const d = byScore[t]!;
    let [ofQuery, ofKey] = [key, q];
    if (v) {
      const basis = scoreBasis(q, key, numbers);
      ofQuery = v.map((each, i) => numbers.element('tanhGradient', basis[i]!, each));
      ofKey = ofQuery;
      numbers.add(byVector, times(basis, d));
    }
    numbers.add(byQuery, times(ofQuery, d));
    sinks.step?.(keys.name, domain, t, times(ofKey, d));
  });
  if (score) sinks.bias(score.name, byVector);
  return byQuery;
}

/** Whether a part is a one-hot token, which nothing is learnt before. */
function isGiven({ value }: Evaluated): boolean {
  return typeof value === 'object' && 'hot' in value;
}

function throughCall(node: Evaluated, g: Float64Array, numbers: Arithmetic): Float64Array {
  if (node.expression.kind !== 'call') throw new Error('No function is called.');
  const { round } = numbers;
  const y = dense(node.value, g.length);
  const x = dense(node.parts[0]!.value, g.length);
  const each = (change: (i: number) => number): Float64Array => g.map((_, i) => change(i));
  switch (node.expression.function) {
    case 'tanh':
      return each((i) => numbers.element('tanhGradient', y[i]!, g[i]));
    case 'sigmoid':
      return each((i) => numbers.element('sigmoidGradient', y[i]!, g[i]));
    case 'relu':
      return each((i) => numbers.element('reluGradient', x[i]!, g[i]));
    case 'abs':
      return each((i) => numbers.element('absGradient', x[i]!, g[i]));
    case 'exp':
      return each((i) => round(g[i]! * y[i]!));
    case 'log':
      return each((i) => round(g[i]! / x[i]!));
    case 'softplus':
      return each((i) => round(g[i]! * numbers.element('sigmoid', x[i]!)));
    case 'sqrt':
      return each((i) => round(round(g[i]! * 0.5) / y[i]!));
    case 'softmax':
      return softmaxGradient(y, g, numbers);
    case 'layernorm': {
      const { deviation } = momentsOf(x, numbers);
      const n = g.length;
      const mean = g.reduce((sum, gi) => round(sum + round(gi / n)), 0);
      const along = g.reduce((sum, gi, i) => round(sum + round(round(gi * y[i]!) / n)), 0);
      return each((i) => round(round(round(g[i]! - mean) - round(y[i]! * along)) / deviation));
    }
    case 'dropout':
      return g;
  }
}

/** p (g - p·g). */
export function softmaxGradient(
  p: Float64Array,
  g: Float64Array,
  { round }: Arithmetic,
): Float64Array {
  const along = g.reduce((sum, gi, i) => round(sum + round(gi * p[i]!)), 0);
  return p.map((pi, i) => round(pi * round(g[i]! - along)));
}
