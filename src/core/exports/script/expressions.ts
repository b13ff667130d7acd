/** Expressions of the language as JavaScript: entry by entry, with whole vectors computed before. */
import { operatorStrength, strength, tighter, type Strength } from '../../equations/notation';
import { printExpression } from '../../equations/print';
import type { CellShapes } from '../../equations/shapes';
import {
  inputName,
  type Domain,
  type Expression,
  type FunctionName,
  type StepDomain,
} from '../../equations/syntax';
import type { ScriptFunction } from './algebra';
import { columns } from './code';
import type { Names } from './names';

/** What the code calls the input at a row. */
export interface InputCode {
  readonly code: string;
  readonly width: number;
  /** Whether it is a token, which stands for its one-hot vector. */
  readonly isToken: boolean;
}

/** What stands once for an example, in a model that answers examples. */
export interface ExampleCode {
  /** A value of the example. */
  whole(name: string): string;
  /** All steps of a sequence. */
  sequence(name: string, domain: StepDomain): string;
  /** The name of an end or a pool of a sequence, which is computed once. */
  once(expression: Extract<Expression, { readonly kind: 'end' | 'pool' }>): string;
}

/** What writing expressions needs, and what it has come to. */
export interface Writer {
  readonly shapes: CellShapes;
  readonly name: Names;
  /** What the code calls each parameter, and each variable at the step that is computed. */
  readonly symbols: ReadonlyMap<string, string>;
  /** The name of an entry's place: `k`. */
  readonly index: string;
  readonly indent: string;
  readonly input: (domain: Domain) => InputCode;
  /** Of a model of examples. */
  readonly example?: ExampleCode;
  /** Vectors that have a name: variables of other steps, products, softmax. By their text in the equations. */
  readonly vectors: Map<string, string>;
  readonly lines: string[];
  readonly functions: Set<ScriptFunction>;
}

/** Gives a vector a name, with the line of code that computes it. */
export function define(writer: Writer, name: string, expression: Expression, width: number): void {
  // A name with a place is an entry of what has been declared.
  const target = name.endsWith(']') ? name : `const ${name}`;
  writer.lines.push(definition(writer, target, vectorOf(writer, expression, width)));
}

function definition({ indent }: Writer, target: string, value: string): string {
  const line = `${indent}${target} = ${value};`;
  const arrow = / => /.exec(line);
  if (line.length <= columns || arrow === null) return line;
  const body = arrow.index + arrow[0].length;
  return `${line.slice(0, body - 1)}\n${indent}  ${line.slice(body, -2)},\n${indent});`;
}

/** Dropout drops nothing here. */
function bare(expression: Expression): Expression {
  const isDropped = expression.kind === 'call' && expression.function === 'dropout';
  return isDropped ? bare(expression.operand) : expression;
}

/** Code of a whole vector. */
export function vectorOf(writer: Writer, given: Expression, width: number): string {
  const expression = bare(given);
  const { kind } = expression;
  if (kind === 'product') {
    const matrix = writer.symbols.get(expression.matrix)!;
    return `times(${matrix}, ${operandOf(writer, expression)})`;
  }
  if (kind === 'stack') {
    writer.functions.add('stack');
    const parts = expression.parts.map((part) => named(writer, part, 'part'));
    return `stack(${parts.join(', ')})`;
  }
  if (kind === 'attend') return attended(writer, expression);
  if (kind === 'call' && isWhole(expression.function)) {
    writer.functions.add(expression.function);
    const operand = named(writer, expression.operand, `${expression.function}_operand`);
    return `${expression.function}(${operand})`;
  }
  const value = entry(writer, expression, strength.sum);
  const parameter = value.includes(`[${writer.index}]`) ? writer.index : '';
  return `vector(${String(width)}, (${parameter}) => ${value})`;
}

function attended(
  writer: Writer,
  { query, keys, values, score, domain }: Extract<Expression, { readonly kind: 'attend' }>,
): string {
  const example = ofExample(writer);
  writer.functions.add('attend');
  const given = [
    named(writer, query, 'query'),
    example.sequence(keys.name, domain),
    example.sequence(values.name, domain),
    ...(score ? [writer.symbols.get(score.name)!] : []),
  ];
  return `attend(${given.join(', ')})`;
}

function isWhole(name: FunctionName): name is 'softmax' | 'layernorm' {
  return name === 'softmax' || name === 'layernorm';
}

