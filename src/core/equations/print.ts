import { printVector } from './formula-text';
import { printNumber, printTarget } from './notation';
import {
  defaultOutput,
  type Cell,
  type Equation,
  type Expression,
  type Initial,
  type Size,
} from './syntax';

/**
 * A cell as text: equations in their order, sizes, initial values, and the output where it is not
 * the usual one. Reading it back gives the same cell, but for places and comments.
 */
export function printCell(cell: Cell): string {
  const lines = cell.equations.map(printEquation);
  for (const [name, { size }] of cell.sizes) {
    lines.push(`size ${name} = ${printSize(size)}`);
  }
  for (const [name, { initial }] of cell.initials) {
    lines.push(`init ${name} = ${printInitial(initial)}`);
  }
  for (const [name, { expression }] of cell.starts) {
    lines.push(`init ${name} = ${printExpression(expression)}`);
  }
  if (cell.output !== defaultOutput(cell.equations)) lines.push(`output ${cell.output}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** `h[t] = tanh(U x[t] + W h[t-1] + b)`. */
export function printEquation({ name, domain, expression }: Equation): string {
  return `${printTarget(name, domain)} = ${printExpression(expression)}`;
}

/** An expression as text, with the fewest brackets that keep its structure. */
export function printExpression(expression: Expression): string {
  return printVector(expression);
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
