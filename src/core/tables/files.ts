/** Where tables are read from. */
import type { FileBytes } from '../data/source';

/** Files and folders, as the worker has them. Methods but `entry` and `names` throw in words. */
export interface TableFiles {
  /** undefined if there is nothing, or nothing that may be looked at. */
  entry(
    path: string,
  ): Promise<{ readonly kind: 'file' | 'folder' | 'other'; readonly bytes: number } | undefined>;
  /** Names in a folder, unsorted; none if it is missing. */
  names(folder: string): Promise<string[]>;
  /** @param limit most bytes that are read; a larger file is refused */
  read(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>>;
  pieces(path: string, limit: number): Promise<FileBytes>;
  join(...parts: string[]): string;
  /** The last part of a path. */
  baseName(path: string): string;
}

/** A file or a folder, or a text in memory, which has no siblings. */
export type TableSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'text'; readonly name: string; readonly text: string };
