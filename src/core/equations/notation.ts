import type { BinaryOperator, Domain, StepDomain } from './syntax';

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

/** `h[t]`, `h[t-1]`, `h[t+1]`, `h[u-1]`. */
export function printVariable(name: string, lag: number, domain: StepDomain = 't'): string {
  return `${name}[${domain}${printShift(lag)}]`;
}

/** `-1` for a lag of 1, nothing for 0, `+1` for a lag of -1. */
export function printShift(lag: number): string {
  if (lag === 0) return '';
  return lag > 0 ? `-${String(lag)}` : `+${String(-lag)}`;
}

/** `h[t]`, `h[u]` or `h`: as a left side is written. */
export function printTarget(name: string, domain: Domain): string {
  return domain === 'example' ? name : printVariable(name, 0, domain);
}

/** The shortest text that reads as the same number. */
export function printNumber(value: number): string {
  return String(value);
}
