/** The rows of a task as they are written to files. */
import { encode } from 'fast-png';
import Papa from 'papaparse';
import { InputError } from '../input-error';
import { createRandom } from '../random/random';
import { sentence } from '../sentence';
import type { GeneratedTask, Picture, Row } from './task';

/** What of a task is asked for. */
export interface Asked {
  readonly rows: number;
  /** Of a task that has one. */
  readonly length: number;
  readonly seed: number;
}

/** So often in succession a row comes again before there is said to be no other. */
const mostAttempts = 10_000;

/**
 * The rows, the same for the same seed.
 * @throws InputError if there are not so many different ones
 */
export function* rowsOf(
  { row, key }: GeneratedTask,
  { rows, length, seed }: Asked,
): Generator<Row, void, undefined> {
  const random = createRandom(seed);
  const seen = new Set<string>();
  for (let made = 0; made < rows; made++) {
    let next = row(random, length, made);
    for (let attempts = 1; key !== undefined && seen.has(key(next)); attempts++) {
      if (attempts === mostAttempts) throw tooFew(seen.size);
      next = row(random, length, made);
    }
    if (key !== undefined) seen.add(key(next));
    yield next;
  }
}

function tooFew(found: number): InputError {
  return new InputError(
    sentence`After ${found} rows that differ, hardly any other is left.`,
    sentence`Ask for fewer with --rows, or for longer ones with --length.`,
  );
}

/** A row of a table as a line, its end included; of a text as it is. */
export function lineOf({ format, columns }: GeneratedTask, { cells }: Row): string {
  if (format === 'text') return cells.join('');
  if (format !== 'jsonl') return csvLine(cells.map(String));
  return `${JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, cells[i]])))}\n`;
}

/** The line before the rows; empty where there is none. */
export function headOf({ format, columns }: GeneratedTask): string {
  return format === 'jsonl' || format === 'text'
    ? ''
    : csvLine(format === 'images' ? ['file_name', ...columns] : columns);
}

export function csvLine(cells: readonly string[]): string {
  return `${Papa.unparse([[...cells]], { newline: '\n' })}\n`;
}

/** PNG, eight bits a channel. */
export function pngOf({ width, height, pixels }: Picture): Uint8Array {
  return encode({ width, height, data: pixels, channels: 3 });
}
