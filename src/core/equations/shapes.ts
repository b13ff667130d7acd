import type { Cell } from './syntax';

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
