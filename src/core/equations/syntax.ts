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

/**
 * What a value belongs to: one vector for the whole example (`h`), one for each step of the source (`h[t]`), or
 * one for each step of an answer with a length of its own (`h[u]`). Where a text has a single letter, that letter
 * means whatever sequence there is.
 */
export type Domain = 'example' | StepDomain;
/** The letter of a step: of the source, or of the answer. */
export type StepDomain = 't' | 'u';

/** The functions whose names are taken; softmax and layernorm act on a whole vector, the others elementwise. */
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

/** Functions that are such only before a bracket: elsewhere their names are free. */
export const namedBeforeBrackets = ['dropout', 'mean', 'max', 'attend'] as const;
export type PoolName = 'mean' | 'max';

/** What a `call` may call. `dropout` drops entries in training, at the model's rate, and scales the others up. */
export type FunctionName = (typeof functionNames)[number] | 'dropout';

export type BinaryOperator = '+' | '-' | '*' | '/';

/** An expression; every node carries the place it was written at. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  /** A bias: a lowercase name without an index that no equation defines, a learnt vector. */
  | { readonly kind: 'bias'; readonly name: string; readonly span: Span }
  /**
   * `name[t]` (lag 0), `name[t-k]` (lag k) or `name[t+k]` (lag -k), or the same with `u`. `x[t]` is the input, and
   * `x[u]` beside it (or beside `x`) the answer one step before.
   */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly lag: number;
      readonly domain: StepDomain;
      readonly span: Span;
    }
  /** A variable without an index, one vector for the example; `x` is the vector given. */
  | { readonly kind: 'whole'; readonly name: string; readonly span: Span }
  /** `name[1]` or `name[T]`: the value at the first or last step of each example. */
  | {
      readonly kind: 'end';
      readonly name: string;
      readonly at: 'first' | 'last';
      /** Of the variable. */
      readonly domain: StepDomain;
      readonly span: Span;
    }
  /** `mean(name)` or `max(name)`: over all steps of each example, entry by entry. */
  | {
      readonly kind: 'pool';
      readonly pool: PoolName;
      readonly name: string;
      readonly nameSpan: Span;
      /** Of the variable. */
      readonly domain: StepDomain;
      readonly span: Span;
    }
  /**
   * `attend(query, keys, values)`: Σ_t softmax_t(query · keys[t]) values[t]; with a score vector v the scores are
   * v · tanh(query + keys[t]).
   */
  | {
      readonly kind: 'attend';
      readonly query: Expression;
      readonly keys: SequenceName;
      readonly values: SequenceName;
      readonly score: { readonly name: string; readonly span: Span } | undefined;
      /** Of keys and values. */
      readonly domain: StepDomain;
      readonly span: Span;
    }
  /** `[a; b]`: one vector below the other. */
  | { readonly kind: 'stack'; readonly parts: readonly Expression[]; readonly span: Span }
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

/** A variable that is read over all its steps: `s` in `attend(q, s)`. */
export interface SequenceName {
  readonly name: string;
  readonly span: Span;
}

/** `name[t] = expression`, `name[u] = expression` or `name = expression`. */
export interface Equation {
  readonly name: string;
  readonly nameSpan: Span;
  readonly domain: Domain;
  readonly expression: Expression;
  readonly span: Span;
  /** The application that the equation is a part of, where nobody wrote it: its places are the application's. */
  readonly application?: Application;
}

/** `h[t] = gru(x[t], h[t-1])`: a cell by its name, whose equations stand in its place with names such as `h.z`. */
export interface Application {
  /** The built-in cell's name: `gru`. */
  readonly cell: string;
  readonly cellSpan: Span;
  /** The left side. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly domain: StepDomain;
  readonly input: Expression;
  /** What the cell was before: `h[t-1]`. */
  readonly state: Expression;
  readonly span: Span;
}

/** `init name = expression`: what stands before the first step (for `[t+k]` after the last one). */
export interface Start {
  /** Of unindexed values only; a bare bias is a learnt start. */
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
  /** `init name = EXPRESSION` of states. */
  readonly starts: ReadonlyMap<string, Start>;
  /** `size name = …` of variables. */
  readonly sizes: ReadonlyMap<string, { readonly size: Size; readonly span: Span }>;
  /** The variable that is the cell's output: `output name`, or the last equation's left side other than an own prediction `y`. */
  readonly output: string;
}

/** The name of a variable that, defined as `softmax(…)` of vocabulary size, is the model's own output layer. */
export const predictionName = 'y';
/** The name of the cell's input. */
export const inputName = 'x';

/** All expressions of a cell: of its equations, then of its starts. */
export function expressionsOf(cell: Pick<Cell, 'equations' | 'starts'>): readonly Expression[] {
  return [...cell.equations, ...cell.starts.values()].map(({ expression }) => expression);
}

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
