import {
  defaultOutput,
  type BinaryOperator,
  type Cell,
  type Equation,
  type Expression,
  type Initial,
  type Size,
} from './syntax';

/** How tightly an expression holds together; one that holds less than its place asks for needs brackets. */
export const strength = { sum: 1, term: 2, unary: 3, product: 4, atom: 5 } as const;
export type Strength = (typeof strength)[keyof typeof strength];

/** The strength of each binary operator. */
export const operatorStrength: Readonly<Record<BinaryOperator, Strength>> = {
  '+': strength.sum,
  '-': strength.sum,
  '*': strength.term,
  '/': strength.term,
};

/**
 * A cell as text: equations in their order, sizes, initial values, and the output where it is not
 * the usual one. Reading it back gives the same cell, but for places and comments.
 */
export function printCell(cell: Cell): string {
  const lines = cell.equations.map(printEquation);
  for (const [name, { size }] of cell.sizes) lines.push(`size ${name} = ${printSize(size)}`);
  for (const [name, { initial }] of cell.initials)
    lines.push(`init ${name} = ${printInitial(initial)}`);
  if (cell.output !== defaultOutput(cell.equations)) lines.push(`output ${cell.output}`);
  return lines.map((line) => `${line}\n`).join('');
}

export function printEquation({ name, expression }: Equation): string {
  return `${name}[t] = ${printExpression(expression)}`;
}

/** An expression as text, with the fewest brackets that keep its structure. */
export function printExpression(expression: Expression): string {
  return print(expression, strength.sum);
}

function print(expression: Expression, least: Strength): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value);
    case 'bias':
      return expression.name;
    case 'variable':
      return printVariable(expression.name, expression.lag);
    case 'product':
      return bracketed(
        `${expression.matrix} ${print(expression.operand, strength.product)}`,
        strength.product,
        least,
      );
    case 'negate':
      return bracketed(`-${print(expression.operand, strength.unary)}`, strength.unary, least);
    case 'call':
      return `${expression.function}(${print(expression.operand, strength.sum)})`;
    case 'binary': {
      const own = operatorStrength[expression.operator];
      const left = print(expression.left, own);
      const right = print(expression.right, tighter(own));
      return bracketed(`${left} ${expression.operator} ${right}`, own, least);
    }
  }
}

/** Operators of one strength group to the left, so their right operand must hold together better. */
export function tighter(own: Strength): Strength {
  return own === strength.sum ? strength.term : strength.unary;
}

function bracketed(text: string, own: Strength, least: Strength): string {
  return own < least ? `(${text})` : text;
}

/** `h[t]`, `h[t-1]`. */
export function printVariable(name: string, lag: number): string {
  return lag === 0 ? `${name}[t]` : `${name}[t-${String(lag)}]`;
}

/** The shortest text that reads as the same number. */
export function printNumber(value: number): string {
  return String(value);
}

function printInitial(initial: Initial): string {
  return initial.kind === 'constant'
    ? printNumber(initial.value)
    : `${initial.kind}(${printNumber(initial.scale)})`;
}

function printSize(size: Size): string {
  if (size.kind === 'number') return printNumber(size.value);
  return size.factor === 1 ? 'hidden' : `${printNumber(size.factor)} hidden`;
}
