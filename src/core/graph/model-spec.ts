import type { Cell } from '../equations/syntax';

/** What a model is, apart from its numbers. */
export interface ModelSpec {
  readonly cell: Cell;
  readonly hidden: number;
  readonly layers: number;
  /** Number of tokens C. */
  readonly vocabulary: number;
  /** Width of a learnt embedding of the input tokens; 0: one-hot input. */
  readonly embedding: number;
  /** Probability of dropping a value between layers and before the output layer, while training. */
  readonly dropout: number;
}
