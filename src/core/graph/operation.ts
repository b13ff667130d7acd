import type { ElementOperation } from './elements';

/**
 * What a node has a row for: each example once, each step of the source, or each step of the answer. A node that reads
 * one of `example` from within a sequence reads the same row at every step.
 */
export type Domain = 'example' | 't' | 'u';

/** What `y` is to be: one of C symbols (cross-entropy), any of C (Bernoulli), numbers (half the squared error). */
export type Response = 'softmax' | 'sigmoid' | 'none';

/** Steps of an example: all, the first `n`, or for -n the last `n`; all those there are where it has fewer. */
export type Span = 'all' | number;

/** A stack of matrices, or of those columns of them that meet one part of a stacked vector. */
export interface Matrices {
  readonly matrices: readonly string[];
  /** The first column that meets the operand, where it is not all of them. */
  readonly from?: number;
}

export type Operation =
  /** The input token as a one-hot vector; its products become gathers. */
  | { readonly kind: 'onehot' }
  /** Numbers that are given: the input `x`, or what `y` should be. */
  | { readonly kind: 'numbers'; readonly channel: 'input' | 'target' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'vector'; readonly parameter: string }
  /**
   * The input's value `lag` steps ago, of a negative lag that many steps later; where the example has no such step,
   * `initial`, or the row of the second input.
   */
  | { readonly kind: 'delay'; readonly lag: number; readonly initial: number }
  /** The input's value `lag` steps later, of a negative lag earlier; zero past the end: what truncated BPTT truncates. */
  | { readonly kind: 'advance'; readonly lag: number }
  /** Matrix times vector; `matrices` are stacked, their results lie one after the other, each padded. */
  | ({ readonly kind: 'product' } & Matrices)
  /** Transposed matrix times vector, for the same stack. */
  | ({ readonly kind: 'transposed product' } & Matrices)
  /** `width` values of a stack from (padded) position `start`. */
  | { readonly kind: 'slice'; readonly start: number }
  /** The inputs one after the other, each padded. */
  | { readonly kind: 'concat' }
  /** The inputs one after the other without gaps: `[a; b]`. */
  | { readonly kind: 'join' }
  /** `width` values of a join from position `start`. */
  | { readonly kind: 'part'; readonly start: number }
  | { readonly kind: 'element'; readonly operation: ElementOperation }
  | { readonly kind: 'softmax' }
  /** Inputs: softmax's output, incoming gradient. */
  | { readonly kind: 'softmax gradient' }
  | { readonly kind: 'layernorm' }
  /** Inputs: layernorm's input, its output, incoming gradient. */
  | { readonly kind: 'layernorm gradient' }
  | { readonly kind: 'mask'; readonly rate: number; readonly stream: number }
  | StepOperation
  | AttentionOperation
  /** Loss of the prediction before its response against the target: a sink. Inputs: logits, the target where it is numbers. */
  | { readonly kind: 'loss'; readonly response?: Response }
  | { readonly kind: 'loss gradient'; readonly response?: Response }
  /** Gradient of a stack: Σ gradient operandᵀ. Inputs: operand, gradient. A sink. */
  | ({ readonly kind: 'outer' } & Matrices)
  /** Gradient of a vector. A sink. */
  | { readonly kind: 'sum'; readonly parameter: string };

/** Between a sequence and what stands once for an example. */
export type StepOperation =
  /** Σ over the span's steps, one row an example; of one step: the first or the last. */
  | { readonly kind: 'step sum'; readonly span: Span }
  /** The adjoint of `step sum`: the example's row at the span's steps, zero at others. */
  | { readonly kind: 'spread'; readonly span: Span }
  /** Divided by the number of the example's steps. */
  | { readonly kind: 'per step'; readonly axis: Domain }
  /** For each value the first step at which it is largest, counted from 0, one row an example. */
  | { readonly kind: 'argmax' }
  /** Inputs: a sequence, steps as `argmax` gives them. Each value from its step. */
  | { readonly kind: 'pick' }
  /** The adjoint of `pick`. Inputs: steps, the gradient by what was picked. */
  | { readonly kind: 'unpick' };

/** Rows of scores or weights `[steps of the memory]` for each row of the query; zero past the example's last step. */
export type AttentionOperation =
  /** Inputs: query q, keys k. q·k[t]. */
  | { readonly kind: 'dot' }
  /** Inputs: query q, keys k, vector v. v·tanh(q + k[t]). */
  | { readonly kind: 'additive' }
  /** Softmax over the example's steps. */
  | { readonly kind: 'step softmax'; readonly axis: Domain }
  /** Inputs: weights w, values s. Σ_t w[t] s[t]. */
  | { readonly kind: 'mix' }
  /** The adjoint of `mix` by its values. Inputs: weights w, gradient g. At t: Σ over the query's rows w[t] g. */
  | { readonly kind: 'unmix' }
  /**
   * The adjoint of `additive`. Inputs: query, keys, vector, gradient by the scores. With e = d[t] v (1 - tanh²(q + k[t])):
   * by the query Σ_t e, by the keys Σ over the query's rows e, by the vector Σ_t d[t] tanh(q + k[t]).
   */
  | { readonly kind: 'additive gradient'; readonly by: 'query' | 'keys' | 'vector' };

/** Whether an edge from a node to this one's inputs crosses to another time step. */
export function crossesTime(operation: Operation): boolean {
  return operation.kind === 'delay' || operation.kind === 'advance';
}

/** Whether every row reads many steps of the input `index`, which so must all be there before. */
export function readsAllSteps(operation: Operation, index: number): boolean {
  switch (operation.kind) {
    case 'step sum':
    case 'argmax':
    case 'unmix':
      return true;
    case 'pick':
      return index === 0;
    case 'dot':
    case 'additive':
    case 'mix':
      return index === 1;
    case 'additive gradient':
      return operation.by === 'keys' ? index !== 1 : index === 1;
    default:
      return false;
  }
}
