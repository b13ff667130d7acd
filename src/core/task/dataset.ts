/** Examples as training reads them: typed arrays, no object an example. */

/** Ids of symbols, in the smallest array that holds the classes and −1. */
export type Ids = Int8Array | Int16Array | Int32Array;

/** Values of one channel, of all examples one after another. */
export type Values =
  | {
      readonly kind: 'symbols';
      /** Number of classes C. */
      readonly classes: number;
      /** One a row; negative: not known, and no target. */
      readonly ids: Ids;
    }
  | {
      readonly kind: 'numbers';
      readonly width: number;
      /** `[rows, width]` */
      readonly values: Float32Array;
      /** One a row, 0: not known, and no target; undefined: all are known. */
      readonly known?: Uint8Array;
      /** Each is 0 or 1, for one of several labels that a row has or has not. */
      readonly labels?: true;
    };

/** What goes into a model, or should come out of it. */
export interface ChannelData {
  readonly values: Values;
  /** Of a sequence: where each example's rows begin, `[count + 1]`; undefined: an example has one row. */
  readonly starts?: Uint32Array;
}

export const parts = ['train', 'validation', 'test'] as const;
export type PartName = (typeof parts)[number];

/** How the rows of the output lie to those of the input. */
export type Alignment =
  /** `y`: one for the example. */
  | 'one'
  /** `y[t]`: one for each of the input. */
  | 'synced'
  /** `y[u]`: a sequence with a length of its own. */
  | 'delayed';

export interface Dataset {
  readonly count: number;
  readonly input: ChannelData;
  readonly output: ChannelData;
  readonly alignment: Alignment;
  /** Numbers of the examples of each part. */
  readonly parts: Readonly<Record<PartName, Uint32Array>>;
}

/** Number of rows that an example has in a channel. */
export function rowsOf({ starts }: ChannelData, example: number): number {
  return starts === undefined ? 1 : starts[example + 1]! - starts[example]!;
}

/** Number of the row with which an example begins in a channel. */
export function firstRow({ starts }: ChannelData, example: number): number {
  return starts === undefined ? example : starts[example]!;
}
