import type { BinaryOperator } from './syntax';

/** How tightly a formula holds together; one that holds less than its place asks for needs brackets. */
export const strength = { sum: 1, term: 2, unary: 3, product: 4, atom: 5 } as const;
export type Strength = (typeof strength)[keyof typeof strength];

/** The strength of each binary operator. */
export const operatorStrength: Readonly<Record<BinaryOperator, Strength>> = {
  '+': strength.sum,
  '-': strength.sum,
  '*': strength.term,
  '/': strength.term,
};

/** Operators of one strength group to the left, so their right operand must hold together better. */
export function tighter(own: Strength): Strength {
  return own === strength.sum ? strength.term : strength.unary;
}

/** `h[t]`, `h[t-1]`. */
export function printVariable(name: string, lag: number): string {
  return lag === 0 ? `${name}[t]` : `${name}[t-${String(lag)}]`;
}

/** The shortest text that reads as the same number. */
export function printNumber(value: number): string {
  return String(value);
}
