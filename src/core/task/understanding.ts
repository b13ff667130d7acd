/** What is understood of a table: which columns go in and come out, and what kind of task that makes. */
import type { TokenizerName } from '../data/kinds';
import type { FormatName, SplitKind } from '../tables/kinds';
import type { ModelShape } from '../model-shapes';
import type { Sentence } from '../sentence';
import type { Comma, DateOrder } from './cells';
import type { Alignment } from './dataset';

/** What the cells of a column are. */
export const columnTypes = {
  text: 'a text, read symbol by symbol',
  sequence: 'symbols separated by spaces, or a list: words, tags, phonemes',
  category: 'one of a few names',
  labels: 'any number of names, separated by commas, or a list',
  number: 'a number',
  numbers: 'a list of numbers, one a step',
  date: 'a date or a time: the order of the rows',
  image: 'a picture',
  unused: 'not read',
} as const;
export type ColumnType = keyof typeof columnTypes;

/** A column that is used. */
export interface UsedColumn {
  readonly name: string;
  /** Its place in the table. */
  readonly index: number;
  readonly type: ColumnType;
  /** Of numbers. */
  readonly comma: Comma;
  /** Of dates. */
  readonly order: DateOrder;
}

export interface SplitPlan {
  readonly kind: SplitKind;
  /** Shares of the rows, each 0 to below 1. */
  readonly validation: number;
  readonly test: number;
  /** The column whose date orders the rows, or that says which part a row is in. */
  readonly by: UsedColumn | undefined;
  /** Columns of the month, day and hour where the date is in several. */
  readonly finer: readonly UsedColumn[];
  /** Rows with the same value in it are never on both sides. */
  readonly group: UsedColumn | undefined;
}

/** Of a series: rows in time, of which the next are to be told. */
export interface SeriesPlan {
  /** Steps ahead: y[t] is the value at t + horizon; 0: of the same row, from other columns. */
  readonly horizon: number;
  /** The change from the last known value is learnt instead of the value. */
  readonly difference: boolean;
  /** Steps of a training example. */
  readonly window: number;
  /** Steps of a season, for the seasonal floor. */
  readonly season: number;
  /** Columns that go in and are known in advance: at step t their cells are those of t + horizon. */
  readonly ahead?: readonly string[];
}

export interface ImagePlan {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** `vector`: one row of all pixels; `time`: a row of pixels a step. */
  readonly rows: 'vector' | 'time';
}

/** Plain data: it can be sent, and kept with a run. */
export interface Understanding {
  readonly name: string;
  readonly format: FormatName;
  readonly rows: number;
  readonly inputs: readonly UsedColumn[];
  readonly outputs: readonly UsedColumn[];
  readonly shape: ModelShape;
  readonly alignment: Alignment;
  /** What an output of symbols or numbers is: one of C, any of C, numbers. */
  readonly response: 'softmax' | 'sigmoid' | 'none';
  readonly split: SplitPlan;
  readonly series: SeriesPlan | undefined;
  readonly image: ImagePlan | undefined;
  /** Most steps of a sequence; longer ones are cut, which is counted. */
  readonly longest: number;
  /** Tokenizer of each text column, by name. */
  readonly tokenizers: Readonly<Record<string, TokenizerName>>;
  /** Most words a vocabulary may hold. */
  readonly vocabulary: number;
  /** Different categories of the output, where it has some. */
  readonly classes: number | undefined;
  /** What was guessed or left out, and how to have it otherwise. */
  readonly notes: readonly Sentence[];
}
