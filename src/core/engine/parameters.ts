import type { Initial } from '../equations/syntax';
import type { Floats } from './backend';

/** One learnt matrix or vector of a model, and where it lies in the parameter block. */
export interface Parameter {
  /** Qualified name: `layer1.W`, `output.V`, `embedding.E`. */
  readonly name: string;
  /** The name in the equations: `W`. */
  readonly symbol: string;
  readonly kind: 'matrix' | 'vector';
  /** As in the equations: `rows = W columns`; a vector has one column. */
  readonly rows: number;
  readonly columns: number;
  /** Entry (r, c) is at `offset + c · columnStride + r` in the block. */
  readonly offset: number;
  readonly columnStride: number;
  /** Whether its operand is a one-hot token, so that a product picks one column instead of summing over all. */
  readonly readsTokens: boolean;
  /** How it starts; undefined: the default of its kind (see `Initial`). */
  readonly initial: Initial | undefined;
}

/** Shape as exported: `[rows, columns]` or `[rows]`. */
export function shapeOf(parameter: Parameter): number[] {
  return parameter.kind === 'matrix' ? [parameter.rows, parameter.columns] : [parameter.rows];
}

/** Rows and columns of a tile: one is by rows, the other by columns, and both of it are in the cache. */
const tile = 32;

/** Calls with each entry's place in the arena and in a row-major list, tile by tile. */
function eachTile(
  { rows, columns, offset, columnStride }: Parameter,
  copy: (from: number, to: number, count: number) => void,
): void {
  for (let top = 0; top < rows; top += tile) {
    const count = Math.min(tile, rows - top);
    for (let left = 0; left < columns; left += tile) {
      const end = Math.min(columns, left + tile);
      for (let c = left; c < end; c++)
        copy(offset + c * columnStride + top, top * columns + c, count);
    }
  }
}

/**
 * Copies a parameter (or the same place of the gradient or a moment block) out of the arena.
 * @param block offset of the block in the arena
 * @returns row-major `[rows, columns]`
 */
export function readParameter(floats: Floats, block: number, parameter: Parameter): Float64Array {
  const { rows, columns } = parameter;
  const values = new Float64Array(rows * columns);
  eachTile(parameter, (from, to, count) => {
    for (let r = 0; r < count; r++) values[to + r * columns] = floats[block + from + r]!;
  });
  return values;
}

/**
 * Copies row-major `[rows, columns]` values into the arena; tell the backend with `parametersChanged`.
 * @throws RangeError if the number of values is not rows · columns
 */
export function writeParameter(
  floats: Floats,
  block: number,
  parameter: Parameter,
  values: ArrayLike<number>,
): void {
  const { rows, columns, name } = parameter;
  if (values.length !== rows * columns) {
    throw new RangeError(
      `${name} has ${String(rows)}×${String(columns)} entries, not ${String(values.length)}.`,
    );
  }
  eachTile(parameter, (to, from, count) => {
    for (let r = 0; r < count; r++) floats[block + to + r] = values[from + r * columns]!;
  });
}

/** Number of learnt values. */
export function parameterCount(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, p) => sum + p.rows * p.columns, 0);
}
