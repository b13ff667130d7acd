import { sentence, verbatim, type Sentence } from '../sentence';
import { EquationError } from './errors';
import { printExpression } from './print';
import { lineText } from '../suggest';
import {
  inputName,
  ownPredictionOf,
  type Cell,
  type Equation,
  type Expression,
  type Size,
  type Span,
} from './syntax';
import { knownOf, openWidth, unify, type KnownWidth, type Width } from './widths';

/** The model's sizes that a cell's equations are fitted to. */
export interface ModelSizes {
  /** Width of `x[t]`: the vocabulary for a one-hot input, else the embedding or the layer below. */
  readonly input: number;
  readonly hidden: number;
  /** Number of tokens C, the width of `y[t]`. */
  readonly vocabulary: number;
}

/** What shape inference finds for one cell. */
export interface CellShapes {
  /** Width of each variable (left sides and `x`). */
  readonly variables: ReadonlyMap<string, number>;
  /** Shape `[rows, columns]` of each matrix, as in `rows = W columns`. */
  readonly matrices: ReadonlyMap<string, readonly [number, number]>;
  /** Length of each bias. */
  readonly biases: ReadonlyMap<string, number>;
}

export type InferShapes = (cell: Cell, sizes: ModelSizes) => CellShapes;

/** The widths of one cell while they are being found. */
interface Widths {
  readonly cell: Cell;
  readonly variables: Map<string, Width>;
  readonly matrices: Map<string, { readonly rows: Width; readonly columns: Width }>;
  readonly biases: Map<string, Width>;
  readonly products: AppliedMatrix[];
}

/** A matrix where it is applied: its columns must be as many as its operand is wide. */
interface AppliedMatrix {
  readonly product: Extract<Expression, { kind: 'product' }>;
  readonly operand: Width;
}

/**
 * Finds the shape of everything in a cell by unification: `x` is as wide as the input, an own
 * prediction `y` as the vocabulary, the output as the hidden size unless a `size` line says otherwise;
 * operands of elementwise operators are equally wide; what stays open has the hidden size.
 *
 * @throws EquationError where two widths disagree, with both and their origins
 * @throws RangeError if a size of the model is no whole number of at least 1
 */
export function inferShapes(cell: Cell, sizes: ModelSizes): CellShapes {
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
  };
  seed(widths, sizes);
  for (const equation of cell.equations) fitEquation(equation, widths);
  // Last, when the rows of every matrix are known as well as they can be, for the sake of the message.
  for (const applied of widths.products) fitOperand(applied, widths);

  const sizeOf = (width: Width): number => knownOf(width)?.size ?? sizes.hidden;
  return {
    variables: mapValues(widths.variables, sizeOf),
    matrices: mapValues(
      widths.matrices,
      ({ rows, columns }) => [sizeOf(rows), sizeOf(columns)] as const,
    ),
    biases: mapValues(widths.biases, sizeOf),
  };
}

/** Sets what is known before any equation is read. */
function seed(widths: Widths, sizes: ModelSizes): void {
  const { cell } = widths;
  const set = (name: string, size: number, because: Sentence): void => {
    variableWidth(name, widths).known = { size, because };
  };
  set(inputName, sizes.input, sentence`x is the input`);
  const own = ownPredictionOf(cell.equations);
  if (own) {
    const because = sentence`y is the prediction, as wide as the vocabulary`;
    set(own.name, sizes.vocabulary, because);
  }
  for (const [name, { size, span }] of cell.sizes) {
    const value = resolveSize(name, size, span, sizes.hidden, cell);
    set(name, value, sentence`${lineText(span.line)} gives the size of ${name}`);
  }
  if (!cell.sizes.has(cell.output)) {
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
  const left = { text: `${equation.name}[t]`, width: own };
  const side = { text: printExpression(equation.expression), width: right };
  throw mismatch(left, side, equation.span, widths);
}

/** The width of an expression; undefined for a number, which fits every width. */
function widthOf(expression: Expression, widths: Widths): Width | undefined {
  switch (expression.kind) {
    case 'number':
      return undefined;
    case 'bias':
      return memo(widths.biases, expression.name, openWidth);
    case 'variable':
      return variableWidth(expression.name, widths);
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
