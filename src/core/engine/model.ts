import type { Cell } from '../equations/syntax';
import type { Parameter } from './parameters';

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

/** What a program is compiled for. */
export type Mode =
  /** Forward, loss, backward; keeps only what training needs. */
  | 'train'
  /** Forward and loss, no dropout. */
  | 'evaluate'
  /** Like `train` without dropout, keeping every named variable and the loss's gradient by it. */
  | 'inspect';

/** A model's parameters, and how programs for it are laid out. */
export interface Model {
  readonly spec: ModelSpec;
  readonly parameters: readonly Parameter[];
}
