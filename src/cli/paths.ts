import fs from 'node:fs';
import path from 'node:path';
import { beginning } from '../core/beginning';
import type { CellSource } from '../protocol/engine';
import { UsageError } from './errors';

/**
 * A path as the user gave it, as an absolute one.
 * @param name the flag or argument: `--out`, `RUN`
 * @throws UsageError if it is empty, which would be the current folder
 */
export function pathOf(name: string, given: string): string {
  if (given !== '') return path.resolve(given);
  throw new UsageError(`${name} is an empty path. Give the path of a file or a folder.`);
}

/** A text's path as part of a request. */
export function fileSource(name: string, given: string): { kind: 'file'; path: string } {
  return { kind: 'file', path: pathOf(name, given) };
}

/** A built-in cell's name, or the path of a `.rnn` file. */
export function cellSource(cell: string): CellSource {
  return cell.endsWith('.rnn') ? { path: path.resolve(cell) } : cell;
}

/** Of a run's folder's name, in UTF-8: no file system allows less than 143 for all of it. */
const longestName = 100;

/** `runs/tinyshakespeare-20260131-184500` in the current folder; with a number if that is taken. */
export function newRunFolder(file: string): string {
  const name =
    path.basename(file, path.extname(file)).replace(/[^\p{L}\p{N}._-]+/gu, '-') || 'text';
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(now.getFullYear())}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const folder = path.resolve('runs', `${beginning(name, longestName)}-${date}-${time}`);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? folder : `${folder}-${String(number)}`;
    if (!fs.existsSync(candidate)) return candidate;
  }
}