/** What a matrix is applied to: a token may stand for its one-hot vector. */
function operandOf(
  writer: Writer,
  { matrix, operand }: Extract<Expression, { readonly kind: 'product' }>,
): string {
  const read = bare(operand);
  if (isInput(read)) return inputAt(writer, read);
  return named(writer, read, `${matrix}_operand`);
}

type Input = Extract<Expression, { readonly kind: 'variable' | 'whole' }>;

function isInput(
  expression: Expression,
): expression is Input & { readonly name: typeof inputName } {
  return (
    (expression.kind === 'variable' || expression.kind === 'whole') && expression.name === inputName
  );
}

function domainOf(expression: Input): Domain {
  return expression.kind === 'whole' ? 'example' : expression.domain;
}

function inputAt(writer: Writer, expression: Input): string {
  const isPresent = expression.kind === 'whole' || expression.lag === 0;
  if (isPresent) return writer.input(domainOf(expression)).code;
  return writer.vectors.get(printExpression(expression))!;
}

/** The name of a vector; one that has none gets one. */
function named(writer: Writer, given: Expression, wanted: string): string {
  const { symbols, vectors } = writer;
  const expression = bare(given);
  const { kind } = expression;
  if (kind === 'bias') return symbols.get(expression.name)!;
  if (kind === 'end' || kind === 'pool') return ofExample(writer).once(expression);
  if (isInput(expression)) return inputVector(writer, expression);
  if (kind === 'whole') return ofExample(writer).whole(expression.name);
  if (kind === 'variable' && expression.lag === 0) return symbols.get(expression.name)!;
  const text = printExpression(expression);
  const known = vectors.get(text);
  if (known !== undefined) return known;
  const width = widthOf(expression, writer) ?? 0;
  const value = vectorOf(writer, expression, width);
  const name = writer.name(wanted);
  writer.lines.push(definition(writer, `const ${name}`, value));
  vectors.set(text, name);
  return name;
}

function inputVector(writer: Writer, expression: Input): string {
  const { isToken, width } = writer.input(domainOf(expression));
  const input = inputAt(writer, expression);
  if (!isToken) return input;
  const text = `one-hot ${input}`;
  const known = writer.vectors.get(text);
  if (known !== undefined) return known;
  writer.functions.add('oneHot');
  const name = writer.name(`${stem(input)}_onehot`);
  writer.lines.push(`${writer.indent}const ${name} = oneHot(${input}, ${String(width)});`);
  writer.vectors.set(text, name);
  return name;
}

/** `h` of `h[t]`. */
function stem(code: string): string {
  return code.replace(/\[.*$/, '');
}

function ofExample({ example }: Writer): ExampleCode {
  if (example === undefined) throw new Error('A language model has no values of an example.');
  return example;
}

/** Width of a vector; undefined for a number, which fits every width. */
function widthOf(expression: Expression, writer: Writer): number | undefined {
  const { shapes } = writer;
  switch (expression.kind) {
    case 'number':
      return undefined;
    case 'bias':
      return shapes.biases.get(expression.name);
    case 'variable':
    case 'whole':
      if (isInput(expression)) return writer.input(domainOf(expression)).width;
      return shapes.variables.get(expression.name);
    case 'end':
    case 'pool':
      return shapes.variables.get(expression.name);
    case 'attend':
      return shapes.variables.get(expression.values.name);
    case 'stack':
      return expression.parts.reduce((sum, part) => sum + (widthOf(part, writer) ?? 0), 0);
    case 'product':
      return shapes.matrices.get(expression.matrix)?.[0];
    case 'binary':
      return widthOf(expression.left, writer) ?? widthOf(expression.right, writer);
    case 'negate':
    case 'call':
      return widthOf(expression.operand, writer);
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
    case 'whole':
    case 'end':
    case 'pool':
      return `${named(writer, expression, '')}[${index}]`;
    case 'attend':
    case 'stack':
      return `${named(writer, expression, expression.kind)}[${index}]`;
    case 'product': {
      const operand = stem(operandOf(writer, expression));
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
  }
}

function numberStrength(value: number): Strength {
  return value < 0 ? strength.unary : strength.atom;
}

function bracketed(text: string, own: Strength, least: Strength): string {
  return own < least ? `(${text})` : text;
}
