/**
 * The abstract syntax of a cell: what the parser makes of a `.rnn` text and what
 * everything else (shapes, step graph, printing) reads.
 */

/** A place in the source text; line and column count from 1, in UTF-16 units. */
export interface Span {
  readonly line: number;
  readonly column: number;
  /** Offsets from 0 into the source: `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** The functions of the language; softmax and layernorm act on a whole vector, the others elementwise. */
export const functionNames = [
  'tanh',
  'sigmoid',
  'relu',
  'exp',
  'log',
  'softplus',
  'sqrt',
  'abs',
  'softmax',
  'layernorm',
] as const;
export type FunctionName = (typeof functionNames)[number];

export type BinaryOperator = '+' | '-' | '*' | '/';

/** An expression; every node carries the place it was written at. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  /** A bias: a lowercase name without a time index, a learnt vector. */
  | { readonly kind: 'bias'; readonly name: string; readonly span: Span }
  /** `name[t]` (lag 0) or `name[t-k]` (lag k). `x` is the cell's input. */
  | { readonly kind: 'variable'; readonly name: string; readonly lag: number; readonly span: Span }
  /** Juxtaposition: a learnt matrix times a vector. */
  | {
      readonly kind: 'product';
      readonly matrix: string;
      readonly matrixSpan: Span;
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'negate'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'call';
      readonly function: FunctionName;
      readonly operand: Expression;
      readonly span: Span;
    };

/** `name[t] = expression`. */
export interface Equation {
  readonly name: string;
  readonly nameSpan: Span;
  readonly expression: Expression;
  readonly span: Span;
}

/**
 * How a parameter starts, or a state before the first step.
 * What no `init` line mentions starts as training/initialise.ts says; a state, at zero.
 */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  /** Entries uniform in [-scale, scale]. */
  | { readonly kind: 'uniform'; readonly scale: number }
  /** Entries normal with mean 0 and standard deviation `scale`. */
  | { readonly kind: 'normal'; readonly scale: number }
  /** A random orthogonal matrix times `scale` (Saxe et al. 2014). */
  | { readonly kind: 'orthogonal'; readonly scale: number }
  /** The identity times `scale` (IRNN, Le et al. 2015). */
  | { readonly kind: 'identity'; readonly scale: number };

/** The starts that are written as calls: `init W = uniform(0.1)`. */
export const startNames = [
  'uniform',
  'normal',
  'orthogonal',
  'identity',
] as const satisfies readonly Initial['kind'][];

/** The size of a vector: a number, or a multiple of one of the model's own sizes. */
export type Size =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'hidden'; readonly factor: number };

/** A cell as written: its equations in order and its directives. */
export interface Cell {
  /** The name it is known by, e.g. `lstm` or the file's base name. */
  readonly name: string;
  /** The source text it was parsed from, unchanged. */
  readonly source: string;
  readonly equations: readonly Equation[];
  /** `init name = …` of parameters and states. */
  readonly initials: ReadonlyMap<string, { readonly initial: Initial; readonly span: Span }>;
  /** `size name = …` of variables. */
  readonly sizes: ReadonlyMap<string, { readonly size: Size; readonly span: Span }>;
  /** The variable that is the cell's output: `output name`, or the last equation's left side other than an own prediction `y`. */
  readonly output: string;
}

/** The name of a variable that, defined as `softmax(…)` of vocabulary size, is the model's own output layer. */
export const predictionName = 'y';
/** The name of the cell's input. */
export const inputName = 'x';

/**
 * The equation `y[t] = softmax(…)`, with which a cell brings an output layer of its own.
 * A `y` that is defined otherwise is a variable like any other.
 */
export function ownPredictionOf(equations: readonly Equation[]): Equation | undefined {
  return equations.find(
    ({ name, expression }) =>
      name === predictionName && expression.kind === 'call' && expression.function === 'softmax',
  );
}

/** The last left side other than a prediction of the cell's own. */
export function defaultOutput(equations: readonly Equation[]): string | undefined {
  const own = ownPredictionOf(equations);
  return equations.findLast((equation) => equation.name !== own?.name)?.name;
}
