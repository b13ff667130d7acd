import { sentence, verbatim, type Sentence } from '../sentence';
import { EquationError } from './errors';
import { printTarget } from './notation';
import { printExpression } from './print';
import { lineText } from '../suggest';
import {
  inputName,
  ownPredictionOf,
  predictionName,
  type Cell,
  type Equation,
  type Expression,
  type Size,
  type Span,
  type Start,
} from './syntax';
import { areEqual, knownOf, openWidth, unify, type KnownWidth, type Width } from './widths';

/** The sizes of a language model that a cell's equations are fitted to. */
export interface ModelSizes {
  /** Width of `x[t]`: the vocabulary for a one-hot input, else the embedding or the layer below. */
  readonly input: number;
  readonly hidden: number;
  /** Number of tokens C, the width of `y[t]`. */
  readonly vocabulary: number;
}

/** The sizes of a model whose `y` answers examples, by whatever response. */
export interface TaskSizes {
  /** Width of `x`, or of `x[t]`: that of the channel that is given. */
  readonly input: number;
  /** Width of `x[u]`: of the answer one step before, START included where the answer is of symbols. */
  readonly answer: number;
  readonly hidden: number;
  /** Width of `y`, of what the answer's channel is predicted by. */
  readonly output: number;
}

/** What shape inference finds for one cell. */
export interface CellShapes {
  /** Width of each variable (left sides and `x`). */
  readonly variables: ReadonlyMap<string, number>;
  /** Width of `x[u]`, the answer one step before; that of `x` where the answer is the only sequence. */
  readonly answer: number;
  /** Shape `[rows, columns]` of each matrix, as in `rows = W columns`. */
  readonly matrices: ReadonlyMap<string, readonly [number, number]>;
  /** Length of each bias. */
  readonly biases: ReadonlyMap<string, number>;
}

/** The widths of one cell while they are being found. */
interface Widths {
  readonly cell: Cell;
  readonly variables: Map<string, Width>;
  readonly matrices: Map<string, { readonly rows: Width; readonly columns: Width }>;
  readonly biases: Map<string, Width>;
  readonly products: AppliedMatrix[];
  readonly stacks: Stacked[];
  /** Of `x[u]`. */
  readonly answer: Width;
  readonly hidden: number;
}

/** A stack whose width is the sum of its parts'. */
interface Stacked {
  readonly stack: Extract<Expression, { kind: 'stack' }>;
  readonly parts: readonly Width[];
  readonly whole: Width;
}

/** A matrix where it is applied: its columns must be as many as its operand is wide. */
interface AppliedMatrix {
  readonly product: Extract<Expression, { kind: 'product' }>;
  readonly operand: Width;
}

/**
 * Finds the shape of everything in a cell by unification: `x` is as wide as the input, an own
 * prediction `y` as the vocabulary (of a task, any `y` as the answer's channel), the output of a cell as the hidden
 * size unless a `size` line says otherwise; operands of elementwise operators are equally wide; a stack is as wide
 * as its parts together, which it never infers; what stays open has the hidden size.
 *
 * @throws EquationError where two widths disagree, with both and their origins
 * @throws RangeError if a size of the model is no whole number of at least 1
 */
export function inferShapes(cell: Cell, sizes: ModelSizes | TaskSizes): CellShapes {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new RangeError(
        `The ${name} size must be a whole number of at least 1, not ${String(size)}.`,
      );
    }
  }
  const widths: Widths = {
    cell,
    variables: new Map(),
    matrices: new Map(),
    biases: new Map(),
    products: [],
    stacks: [],
    answer: openWidth(),
    hidden: sizes.hidden,
  };
  seed(widths, sizes);
  for (const equation of cell.equations) fitEquation(equation, widths);
  for (const [name, start] of cell.starts) fitStart(name, start, widths);
  fitStacks(widths);
  // Last, when the rows of every matrix are known as well as they can be, for the sake of the message.
  for (const applied of widths.products) fitOperand(applied, widths);

  const sizeOf = (width: Width): number => knownOf(width)?.size ?? sizes.hidden;
  return {
    variables: mapValues(widths.variables, sizeOf),
    answer: sizeOf(widths.answer),
    matrices: mapValues(
      widths.matrices,
      ({ rows, columns }) => [sizeOf(rows), sizeOf(columns)] as const,
    ),
    biases: mapValues(widths.biases, sizeOf),
  };
}

