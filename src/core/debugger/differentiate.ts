/** The way back through an evaluated expression: what its parts contribute to a gradient (reverse mode). */
import { combine, eachOf, momentsOf, type Evaluated, type Scope } from './evaluate';
import { dense, widthOf, type Arithmetic, type Value } from './values';

/** Takes what a gradient is made of. */
export interface Sinks {
  /** A term of ∂E/∂name[t-lag]. */
  variable(name: string, lag: number, gradient: Float64Array): void;
  /** A term gradient operandᵀ of ∂E/∂matrix. */
  matrix(name: string, gradient: Float64Array, operand: Value): void;
  bias(name: string, gradient: Float64Array): void;
  /** ∂E/∂part, of each part of the equation from the whole one to its names. */
  part?(part: Evaluated, gradient: Float64Array): void;
}

/**
 * Carries a gradient from an expression to all that it is made of.
 *
 * @param g ∂E/∂value, `[W]`
 */
export function differentiate(
  node: Evaluated,
  g: Float64Array,
  {
    scope,
    sinks,
    numbers,
  }: { readonly scope: Scope; readonly sinks: Sinks; readonly numbers: Arithmetic },
): void {
  const context = { scope, sinks, numbers };
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
    default:
      break;
  }
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
      throw new Error('On a text nothing is dropped within an equation.');
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

/** A gradient of zeros, as wide as a value. */
export function zerosLike(value: Value): Float64Array {
  return dense(
    eachOf(value, () => 0),
    widthOf(value),
  );
}
