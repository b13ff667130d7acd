/** Texts and cells, from wherever a request says they come. */
import { loadCell } from '../core/cells';
import { decodeText, largestText, prepareText, type PreparedText } from '../core/data/text';
import { parseCell } from '../core/equations/parse';
import type { Cell } from '../core/equations/syntax';
import type { CellSource, TextSource } from '../protocol/engine';
import type { Files } from './platform';

const cellLimit = 2 ** 20;

/** A text with its name, fit for training or evaluation. */
export interface NamedText extends PreparedText {
  readonly name: string;
  /** Where it was read; null if it was given. */
  readonly path: string | null;
}

/**
 * @throws JobError if the file cannot be read
 * @throws InputError if it is empty, binary or not UTF-8
 */
export async function readText(files: Files, source: TextSource): Promise<NamedText> {
  if (source.kind === 'text') {
    return { ...prepareText(source.text), name: source.name, path: null };
  }
  const bytes = await files.read(source.path, largestText);
  const name = files.baseName(source.path);
  return { ...decodeText(bytes, name), name, path: source.path };
}

/**
 * @throws JobError if the file cannot be read
 * @throws InputError if no built-in cell has the name, or the file is not text
 * @throws EquationError if the equations have an error
 */
export async function readCell(files: Files, source: CellSource): Promise<Cell> {
  if (typeof source !== 'string') {
    if ('source' in source) return parseCell(source.source, source.name);
    // The cell is called as its file is, so that errors say `my-cell.rnn:3:5`.
    const name = files.baseName(source.path);
    return parseCell(decodeText(await files.read(source.path, cellLimit), name).text, name);
  }
  // The setting model.cell may be a path as well.
  if (source.endsWith('.rnn')) return readCell(files, { path: source });
  return loadCell(source);
}