/** Sets what is known before any equation is read. */
function seed(widths: Widths, sizes: ModelSizes | TaskSizes): void {
  const { cell, answer } = widths;
  const set = (name: string, size: number, because: Sentence): void => {
    variableWidth(name, widths).known = { size, because };
  };
  set(inputName, sizes.input, sentence`x is the input`);
  answer.known =
    'answer' in sizes
      ? { size: sizes.answer, because: sentence`x[u] is the answer one step before` }
      : { size: sizes.input, because: sentence`x is the input` };
  const isTask = 'output' in sizes;
  const model = isTask ? cell.equations.find(({ name }) => name === predictionName) : undefined;
  const own = ownPredictionOf(cell.equations);
  if (isTask && model) set(model.name, sizes.output, sentence`y is the answer`);
  if (!isTask && own) {
    const because = sentence`y is the prediction, as wide as the vocabulary`;
    set(own.name, sizes.vocabulary, because);
  }
  for (const [name, { size, span }] of cell.sizes) {
    const value = resolveSize(name, size, span, sizes.hidden, cell);
    set(name, value, sentence`${lineText(span.line)} gives the size of ${name}`);
  }
  if (!model && !cell.sizes.has(cell.output)) {
    const because = sentence`${cell.output} is the output, of the hidden size`;
    set(cell.output, sizes.hidden, because);
  }
}

function resolveSize(name: string, size: Size, span: Span, hidden: number, cell: Cell): number {
  const value = size.kind === 'number' ? size.value : size.factor * hidden;
  // A factor such as 1/3 is not exact in binary.
  const rounded = Math.round(value);
  if (rounded >= 1 && Math.abs(value - rounded) < 1e-9 * rounded) return rounded;
  throw new EquationError(
    sentence`The size of ${name} would be ${Number(value.toPrecision(6))} with a hidden size of ${hidden}.`,
    span,
    sentence`It must be a whole number of at least 1: change the line or the hidden size.`,
    cell.name,
  );
}

function fitEquation(equation: Equation, widths: Widths): void {
  const own = variableWidth(equation.name, widths);
  const right = widthOf(equation.expression, widths);
  if (!right || unify(own, right)) return;
  const left = { text: printTarget(equation.name, equation.domain), width: own };
  const side = { text: printExpression(equation.expression), width: right };
  throw mismatch(left, side, equation.span, widths);
}

function fitStart(name: string, { expression, span }: Start, widths: Widths): void {
  const own = variableWidth(name, widths);
  const right = widthOf(expression, widths);
  if (!right || unify(own, right)) return;
  const side = { text: printExpression(expression), width: right };
  throw mismatch({ text: name, width: own }, side, span, widths);
}

/** Each stack after its parts; where parts are open that no other stack makes, they have the hidden size. */
function fitStacks(widths: Widths): void {
  const left = new Set(widths.stacks);
  while (left.size > 0) {
    const stacks = [...left];
    const isMade = (width: Width): boolean => stacks.some(({ whole }) => areEqual(whole, width));
    const next =
      stacks.find(({ parts }) => parts.every((part) => knownOf(part))) ??
      stacks.find(({ parts }) => parts.every((part) => knownOf(part) ?? !isMade(part))) ??
      stacks[0]!;
    left.delete(next);
    fitStack(next, widths);
  }
}

function fitStack({ stack, parts, whole }: Stacked, widths: Widths): void {
  const because = sentence`the equations leave it open, so it has the hidden size`;
  for (const part of parts) {
    if (!knownOf(part)) unify(part, { parent: undefined, known: { size: widths.hidden, because } });
  }
  const told = parts.map((part) => String(knownOf(part)!.size));
  const size = parts.reduce((sum, part) => sum + knownOf(part)!.size, 0);
  const total: Width = {
    parent: undefined,
    known: { size, because: sentence`it stacks ${verbatim(told.join(' + '))}` },
  };
  if (unify(whole, total)) return;
  const [wanted, given] = [knownOf(whole), knownOf(total)];
  throw new EquationError(
    sentence`${printExpression(stack)} has shape [${sizeText(given)}], but its place has shape [${sizeText(wanted)}].`,
    stack.span,
    sentence`${sizeText(given)} because ${reason(given)}; ${sizeText(wanted)} because ${reason(wanted)}. Change a part, a size line, or put a matrix before the stack.`,
    widths.cell.name,
  );
}

