/** Expressions of the language as PyTorch: of all steps of a sequence at once, `[T, B, W]`, or of one step, `[B, W]`. */
import { operatorStrength, strength, tighter, type Strength } from '../../equations/notation';
import { isScalar, visit } from '../../equations/names';
import { printExpression } from '../../equations/print';
import type { CellShapes } from '../../equations/shapes';
import { inputName, type Expression, type FunctionName } from '../../equations/syntax';
import { evaluateElement, type ElementOperation } from '../../graph/elements';
import type { Names } from './names';

/** Where a line of code stands: computed for all steps at once, or within the loop over them. */
export type Mode = 'sequence' | 'step';

/** What the code carries from one sequence to the next. */
export interface CarriedState {
  /** Within the layer: `h`, `x`, or `U x` of a matrix that tokens pick columns of. */
  readonly key: string;
  readonly lag: number;
  readonly width: number;
  readonly initial: number;
}

/** What writing a layer's expressions needs, and what it has come to. */
export interface Writer {
  readonly shapes: CellShapes;
  readonly name: Names;
  /** What the code calls variables and parameters. */
  readonly symbols: ReadonlyMap<string, string>;
  /** Whether `x` are tokens, which stand for their one-hot vectors. */
  readonly readsTokens: boolean;
  /** The variables of the loop. */
  readonly inLoop: ReadonlySet<string>;
  /** Lines of the function that stand outside of a loop, in their order; new ones come at the end. */
  readonly lines: string[];
  /** Lines at the beginning of a step. */
  readonly begin: string[];
  /** What has a name already, by its text in the equations and its mode. */
  readonly known: Map<string, string>;
  readonly states: Map<string, CarriedState>;
  readonly initialOf: (variable: string) => number;
  readonly used: Set<string>;
}

const indent = ' '.repeat(8);
const inner = ' '.repeat(12);

type Variable = Extract<Expression, { readonly kind: 'variable' }>;
type Product = Extract<Expression, { readonly kind: 'product' }>;

/** The code of a vector; of what is the same everywhere it may have no axis but the vector's own, or be a number. */
export function codeOf(
  writer: Writer,
  expression: Expression,
  mode: Mode,
  least: Strength = strength.sum,
): string {
  if (isScalar(expression)) {
    const value = scalarOf(expression);
    return bracketed(numberText(value), value < 0 ? strength.unary : strength.atom, least);
  }
  switch (expression.kind) {
    case 'bias':
      return writer.symbols.get(expression.name)!;
    case 'variable':
      return variableCode(writer, expression, mode);
    case 'product':
      return productCode(writer, expression, mode);
    case 'stack': {
      writer.used.add('stacked');
      const parts = expression.parts.map((part) => codeOf(writer, part, mode));
      return `stacked(${parts.join(', ')})`;
    }
    case 'negate': {
      const operand = codeOf(writer, expression.operand, mode, strength.unary);
      return bracketed(`-${operand}`, strength.unary, least);
    }
    case 'call':
      return callCode(writer, expression, mode);
    case 'binary': {
      const own = operatorStrength[expression.operator];
      const left = codeOf(writer, expression.left, mode, own);
      const right = codeOf(writer, expression.right, mode, tighter(own));
      return bracketed(`${left} ${expression.operator} ${right}`, own, least);
    }
    default:
      throw new Error(`A layer of a text has no ${expression.kind}.`);
  }
}

function bracketed(text: string, own: Strength, least: Strength): string {
  return own < least ? `(${text})` : text;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : '-float("inf")';
  return String(value);
}

function scalarOf(expression: Expression): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'negate':
      return -scalarOf(expression.operand);
    case 'binary': {
      const operation = ({ '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' } as const)[
        expression.operator
      ];
      return evaluateElement(operation, scalarOf(expression.left), scalarOf(expression.right));
    }
    case 'call':
      return evaluateElement(expression.function as ElementOperation, scalarOf(expression.operand));
    default:
      throw new Error(`${expression.kind} is no number.`);
  }
}

/** Whether it is the same at every step: made of learnt vectors and numbers alone. */
export function isFlat(expression: Expression): boolean {
  let flat = true;
  visit(expression, ({ kind }) => (flat &&= kind !== 'variable'));
  return flat;
}

/** Whether all of it is there before the loop. */
function isOutside({ inLoop }: Writer, expression: Expression): boolean {
  let outside = true;
  visit(expression, (node) => {
    if (node.kind === 'variable') outside &&= !inLoop.has(node.name);
  });
  return outside;
}

/** Gives something a name, in a line of its own, unless it has one. */
function named(
  { known, lines, name }: Writer,
  key: string,
  wanted: string,
  value: () => string,
): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  const code = value();
  const given = name(wanted);
  known.set(key, given);
  lines.push(`${indent}${given} = ${code}`);
  return given;
}

/** The row of a sequence that belongs to the step. */
function rowOf(writer: Writer, key: string, wanted: string, sequence: () => string): string {
  return `${named(writer, `rows of ${key}`, wanted, () => `${sequence()}.unbind()`)}[t]`;
}

