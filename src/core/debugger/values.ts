/** The numbers of a debugged step and what is done to them: float64, or float32 rounded after each operation. */
import { evaluateElement, type ElementOperation } from '../graph/elements';

/** Float64 hides what fails in float32; `float32` rounds after each operation (IEEE 754, to nearest). */
export type Precision = 'float64' | 'float32';

/** One value of a vector alone, for a width that nobody has to know: a one-hot token, or none before the first one. */
export interface OneHot {
  /** The token's id; -1: all are zero. */
  readonly hot: number;
  readonly width: number;
  /** What matrices make of it, where they were others when they did. */
  readonly products?: ReadonlyMap<Matrix, Float64Array> | undefined;
}

/** A number fits a vector of any width. */
export type Value = number | Float64Array | OneHot;

/** Row-major `[rows, columns]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export interface Arithmetic {
  readonly precision: Precision;
  /** To the nearest number there is. */
  readonly round: (value: number) => number;
  element(operation: ElementOperation, a: number, b?: number): number;
  /** Matrix times vector, `[rows]`. */
  product(matrix: Matrix, operand: Value): Float64Array;
  /** Transposed matrix times vector, `[columns]`. */
  transposed(matrix: Matrix, gradient: Float64Array): Float64Array;
  /** a ← a + b, `[W]`. */
  add(a: Float64Array, b: Float64Array): void;
  /** gradient ← gradient + g operandᵀ, of `[rows, columns]`. */
  addOuter(gradient: Float64Array, g: Float64Array, operand: Value): void;
}

const exact = (value: number): number => value;
const { fround } = Math;

export function createArithmetic(precision: Precision): Arithmetic {
  const isRounded = precision === 'float32';
  const round = isRounded ? fround : exact;
  return {
    precision,
    round,
    element: isRounded
      ? (operation, a, b) => fround(evaluateElement(operation, a, b))
      : evaluateElement,
    product(matrix, operand) {
      if (isOneHot(operand)) return operand.products?.get(matrix) ?? column(matrix, operand.hot);
      const vector = dense(operand, matrix.columns);
      const out = new Float64Array(matrix.rows);
      for (let r = 0; r < matrix.rows; r++) {
        out[r] = (isRounded ? dotRounded : dot)(matrix, r, vector);
      }
      return out;
    },
    transposed({ rows, columns, values }, gradient) {
      const out = new Float64Array(columns);
      for (let r = 0; r < rows; r++) {
        const g = gradient[r]!;
        if (g === 0) continue;
        const start = r * columns;
        if (isRounded) {
          for (let c = 0; c < columns; c++)
            out[c] = fround(out[c]! + fround(values[start + c]! * g));
        } else for (let c = 0; c < columns; c++) out[c]! += values[start + c]! * g;
      }
      return out;
    },
    add(a, b) {
      for (let i = 0; i < a.length; i++) a[i] = round(a[i]! + b[i]!);
    },
    addOuter(gradient, g, operand) {
      const columns = gradient.length / g.length;
      if (isOneHot(operand)) {
        if (operand.hot < 0) return;
        for (let r = 0; r < g.length; r++) {
          const at = r * columns + operand.hot;
          gradient[at] = round(gradient[at]! + g[r]!);
        }
        return;
      }
      const vector = dense(operand, columns);
      for (let r = 0; r < g.length; r++) {
        const start = r * columns;
        if (isRounded) {
          for (let c = 0; c < columns; c++) {
            gradient[start + c] = fround(gradient[start + c]! + fround(g[r]! * vector[c]!));
          }
        } else for (let c = 0; c < columns; c++) gradient[start + c]! += g[r]! * vector[c]!;
      }
    },
  };
}

function dot({ columns, values }: Matrix, r: number, vector: Float64Array): number {
  const start = r * columns;
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += values[start + c]! * vector[c]!;
  return sum;
}

function dotRounded({ columns, values }: Matrix, r: number, vector: Float64Array): number {
  const start = r * columns;
  let sum = 0;
  for (let c = 0; c < columns; c++) sum = fround(sum + fround(values[start + c]! * vector[c]!));
  return sum;
}

function column({ rows, columns, values }: Matrix, hot: number): Float64Array {
  const out = new Float64Array(rows);
  if (hot >= 0) for (let r = 0; r < rows; r++) out[r] = values[r * columns + hot]!;
  return out;
}

export function isOneHot(value: Value): value is OneHot {
  return typeof value === 'object' && 'hot' in value;
}

/** All values, `[width]`; of a vector itself. */
export function dense(value: Value, width: number): Float64Array {
  if (value instanceof Float64Array) return value;
  const all = new Float64Array(width);
  if (typeof value === 'number') all.fill(value);
  else if (value.hot >= 0) all[value.hot] = 1;
  return all;
}

/** How many values it has; of a number 0. */
export function widthOf(value: Value): number {
  if (typeof value === 'number') return 0;
  return isOneHot(value) ? value.width : value.length;
}
