/** What a layer's class is, whether its code is made of equations or is PyTorch's own. */
import type { Cell } from '../../equations/syntax';
import type { CarriedState } from './expressions';

/** Where a layer stands in a model. */
export interface LayerPlace {
  readonly cell: Cell;
  /** From 1. */
  readonly number: number;
  /** Width of the layer's input. */
  readonly input: number;
  /** Whether the input are tokens, which stand for their one-hot vectors. */
  readonly readsTokens: boolean;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly top: boolean;
}

/** A learnt matrix or vector, and the attribute that has it: whole, or some of its rows. */
export interface LayerParameter {
  readonly symbol: string;
  readonly attribute: string;
  readonly shape: readonly number[];
  /** The first of its rows there; 0 unless said otherwise. */
  readonly first?: number;
}

export interface LayerClass {
  /** The lines of `forward`. */
  readonly body: string;
  readonly equations: readonly string[];
  readonly parameters: readonly LayerParameter[];
  readonly states: readonly CarriedState[];
  /** Width of the cell's output, the next layer's input. */
  readonly output: number;
  readonly usesLike: boolean;
  /** What is used of sequences.py. */
  readonly imports: ReadonlySet<string>;
  /** Whether it returns the logits of the cell's own output layer rather than the cell's output. */
  readonly givesLogits: boolean;
  /** Lines of the constructor, where it does not declare parameters one by one. */
  readonly constructorLines?: readonly string[];
}
