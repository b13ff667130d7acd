/** The code of one step: its equations in their order, each above its lines. */
import { visit } from '../../equations/names';
import { printEquation, printExpression } from '../../equations/print';
import type { Equation, Expression } from '../../equations/syntax';
import { define, type Writer } from './expressions';

type Variable = Extract<Expression, { readonly kind: 'variable' }>;

/** Gives names to the values of other steps that equations read. */
export function readOtherSteps(
  { vectors, lines, name, indent, symbols }: Writer,
  equations: readonly Equation[],
  codeOf: (variable: Variable) => string,
): void {
  for (const { expression } of equations) {
    visit(expression, (node) => {
      if (node.kind !== 'variable' || node.lag === 0) return;
      const text = printExpression(node);
      if (vectors.has(text)) return;
      const symbol = symbols.get(node.name)!.replace(/\[.*$/, '');
      const shift = node.lag > 0 ? String(node.lag) : `next_${String(-node.lag)}`;
      const other = name(`${symbol}_${shift}`);
      lines.push(`${indent}const ${other} = ${codeOf(node)}; // ${text}`);
      vectors.set(text, other);
    });
  }
}

/** What an equation's prediction is made of, and what makes it one. */
export interface PredictionCode {
  readonly equation: Equation;
  /** What comes before the response. */
  readonly operand: Expression;
  readonly response: 'softmax' | 'sigmoid' | 'none';
  /** What the code calls the logits. */
  readonly logits: string;
  /** Whether the answer itself is read by an equation. */
  readonly isRead: boolean;
}

/** @param equations in the order in which they are computed */
export function writeEquations(
  writer: Writer,
  equations: readonly Equation[],
  prediction: PredictionCode | undefined,
): void {
  for (const equation of equations) {
    writer.lines.push(`${writer.indent}// ${printEquation(equation)}`);
    const width = writer.shapes.variables.get(equation.name)!;
    if (equation === prediction?.equation) writePrediction(writer, prediction, width);
    else define(writer, writer.symbols.get(equation.name)!, equation.expression, width);
  }
}

/** `y[t] = softmax(…)`: its argument are the logits; `y` itself is of use only where an equation reads it. */
function writePrediction(
  writer: Writer,
  { equation, operand, response, logits, isRead }: PredictionCode,
  width: number,
): void {
  define(writer, logits, operand, width);
  if (!isRead) return;
  const name = writer.symbols.get(equation.name)!;
  const target = name.endsWith(']') ? name : `const ${name}`;
  if (response !== 'none') writer.functions.add(response);
  const value = {
    softmax: `softmax(${logits})`,
    sigmoid: `${logits}.map(sigmoid)`,
    none: logits,
  }[response];
  writer.lines.push(`${writer.indent}${target} = ${value};`);
}
