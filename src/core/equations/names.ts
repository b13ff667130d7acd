import { functionNames, inputName, type Expression, type FunctionName } from './syntax';

/** Time is written `t` and is nobody's name. */
export const timeName = 't';

/** A matrix's name starts with an uppercase (or titlecase) letter of any script. */
export function isUppercase(name: string): boolean {
  return /^[\p{Lu}\p{Lt}]/u.test(name);
}

export function isFunctionName(name: string): name is FunctionName {
  return (functionNames as readonly string[]).includes(name);
}

/** What a set of expressions mentions. */
export interface Mentions {
  /** Each variable read (`x` too) with the longest lag it is read at. */
  readonly lags: ReadonlyMap<string, number>;
  readonly matrices: ReadonlySet<string>;
  readonly biases: ReadonlySet<string>;
}

/** Collects names in the order in which they are first read. */
export function mentionsOf(expressions: Iterable<Expression>): Mentions {
  const lags = new Map<string, number>();
  const matrices = new Set<string>();
  const biases = new Set<string>();
  for (const expression of expressions) {
    visit(expression, (node) => {
      if (node.kind === 'variable')
        lags.set(node.name, Math.max(node.lag, lags.get(node.name) ?? 0));
      if (node.kind === 'product') matrices.add(node.matrix);
      if (node.kind === 'bias') biases.add(node.name);
    });
  }
  return { lags, matrices, biases };
}

/** Calls `action` on every node, parents before children, left before right. */
export function visit(expression: Expression, action: (node: Expression) => void): void {
  action(expression);
  for (const child of childrenOf(expression)) visit(child, action);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right];
    case 'product':
    case 'negate':
    case 'call':
      return [expression.operand];
    default:
      return [];
  }
}

/** Whether an expression is made of numbers only: one number, for a vector of any width. */
export function isScalar(expression: Expression): boolean {
  const { lags, matrices, biases } = mentionsOf([expression]);
  return lags.size + matrices.size + biases.size === 0;
}

/** Whether `name` may be read at a time: a left side, or the input. */
export function isVariable(name: string, defined: ReadonlySet<string>): boolean {
  return name === inputName || defined.has(name);
}
