/** What a table becomes for training. */
import type { Sentence } from '../sentence';
import type { Codec } from './codecs';
import type { Dataset, PartName } from './dataset';
import type { RowRemark } from './remarks';
import type { SeriesSteps } from './series-rows';
import type { SeriesPlan } from './understanding';

export interface EncodeOptions {
  readonly seed: number;
  /** Of so many equal parts this one, from 0, is what is tested with, instead of the share of the split. */
  readonly fold?: { readonly index: number; readonly of: number } | undefined;
}

export interface Encoded {
  readonly dataset: Dataset;
  readonly input: Codec;
  readonly output: Codec;
  /** The row of the table that each example is of; of a series the first row of its steps. */
  readonly examples: Uint32Array;
  /** Of a series: what each row of its channels tells. */
  readonly series: SeriesRows | undefined;
  /** What was left out or cut. */
  readonly notes: readonly Sentence[];
  /** The same, row by row. */
  readonly rows: readonly RowRemark[];
}

/** What each row of a series' channels tells. */
export interface SeriesRows {
  readonly plan: SeriesPlan;
  /** All steps, in the order of their dates. */
  readonly table: SeriesSteps;
  /** Steps `[from, to)` whose values are those of a part. */
  readonly ranges: Readonly<Record<PartName, readonly [from: number, to: number]>>;
  /** The step of the series that each row is, in the order of their dates. */
  readonly steps: Uint32Array;
  /** What is to be told at each step; where it is missing, the last that is known. */
  readonly history: {
    /** Of each output column, `[steps]`. */
    readonly numbers: readonly Float64Array[];
    /** Of an output that is a category; −1 before any is known. */
    readonly symbols: Int32Array | undefined;
  };
  /** Steps, from the first, that are trained on. */
  readonly training: number;
  /** The row of the table whose value is to be told, −1 where there is none. */
  readonly targets: Int32Array;
  /** `[rows, outputs]`: what is to be added to an answer in the data’s own units; undefined: nothing. */
  readonly base: Float64Array | undefined;
}
