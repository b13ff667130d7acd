/** An example that is gone through, and what is shown of what is read. */
import type { Domain } from '../equations/syntax';
import type { ExamplePlan } from './example-plan';
import type { Arithmetic, Matrix, Value } from './values';

/** What is right at a step of `y`: a symbol, or numbers; undefined: nobody knows. */
export type Target = number | Float64Array | undefined;

/** An example as numbers, and how it is said. */
export interface GivenExample {
  readonly steps: Readonly<Record<Domain, number>>;
  /** What is read at each step: `x[t]`, `x[u]`, or of the whole example `x`. */
  readonly given: Readonly<Partial<Record<Domain, readonly Value[]>>>;
  /** Of each step of `y`. */
  readonly targets: readonly Target[];
  /** How what is read is called, of symbols. */
  readonly tokens: Readonly<Partial<Record<Domain, readonly string[]>>>;
  readonly targetNames: readonly (string | undefined)[];
  symbol(id: number): string;
  /** All that is read as a text, with `[start, end)` of each step one after the other, UTF-16 units. */
  readonly text: string;
  readonly places: Readonly<Partial<Record<Domain, ArrayLike<number>>>>;
  readonly unknown: readonly string[];
}

export interface ExampleMaterial {
  readonly plan: ExamplePlan;
  readonly parameters: ReadonlyMap<string, Matrix>;
  readonly numbers: Arithmetic;
}

/** What is read, as a text, and where in it. */
export interface Shown {
  readonly text: string;
  /** Of each time step `[start, end)` of its token, one after the other, UTF-16 units; `[2 T]`. */
  readonly spans: Int32Array<ArrayBuffer>;
  /** Characters or words that the model does not know. */
  readonly unknown: readonly string[];
}
