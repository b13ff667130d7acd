import { texOfTarget, texOfVector } from './formula-tex';
import type { Equation, Expression } from './syntax';

/** An expression in TeX, without delimiters: `\tanh\left(U x_t + W s_{t-1} + b\right)`. */
export function texOfExpression(expression: Expression): string {
  return texOfVector(expression);
}

/** An equation in TeX, without delimiters. */
export function texOfEquation({ name, domain, expression }: Equation): string {
  return `${texOfTarget(name, domain)} = ${texOfExpression(expression)}`;
}
