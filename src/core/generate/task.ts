/** What a task to generate is: rows of data whose difficulty is known, each from a paper. */
import type { Random } from '../random/random';

/** A cell of a table; a list has a number for each step. */
export type Cell = string | number | readonly number[];

/** Red, green and blue of each pixel, `[height, width, 3]`, 0 … 255. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly picture?: Picture;
}

/** What is reached by knowing no more than `knowing` says, in the metric's unit: nats a symbol, a share, a square. */
export interface Floor {
  readonly metric: 'loss' | 'mse' | 'accuracy' | 'exactMatch';
  readonly value: number;
  readonly knowing: string;
}

/** What `--length` means to a task. */
export interface Length {
  readonly meaning: string;
  readonly standard: number;
  readonly least: number;
  readonly most: number;
}

export interface GeneratedTask {
  /** One line. */
  readonly summary: string;
  readonly source: string;
  /** `csv`: a line a row; `jsonl`: an object a row, as it has lists; `text`: rows without anything between; `images`: a folder of PNG with `metadata.csv`. */
  readonly format: 'csv' | 'jsonl' | 'text' | 'images';
  readonly columns: readonly string[];
  /** Rows that are made if no number is given. */
  readonly rows: number;
  /** What no two rows have in common; undefined: rows may be alike. */
  readonly key?: (row: Row) => string;
  readonly length?: Length;
  readonly floors: (length: number) => readonly Floor[];
  /** @param index of the row, from 0: of a series the step */
  readonly row: (random: Random, length: number, index: number) => Row;
}

/** Symbols that are separated by spaces, as readers of tables have them. */
export function symbols(list: Iterable<string>): string {
  return [...list].join(' ');
}

export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.integer(items.length)]!;
}
