import type { Formula, Vector } from './formula';
import { printVector } from './formula-text';
import {
  addMatrices,
  diagonal,
  identity,
  multiplyMatrices,
  negateMatrix,
  nothing,
  single,
} from './matrix-algebra';
import type { Cell, Equation, Expression } from './syntax';
import { divide, multiply, negate, one, square, subtract } from './vector-algebra';

/**
 * What a derivative is with respect to: a value of a step, of the example, of an example's end or over all its
 * steps, or a learnt matrix or bias.
 */
export type Target =
  | Extract<Vector, { readonly kind: 'variable' | 'whole' | 'end' | 'pool' | 'bias' }>
  | { readonly kind: 'matrix'; readonly name: string };

/** Whether an expression is what the derivative is with respect to. */
function isTarget(expression: Vector, target: Target): boolean {
  return (
    target.kind !== 'matrix' &&
    expression.kind === target.kind &&
    printVector(expression) === printVector(target)
  );
}

/** A left side as a value: `h[t]`, or `h`. */
export function targetValue({ name, domain }: Pick<Equation, 'name' | 'domain'>): Target & Vector {
  return domain === 'example'
    ? { kind: 'whole', name }
    : { kind: 'variable', name, lag: 0, domain };
}

/** What values are written as; good for one derivative. */
export interface KnownValues {
  /** Right sides, as printed, to the variables that hold their values. */
  readonly rightSides: ReadonlyMap<string, Vector>;
  /** What has been found, for each place in an expression. */
  readonly found: Map<Expression, Vector>;
}

/** With these a derivative is written through the variable itself: 1 - s[t]² and not 1 - tanh(…)². */
export function knownValuesOf(cell: Cell): KnownValues {
  const rightSides = new Map<string, Vector>();
  for (const equation of cell.equations) {
    const { expression } = equation;
    const isLeaf = ['number', 'bias', 'variable', 'whole', 'end', 'pool'].includes(expression.kind);
    if (!isLeaf) rightSides.set(printVector(expression), targetValue(equation));
  }
  return { rightSides, found: new Map() };
}

/** The derivative of one right side by a target where it is written there: other variables are held fixed. */
export function localDerivative(
  expression: Expression,
  target: Target,
  known: KnownValues,
): Formula {
  const differentiate = (part: Expression): Formula => localDerivative(part, target, known);
  switch (expression.kind) {
    case 'number':
      return nothing;
    case 'bias':
    case 'variable':
    case 'whole':
    case 'end':
    case 'pool':
      return isTarget(expression, target) ? identity : nothing;
    case 'attend':
      return attentionDerivative(expression, target, differentiate, known);
    case 'stack': {
      const parts = expression.parts.map(differentiate);
      const values = expression.parts.map((part) => valueOf(part, known));
      return parts.every((part) => part.length === 0)
        ? nothing
        : single({ kind: 'stack', parts, values });
    }
    case 'negate':
      return negateMatrix(differentiate(expression.operand));
    case 'product': {
      const { matrix, operand } = expression;
      const through = multiplyMatrices(
        single({ kind: 'matrix', name: matrix }),
        differentiate(operand),
      );
      if (target.kind !== 'matrix' || target.name !== matrix) return through;
      return addMatrices(single({ kind: 'operand', vector: valueOf(operand, known) }), through);
    }
    case 'binary':
      return binaryDerivative(expression, differentiate, known);
    case 'call': {
      const inner = differentiate(expression.operand);
      return inner.length === 0
        ? nothing
        : multiplyMatrices(callDerivative(expression, known), inner);
    }
  }
}

/** With respect to what the query or the score vector depends on; keys and values are of other steps. */
function attentionDerivative(
  expression: Extract<Expression, { kind: 'attend' }>,
  target: Target,
  differentiate: (part: Expression) => Formula,
  known: KnownValues,
): Formula {
  const { keys, values, score, domain } = expression;
  const attention = { query: valueOf(expression.query, known), keys, values, score, domain };
  const output = valueOf(expression, known);
  const by = (of: 'query' | 'score'): Formula =>
    single({ kind: 'attention', of, attention, output });
  const isScore = score && isTarget({ kind: 'bias', name: score.name }, target);
  const query = differentiate(expression.query);
  return addMatrices(multiplyMatrices(by('query'), query), isScore ? by('score') : nothing);
}

function binaryDerivative(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  differentiate: (part: Expression) => Formula,
  known: KnownValues,
): Formula {
  const [byLeft, byRight] = [differentiate(left), differentiate(right)];
  const [a, b] = [valueOf(left, known), valueOf(right, known)];
  switch (operator) {
    case '+':
      return addMatrices(byLeft, byRight);
    case '-':
      return addMatrices(byLeft, negateMatrix(byRight));
    case '*':
      return addMatrices(
        multiplyMatrices(diagonal(b), byLeft),
        multiplyMatrices(diagonal(a), byRight),
      );
    case '/':
      return addMatrices(
        multiplyMatrices(diagonal(divide(one, b)), byLeft),
        multiplyMatrices(diagonal(negate(divide(a, square(b)))), byRight),
      );
  }
}

/** The derivative of a function by its argument. */
function callDerivative(
  expression: Extract<Expression, { kind: 'call' }>,
  known: KnownValues,
): Formula {
  const input = valueOf(expression.operand, known);
  const output = valueOf(expression, known);
  switch (expression.function) {
    case 'tanh':
      return diagonal(subtract(one, square(output)));
    case 'sigmoid':
      return diagonal(multiply(output, subtract(one, output)));
    case 'relu':
      // The value is above 0 just where the argument is.
      return diagonal({
        kind: 'call',
        function: 'step',
        operand: output.kind === 'variable' ? output : input,
      });
    case 'exp':
      return diagonal(output);
    case 'log':
      return diagonal(divide(one, input));
    case 'softplus':
      return diagonal({ kind: 'call', function: 'sigmoid', operand: input });
    case 'sqrt':
      return diagonal(divide({ kind: 'number', value: 0.5 }, output));
    case 'abs':
      return diagonal({ kind: 'call', function: 'sign', operand: input });
    case 'dropout':
      return diagonal({ kind: 'call', function: 'mask', operand: input });
    case 'softmax':
      return single({ kind: 'softmax', output });
    case 'layernorm':
      return multiplyMatrices(
        diagonal(divide(one, { kind: 'call', function: 'std', operand: input })),
        single({ kind: 'layernorm', output }),
      );
  }
}

/** An expression's value, written through variables where they hold it or parts of it. */
function valueOf(expression: Expression, known: KnownValues): Vector {
  const earlier = known.found.get(expression);
  if (earlier) return earlier;
  const value = known.rightSides.get(printVector(expression)) ?? rewritten(expression, known);
  known.found.set(expression, value);
  return value;
}

function rewritten(expression: Expression, known: KnownValues): Vector {
  switch (expression.kind) {
    case 'product':
    case 'negate':
    case 'call':
      return { ...expression, operand: valueOf(expression.operand, known) };
    case 'attend':
      return { ...expression, query: valueOf(expression.query, known) };
    case 'stack':
      return { ...expression, parts: expression.parts.map((part) => valueOf(part, known)) };
    case 'binary':
      return {
        ...expression,
        left: valueOf(expression.left, known),
        right: valueOf(expression.right, known),
      };
    default:
      return expression;
  }
}