function variableCode(writer: Writer, expression: Variable, mode: Mode): string {
  const { name, lag } = expression;
  const { symbols, inLoop, begin, known, readsTokens } = writer;
  const symbol = symbols.get(name)!;
  const text = printExpression(expression);
  if (name !== inputName && inLoop.has(name) && mode === 'step') {
    if (lag === 0) return symbol;
    const found = known.get(text);
    if (found !== undefined) return found;
    remember(writer, name, lag, writer.shapes.variables.get(name)!, writer.initialOf(name));
    const given = writer.name(`${symbol}_${String(lag)}`);
    known.set(text, given);
    begin.push(`${inner}${given} = ${known.get(`steps of ${name}`)!}[-${String(lag)}]`);
    return given;
  }
  const sequence = () => {
    const now = name === inputName && readsTokens ? oneHotInput(writer) : symbol;
    if (lag === 0) return now;
    const width = writer.shapes.variables.get(name)!;
    const initial = writer.initialOf(name);
    return delayedCode(writer, { key: name, lag, width, initial }, now, `${symbol}_${String(lag)}`);
  };
  if (mode === 'sequence') return sequence();
  return rowOf(writer, text, `${symbol}${lag === 0 ? '' : `_${String(lag)}`}_t`, sequence);
}

function oneHotInput(writer: Writer): string {
  writer.used.add('one_hot');
  const width = String(writer.shapes.variables.get(inputName)!);
  return named(writer, 'one-hot', 'x_one_hot', () => `one_hot(x, ${width}, self.like)`);
}

/** A sequence some steps earlier. */
function delayedCode(writer: Writer, state: CarriedState, now: string, wanted: string): string {
  const { key, lag, width, initial } = state;
  remember(writer, key, lag, width, initial);
  writer.used.add('delayed');
  return named(
    writer,
    `${key} ${String(lag)} earlier`,
    wanted,
    () => `delayed(${now}, ${stateCode(key)}, ${String(lag)})`,
  );
}

/** A state before the sequence. */
export function stateCode(key: string): string {
  return `state[f"{self.place}.${key}"]`;
}

function remember(
  { states }: Writer,
  key: string,
  lag: number,
  width: number,
  initial: number,
): void {
  states.set(key, { key, width, initial, lag: Math.max(lag, states.get(key)?.lag ?? 0) });
}

function productCode(writer: Writer, expression: Product, mode: Mode): string {
  const { matrix, operand } = expression;
  const { symbols, readsTokens } = writer;
  const symbol = symbols.get(matrix)!;
  const isToken = readsTokens && operand.kind === 'variable' && operand.name === inputName;
  const wanted = `${symbol.replace(/^self\./, '')}_${nameOf(operand)}`;
  const sequence = (): string => {
    if (!isToken) return `F.linear(${operandCode(writer, expression, 'sequence')}, ${symbol})`;
    writer.used.add('columns');
    const columns = `columns(${symbol}, x)`;
    if (operand.lag === 0) return columns;
    // The product is what is delayed, as RNN Lab has it: of the matrix as it was at that step.
    const key = `${matrix} x`;
    const now = named(writer, `all of ${key}`, `${wanted}_now`, () => columns);
    const [rows] = writer.shapes.matrices.get(matrix)!;
    const initial = writer.initialOf(inputName);
    return delayedCode(
      writer,
      { key, lag: operand.lag, width: rows, initial },
      now,
      `${wanted}_${String(operand.lag)}`,
    );
  };
  if (mode === 'sequence') return sequence();
  if (isOutside(writer, operand) && !isFlat(operand)) {
    return rowOf(writer, printExpression(expression), wanted, sequence);
  }
  return `F.linear(${operandCode(writer, expression, 'step')}, ${symbol})`;
}

function operandCode(writer: Writer, { matrix, operand }: Product, mode: Mode): string {
  if (!isScalar(operand)) return codeOf(writer, operand, mode);
  const [, width] = writer.shapes.matrices.get(matrix)!;
  const symbol = writer.symbols.get(matrix)!;
  return `${symbol}.new_full((${String(width)},), ${codeOf(writer, operand, mode)})`;
}

/** A short name for what a matrix is applied to. */
function nameOf(operand: Expression): string {
  if (operand.kind !== 'variable') return operand.kind === 'bias' ? operand.name : 'of';
  return operand.lag > 0 ? `${operand.name}_${String(operand.lag)}` : operand.name;
}

const functions: Readonly<Record<Exclude<FunctionName, 'dropout'>, string>> = {
  tanh: 'torch.tanh',
  sigmoid: 'torch.sigmoid',
  relu: 'torch.relu',
  exp: 'torch.exp',
  log: 'torch.log',
  softplus: 'softplus',
  sqrt: 'torch.sqrt',
  abs: 'torch.abs',
  softmax: 'torch.softmax',
  layernorm: 'layer_norm',
};

function callCode(
  writer: Writer,
  expression: Extract<Expression, { readonly kind: 'call' }>,
  mode: Mode,
): string {
  const { operand } = expression;
  if (expression.function === 'dropout') throw new Error('A layer of a text drops nothing itself.');
  const name = functions[expression.function];
  if (!name.startsWith('torch.')) writer.used.add(name);
  const more = expression.function === 'softmax' ? ', -1' : '';
  return `${name}(${codeOf(writer, operand, mode)}${more})`;
}

function likeCode({ used }: Writer): string {
  used.add('like');
  return 'self.like';
}

/** A vector of the whole sequence, also of what is the same everywhere. */
export function spreadCode(writer: Writer, expression: Expression, width: number): string {
  const code = codeOf(writer, expression, 'sequence');
  if (!isFlat(expression)) return code;
  writer.used.add('everywhere');
  return `everywhere(${code}, steps, batch, ${String(width)}, ${likeCode(writer)})`;
}
