/** How the cells of a channel become ids or numbers, and how these are said again. */
import type { TokenizerData } from '../data/tokenizer';
import type { ChannelData } from './dataset';

/** What a number column's numbers become: (value − mean) / deviation. */
export interface Standard {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** What a checkpoint keeps of a channel; `readCodec` makes it one again. */
export type CodecData =
  /** One of some names; a name that is none of them is refused. */
  | { readonly kind: 'category'; readonly column: string; readonly names: readonly string[] }
  /** Any of some names: a row of 0 and 1. */
  | { readonly kind: 'labels'; readonly column: string; readonly names: readonly string[] }
  /** Symbols of a text. */
  | {
      readonly kind: 'text';
      readonly column: string;
      readonly tokenizer: TokenizerData;
      /** White space between words is no token: for a text that is only read. */
      readonly spaces: boolean;
      readonly longest: number;
    }
  /** Whole symbols; id 0 is UNKNOWN if `unknown`. */
  | {
      readonly kind: 'sequence';
      readonly column: string;
      readonly names: readonly string[];
      readonly unknown: boolean;
      readonly longest: number;
    }
  /** A row of numbers: of number columns, of categories one 0/1 a name. */
  | { readonly kind: 'row'; readonly fields: readonly Field[] }
  /** A list of numbers, one a step. */
  | { readonly kind: 'numbers'; readonly standard: Standard; readonly longest: number }
  | {
      readonly kind: 'image';
      readonly column: string;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3;
      readonly rows: 'vector' | 'time';
      /** Of all pixels, 0 … 1. */
      readonly mean: number;
      readonly deviation: number;
    };

/** A column of a row of numbers. */
export type Field =
  | {
      readonly kind: 'number';
      readonly standard: Standard;
      /** A further number says 1 where it is missing. */
      readonly flag: boolean;
    }
  | { readonly kind: 'category'; readonly name: string; readonly names: readonly string[] };

/** A cell as a reader or a user gives it: a text, a list, or a picture's pixels. */
export type Cell =
  | string
  | readonly string[]
  | {
      readonly width: number;
      readonly height: number;
      readonly channels: number;
      readonly pixels: Uint8Array;
    };

export interface Codec {
  readonly data: CodecData;
  /** Number of classes C, or numbers a row. */
  readonly width: number;
  /** Names of the columns that a cell is wanted of, in their order. */
  readonly columns: readonly string[];
  /**
   * @param examples of each the cells of `columns`
   * @throws InputError for what cannot be read, with the number of the example from 1
   */
  encode(examples: Iterable<readonly Cell[]>): ChannelData;
  /** A symbol's name, as it is in the data: a class, a character, a tag. */
  name(id: number): string;
  /** A symbol's name for the eye: `␣` for a space. */
  describe(id: number): string;
  /** A sequence of symbols as the data has it. */
  decode(ids: ArrayLike<number>): string;
  /** A standardised row in the data's own units. */
  restore(row: ArrayLike<number>): number[];
  toJSON(): CodecData;
}
