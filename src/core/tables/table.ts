/** A file's contents as rows and columns, whatever its format. */
import type { Sentence } from '../sentence';
import type { FormatName } from './kinds';

/** Texts one after another, stored as UTF-8. */
export interface Texts {
  readonly length: number;
  at(index: number): string;
}

/** Of a column: its name, and a cell for each row. */
export type Column = { readonly name: string } & (
  | {
      readonly kind: 'text';
      /** One a row; empty: missing. */
      readonly texts: Texts;
    }
  | {
      readonly kind: 'list';
      /** Of all rows one after another. */
      readonly texts: Texts;
      /** Where each row's begin, `[rows + 1]`. */
      readonly starts: Uint32Array;
    }
  | {
      readonly kind: 'image';
      readonly width: number;
      readonly height: number;
      /** 1: grey; 3: red, green and blue. */
      readonly channels: 1 | 3;
      /** 0 … 255, `[rows, height, width, channels]` */
      readonly pixels: Uint8Array;
    }
);

export type ColumnOf<Kind extends Column['kind']> = Extract<Column, { readonly kind: Kind }>;

export interface Table {
  /** What messages call it: the file's name. */
  readonly name: string;
  readonly format: FormatName;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Line of the file, from 1, on which each row begins; undefined where rows are no lines. */
  readonly lines?: Uint32Array | undefined;
  /** What was changed or guessed while it was read. */
  readonly notes: readonly Sentence[];
}