/** The width of an expression; undefined for a number, which fits every width. */
function widthOf(expression: Expression, widths: Widths): Width | undefined {
  switch (expression.kind) {
    case 'number':
      return undefined;
    case 'bias':
      return memo(widths.biases, expression.name, openWidth);
    case 'variable':
      return expression.name === inputName && expression.domain === 'u'
        ? widths.answer
        : variableWidth(expression.name, widths);
    case 'whole':
    case 'end':
    case 'pool':
      return variableWidth(expression.name, widths);
    case 'attend':
      return attendedWidth(expression, widths);
    case 'stack': {
      const parts = expression.parts.map((part) => widthOf(part, widths) ?? openWidth());
      const whole = openWidth();
      widths.stacks.push({ stack: expression, parts, whole });
      return whole;
    }
    case 'negate':
    case 'call':
      return widthOf(expression.operand, widths);
    case 'product': {
      const operand = widthOf(expression.operand, widths);
      if (operand) widths.products.push({ product: expression, operand });
      return matrixWidths(expression.matrix, widths).rows;
    }
    case 'binary': {
      const left = widthOf(expression.left, widths);
      const right = widthOf(expression.right, widths);
      if (!left || !right) return left ?? right;
      if (unify(left, right)) return left;
      throw mismatch(
        { text: printExpression(expression.left), width: left },
        { text: printExpression(expression.right), width: right },
        expression.span,
        widths,
      );
    }
  }
}

/** The width of the values; query, keys and score vector are equally wide. */
function attendedWidth(
  { query, keys, values, score, span }: Extract<Expression, { kind: 'attend' }>,
  widths: Widths,
): Width {
  const compared = { text: keys.name, width: variableWidth(keys.name, widths) };
  const others = [{ text: printExpression(query), width: widthOf(query, widths) }];
  if (score) others.push({ text: score.name, width: memo(widths.biases, score.name, openWidth) });
  for (const { text, width } of others) {
    if (width && !unify(compared.width, width)) {
      throw mismatch({ text, width }, compared, span, widths);
    }
  }
  return variableWidth(values.name, widths);
}

function fitOperand({ product, operand }: AppliedMatrix, widths: Widths): void {
  const { matrix, span } = product;
  const { rows, columns } = matrixWidths(matrix, widths);
  if (unify(columns, operand)) return;
  const text = printExpression(product.operand);
  const [wanted, given] = [knownOf(columns), knownOf(operand)];
  throw new EquationError(
    sentence`${matrix} has shape [${sizeText(knownOf(rows))}, ${sizeText(wanted)}], but ${text} has shape [${sizeText(given)}].`,
    span,
    sentence`${matrix} has ${sizeText(wanted)} columns because ${reason(wanted)}; ${text} is ${sizeText(given)} wide because ${reason(given)}. Use another matrix here, or change a size line.`,
    widths.cell.name,
  );
}

function matrixWidths(name: string, { matrices }: Widths): { rows: Width; columns: Width } {
  return memo(matrices, name, () => ({ rows: openWidth(), columns: openWidth() }));
}

interface Side {
  readonly text: string;
  readonly width: Width;
}

function mismatch(left: Side, right: Side, span: Span, { cell }: Widths): EquationError {
  const [a, b] = [knownOf(left.width), knownOf(right.width)];
  return new EquationError(
    sentence`${left.text} has shape [${sizeText(a)}], but ${right.text} has shape [${sizeText(b)}].`,
    span,
    sentence`${sizeText(a)} because ${reason(a)}; ${sizeText(b)} because ${reason(b)}. A matrix before a vector changes its width, as in W x[t].`,
    cell.name,
  );
}

function sizeText(known: KnownWidth | undefined): Sentence {
  return known ? verbatim(String(known.size)) : sentence`any`;
}

function reason(known: KnownWidth | undefined): Sentence {
  return known?.because ?? sentence`the equations leave it open`;
}

function variableWidth(name: string, { variables }: Widths): Width {
  return memo(variables, name, openWidth);
}

function memo<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function mapValues<A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): Map<string, B> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
