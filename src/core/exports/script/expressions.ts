/** Expressions of the language as JavaScript: entry by entry, with whole vectors computed before. */
import {
  operatorStrength,
  printVariable,
  strength,
  tighter,
  type Strength,
} from '../../equations/notation';
import { printExpression } from '../../equations/print';
import type { CellShapes } from '../../equations/shapes';
import { inputName, type Expression, type FunctionName } from '../../equations/syntax';
import type { ScriptFunction } from './algebra';
import { columns } from './code';
import type { Names } from './names';

/** What writing a layer's expressions needs, and what it has come to. */
export interface Writer {
  readonly shapes: CellShapes;
  readonly name: Names;
  /** What the code calls each symbol of the equations. */
  readonly symbols: ReadonlyMap<string, string>;
  /** The name of an entry's place: `k`. */
  readonly index: string;
  /** Whether `x` is a token, which stands for its one-hot vector. */
  readonly readsTokens: boolean;
  /** Vectors that have a name: variables of earlier steps, products, softmax. By their text in the equations. */
  readonly vectors: Map<string, string>;
  readonly lines: string[];
  readonly functions: Set<ScriptFunction>;
}

/** Gives a vector a name, with the line of code that computes it. */
export function define(writer: Writer, name: string, expression: Expression, width: number): void {
  writer.lines.push(definition(name, vectorOf(writer, expression, width)));
}

function definition(name: string, value: string): string {
  const line = `  const ${name} = ${value};`;
  const arrow = / => /.exec(line);
  if (line.length <= columns || arrow === null) return line;
  const body = arrow.index + arrow[0].length;
  return `${line.slice(0, body - 1)}\n    ${line.slice(body, -2)},\n  );`;
}

/** Code of a whole vector. */
function vectorOf(writer: Writer, expression: Expression, width: number): string {
  const { kind } = expression;
  if (kind === 'product') {
    const matrix = writer.symbols.get(expression.matrix)!;
    return `times(${matrix}, ${operandOf(writer, expression)})`;
  }
  if (kind === 'call' && isWhole(expression.function)) {
    writer.functions.add(expression.function);
    const operand = named(writer, expression.operand, `${expression.function}_operand`);
    return `${expression.function}(${operand})`;
  }
  const value = entry(writer, expression, strength.sum);
  const parameter = value.includes(`[${writer.index}]`) ? writer.index : '';
  return `vector(${String(width)}, (${parameter}) => ${value})`;
}

function isWhole(name: FunctionName): name is 'softmax' | 'layernorm' {
  return name === 'softmax' || name === 'layernorm';
}

/** What a matrix is applied to: a token may stand for its one-hot vector. */
function operandOf(
  writer: Writer,
  { matrix, operand }: Extract<Expression, { readonly kind: 'product' }>,
): string {
  if (operand.kind === 'variable' && operand.name === inputName) return inputAt(writer, operand);
  return named(writer, operand, `${matrix}_operand`);
}

type Variable = Extract<Expression, { readonly kind: 'variable' }>;

function inputAt({ vectors }: Writer, { lag }: Variable): string {
  return lag === 0 ? 'x' : vectors.get(printVariable(inputName, lag))!;
}

/** The name of a vector; one that has none gets one. */
function named(writer: Writer, expression: Expression, wanted: string): string {
  const { symbols, vectors, shapes } = writer;
  if (expression.kind === 'bias') return symbols.get(expression.name)!;
  if (expression.kind === 'variable') {
    if (expression.name === inputName && writer.readsTokens) return oneHot(writer, expression);
    if (expression.lag === 0) return symbols.get(expression.name)!;
  }
  const text = printExpression(expression);
  const known = vectors.get(text);
  if (known !== undefined) return known;
  const width = widthOf(expression, shapes) ?? 0;
  const value = vectorOf(writer, expression, width);
  const name = writer.name(wanted);
  writer.lines.push(definition(name, value));
  vectors.set(text, name);
  return name;
}

function oneHot(writer: Writer, variable: Variable): string {
  const text = `one-hot ${String(variable.lag)}`;
  const known = writer.vectors.get(text);
  if (known !== undefined) return known;
  const input = inputAt(writer, variable);
  const name = writer.name(`${input}_onehot`);
  const width = writer.shapes.variables.get(inputName)!;
  writer.lines.push(`  const ${name} = oneHot(${input}, ${String(width)});`);
  writer.vectors.set(text, name);
  return name;
}

/** Width of a vector; undefined for a number, which fits every width. */
function widthOf(expression: Expression, shapes: CellShapes): number | undefined {
  switch (expression.kind) {
    case 'number':
      return undefined;
    case 'bias':
      return shapes.biases.get(expression.name);
    case 'variable':
      return shapes.variables.get(expression.name);
    case 'product':
      return shapes.matrices.get(expression.matrix)?.[0];
    case 'binary':
      return widthOf(expression.left, shapes) ?? widthOf(expression.right, shapes);
    case 'negate':
    case 'call':
      return widthOf(expression.operand, shapes);
    default:
      return notOfText(expression);
  }
}

/** Code of one entry, with the fewest brackets that keep the expression's structure. */
function entry(writer: Writer, expression: Expression, least: Strength): string {
  const { index, functions } = writer;
  switch (expression.kind) {
    case 'number':
      return bracketed(String(expression.value), numberStrength(expression.value), least);
    case 'bias':
    case 'variable':
      return `${named(writer, expression, '')}[${index}]`;
    case 'product': {
      const operand = operandOf(writer, expression);
      return `${named(writer, expression, `${expression.matrix}_${operand}`)}[${index}]`;
    }
    case 'negate': {
      const operand = entry(writer, expression.operand, strength.unary);
      const text = operand.startsWith('-') ? `-(${operand})` : `-${operand}`;
      return bracketed(text, strength.unary, least);
    }
    case 'call':
      if (expression.function === 'dropout') return entry(writer, expression.operand, least);
      if (isWhole(expression.function)) {
        return `${named(writer, expression, `${expression.function}_value`)}[${index}]`;
      }
      functions.add(expression.function);
      return `${expression.function}(${entry(writer, expression.operand, strength.sum)})`;
    case 'binary': {
      const own = operatorStrength[expression.operator];
      const left = entry(writer, expression.left, own);
      const right = entry(writer, expression.right, tighter(own));
      return bracketed(`${left} ${expression.operator} ${right}`, own, least);
    }
    default:
      return notOfText(expression);
  }
}

/** What `requireTextModel` lets no language model have. */
function notOfText({ kind }: Expression): never {
  throw new Error(`A language model has no ${kind}.`);
}

function numberStrength(value: number): Strength {
  return value < 0 ? strength.unary : strength.atom;
}

function bracketed(text: string, own: Strength, least: Strength): string {
  return own < least ? `(${text})` : text;
}
