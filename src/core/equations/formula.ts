/**
 * Formulas: what derivatives are made of. A vector formula is an expression of the language without
 * places and with a few things more; a matrix formula is a sum of products of Jacobian factors.
 */
import type { BinaryOperator, FunctionName, PoolName, StepDomain } from './syntax';

/**
 * Functions that only derivatives need, all elementwise but the last two.
 * `mask` is what dropout multiplies its argument by; `step` is 1 where its argument is above 0, else 0; `sign` is -1, 0 or 1;
 * `mean` and `std` (the root of the biased variance plus layernorm's 1e-5) make one number of a vector.
 */
export type DerivedFunction = 'mask' | 'step' | 'sign' | 'mean' | 'std';

/** A vector, or a number for a vector of any width. Every `Expression` is one. */
export type Vector =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'bias'; readonly name: string }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly lag: number;
      readonly domain: StepDomain;
    }
  | { readonly kind: 'whole'; readonly name: string }
  | { readonly kind: 'end'; readonly name: string; readonly at: 'first' | 'last' }
  | { readonly kind: 'pool'; readonly pool: PoolName; readonly name: string }
  | ({ readonly kind: 'attend' } & Attention)
  | { readonly kind: 'stack'; readonly parts: readonly Vector[] }
  | { readonly kind: 'product'; readonly matrix: string; readonly operand: Vector }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Vector;
      readonly right: Vector;
    }
  | { readonly kind: 'negate'; readonly operand: Vector }
  | {
      readonly kind: 'call';
      readonly function: FunctionName | DerivedFunction;
      readonly operand: Vector;
    }
  /** Elementwise square. */
  | { readonly kind: 'square'; readonly operand: Vector };

/** What attention compares and sums: names of sequences, and of the score vector if it has one. */
export interface Attention {
  readonly query: Vector;
  readonly keys: { readonly name: string };
  readonly values: { readonly name: string };
  readonly score: { readonly name: string } | undefined;
  readonly domain: StepDomain;
}

/** A factor of a Jacobian. */
export type Factor =
  /** diag(v); of what is one number c for all entries (see `isScalarVector`): c I. */
  | { readonly kind: 'diagonal'; readonly vector: Vector }
  | { readonly kind: 'matrix'; readonly name: string }
  /** The Jacobian of softmax, diag(p) - p pᵀ, where p is its value. */
  | { readonly kind: 'softmax'; readonly output: Vector }
  /** I - (1 1ᵀ + l lᵀ) / n: the Jacobian of l = layernorm(a) but for 1 / std(a); n is its width. */
  | { readonly kind: 'layernorm'; readonly output: Vector }
  /** uᵀ ⊗ I: the Jacobian of M u by vec(M), M's columns one below the other. Always last in a term. */
  | { readonly kind: 'operand'; readonly vector: Vector }
  /** One Jacobian below the other, that of a stack; a part that is zero has as many rows as its value has entries. */
  | {
      readonly kind: 'stack';
      readonly parts: readonly Formula[];
      readonly values: readonly Vector[];
    }
  /**
   * The Jacobian of attention by its query, Σ_t α[t] (s[t] - a) k[t]ᵀ with the weights α and the value a; with a score
   * vector v, v * (1 - tanh(q + k[t])²) stands for k[t]; by v, tanh(q + k[t]) does.
   */
  | {
      readonly kind: 'attention';
      readonly of: 'query' | 'score';
      readonly attention: Attention;
      readonly output: Vector;
    }
  /** The derivative of `of` by `by`, both of this step, where writing it out would be too long. */
  | { readonly kind: 'derivative'; readonly of: Vector; readonly by: Vector }
  | { readonly kind: 'sum'; readonly terms: Formula };

/** A product of factors, from left to right; of none, the identity. */
export interface Term {
  readonly negative: boolean;
  readonly factors: readonly Factor[];
}

/** A matrix: the sum of its terms; of none, zero. */
export type Formula = readonly Term[];

/** Whether a formula is one number rather than a vector. */
export function isScalarVector(vector: Vector): boolean {
  switch (vector.kind) {
    case 'number':
      return true;
    case 'binary':
      return isScalarVector(vector.left) && isScalarVector(vector.right);
    case 'negate':
    case 'square':
      return isScalarVector(vector.operand);
    case 'call':
      return ['mean', 'std'].includes(vector.function) || isScalarVector(vector.operand);
    default:
      return false;
  }
}
