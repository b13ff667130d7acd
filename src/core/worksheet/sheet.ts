/** Every number of one forward and one backward pass of a small network, as plain data for a page. */

/** Row-major `[rows, columns]`. */
export interface SheetMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** What a parameter is, and what becomes of it. */
export interface SheetParameter extends SheetMatrix {
  /** Qualified: `layer1.W`. */
  readonly name: string;
  readonly symbol: string;
  readonly layer: number;
  /** Whether its columns stand for tokens, or its rows do. */
  readonly tokens: 'columns' | 'rows' | null;
  /** Whether it multiplies values of earlier steps, so that the gain is its. */
  readonly isRecurrent: boolean;
  /** How many times it is read within a time step. */
  readonly uses: number;
  /** ∂E_t/∂ it, the sum over all steps. */
  readonly gradient: Float64Array;
}

/** A value that an equation makes on its way, at all steps. */
export interface SheetRow {
  /** As it is written: `U x[t]`, or `s[t]` where it is the equation's own. */
  readonly text: string;
  /** The whole equation: `s[t] = tanh(U x[t] + W s[t-1] + b)`. */
  readonly equation: string;
  /** From 1; of an output layer that the model adds, the one after the last. */
  readonly layer: number;
  /** `input`: what the first layer reads; `part`: on the way; `variable`: what the equation is for. */
  readonly kind: 'input' | 'part' | 'variable';
  /** The parameter that it is a product with, by its qualified name; null: none. */
  readonly matrix: string | null;
  /** ŷ, or its logits. */
  readonly prediction: 'probabilities' | 'logits' | null;
  readonly isState: boolean;
  readonly width: number;
  /** By time step, `[T]` of `[W]`. */
  readonly values: readonly Float64Array[];
  /** ∂E_t/∂ it by time step, up to t; empty where nothing flows back through it. */
  readonly gradients: readonly Float64Array[];
}

/** How the whole state S depends on that of the step before, and what that makes of a gradient from t on. */
export interface SheetJacobian {
  /** Of this step, from 0: ∂S[step]/∂S[step-1]. */
  readonly step: number;
  readonly matrix: SheetMatrix;
  /** ‖·‖₂, and the greatest modulus of an eigenvalue. */
  readonly norm: number;
  readonly radius: number;
  /** ∂S[t]/∂S[step-1], the product of all from t down to this one. */
  readonly product: SheetMatrix;
  readonly productNorm: number;
  /** Greatest difference of an entry from its central difference; NaN where there is no earlier step to change. */
  readonly error: number;
}

/** A product of two vectors that a step adds to the gradient of a matrix; of a bias the gradient alone. */
export interface SheetFactor {
  readonly gradient: Float64Array;
  /** Empty: of a bias. */
  readonly operand: Float64Array;
}

/** ∂E_t/∂ the chosen parameter as the sum of what each step adds. */
export interface SheetTerms {
  /** Qualified. */
  readonly parameter: string;
  /** By step from 0 to t, `[rows, columns]`. */
  readonly terms: readonly Float64Array[];
  readonly factors: readonly (readonly SheetFactor[])[];
  /** (E(w + ε) − E(w − ε)) / 2ε of each entry. */
  readonly numeric: Float64Array;
  readonly epsilon: number;
  /** Greatest |numeric − gradient|, over the greatest |gradient|. */
  readonly error: number;
}

export type SheetOperation =
  | 'input'
  | 'earlier'
  | 'bias'
  | 'number'
  | 'product'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'function'
  | 'loss';

/** An operation of one time step. */
export interface SheetNode {
  readonly operation: SheetOperation;
  /** What is written in it: `×`, `tanh`, `Wi`, `h[t-1]`. */
  readonly label: string;
  /** The variable that it is the value of: `i[t]`; empty: on the way. */
  readonly defines: string;
  /** Qualified name of the matrix or bias; null: none. */
  readonly parameter: string | null;
  readonly layer: number;
  /** Empty of what has none. */
  readonly values: Float64Array;
}

export interface SheetEdge {
  /** Indices of nodes. */
  readonly from: number;
  readonly to: number;
  readonly values: Float64Array;
  /** ∂E_t/∂ what flows along it; empty: none flows back. */
  readonly gradient: Float64Array;
}

export interface SheetGraph {
  readonly nodes: readonly SheetNode[];
  readonly edges: readonly SheetEdge[];
}

export interface Sheet {
  readonly cell: string;
  readonly equations: readonly string[];
  readonly hidden: number;
  readonly layers: number;
  /** Number of parameters: the same for any number of steps. */
  readonly size: number;
  /** `[T + 1]`: the last is only predicted. */
  readonly tokens: readonly string[];
  readonly ids: readonly number[];
  /** `[C]` */
  readonly vocabulary: readonly string[];
  /** Whose loss is followed, and which earlier step is looked at; both from 0. */
  readonly t: number;
  readonly k: number;
  /** E of each step, nats. */
  readonly losses: Float64Array;
  /** E_t after one more step of gradient descent. */
  readonly lossAfter: number;
  readonly rows: readonly SheetRow[];
  readonly parameters: readonly SheetParameter[];
  readonly terms: SheetTerms;
  /** (ŷ − y) ⊗ s at step t, of the matrix before the softmax; null: there is none. */
  readonly output:
    | (SheetFactor & { readonly parameter: string; readonly term: Float64Array })
    | null;
  /** What the whole state S is made of: `s[t]`, `h[t-1]`, `layer2.h[t]`. */
  readonly state: readonly { readonly name: string; readonly width: number }[];
  /** From step t down to step 1; none of a step without recurrence. */
  readonly jacobians: readonly SheetJacobian[];
  /** Of step k. */
  readonly graph: SheetGraph;
}
