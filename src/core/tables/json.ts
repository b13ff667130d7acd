/** JSON objects: one a line, or as an array. */
import type { SourceText } from '../data/source';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { linesOf, lineTooLong, longestLine, stringsOf } from './lines';
import { createRows, type Body, type CellText } from './rows';

/** @throws InputError for a line that is no object */
export async function readJsonLines(text: SourceText): Promise<Body> {
  const rows = createRows(text.name);
  let line = 0;
  for await (const lines of linesOf(text)) {
    for (const row of lines) {
      line++;
      if (row.trim() !== '') rows.add(line, cellsOf(objectAt(row, text.name, line)));
    }
  }
  return rows.finish();
}

/** @throws InputError for an element that is no object, or an array that does not end */
export async function readJsonArray(text: SourceText): Promise<Body> {
  const rows = createRows(text.name);
  for await (const { line, json } of elementsOf(text)) {
    rows.add(line, cellsOf(objectAt(json, text.name, line)));
  }
  return rows.finish();
}

function objectAt(json: string, name: string, line: number): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(
      sentence`${name}, line ${line}: this is no valid JSON.`,
      sentence`Correct it, or train on the file as plain text: --format text.`,
      { cause: error, place: { file: name, line } },
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InputError(
    sentence`${name}, line ${line}: this is no JSON object.`,
    sentence`Write each example as an object, such as {"text": "…", "label": "…"}.`,
    { place: { file: name, line } },
  );
}

/** Deeper, what is within an object stays JSON. */
const deepest = 16;

/** The cells of an object; what is in an object within it is named with a full stop: `translation.en`. */
function* cellsOf(object: object, prefix = '', depth = 0): Generator<readonly [string, CellText]> {
  for (const [key, value] of Object.entries(object) as [string, unknown][]) {
    const name = prefix + key.trim();
    if (typeof value !== 'object' || value === null) yield [name, scalar(value)];
    else if (!Array.isArray(value) && depth < deepest) yield* cellsOf(value, `${name}.`, depth + 1);
    else if (Array.isArray(value) && value.every((part) => typeof part !== 'object')) {
      yield [name, value.map(scalar)];
    } else yield [name, JSON.stringify(value)];
  }
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return value === null ? '' : JSON.stringify(value);
}

/** The elements of an array as they stand there. */
async function* elementsOf(text: SourceText): AsyncGenerator<{ line: number; json: string }> {
  let line = 1;
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  let hasEnded = false;
  /** What has been read of an element, and its line. */
  let element = '';
  let from = 1;
  for await (const piece of stringsOf(text)) {
    /** Where the rest of the element begins in this piece. */
    let start = 0;
    for (let i = 0; i < piece.length; i++) {
      const c = piece.charCodeAt(i);
      if (c === 0x0a) line++;
      if (isEscaped) isEscaped = false;
      else if (inString) {
        if (c === 0x5c) isEscaped = true;
        else if (c === 0x22) inString = false;
      } else if (c === 0x22) inString = true;
      else if (c === 0x5b || c === 0x7b) {
        depth++;
        // The bracket that opens the array.
        if (depth === 1) start = i + 1;
        if (depth === 2 && element.trim() === '') from = line;
      } else if (c === 0x5d || c === 0x7d || c === 0x2c) {
        const isEnd = depth === 1;
        if (c !== 0x2c) depth--;
        if (!isEnd || hasEnded) continue;
        const json = (element + piece.slice(start, i)).trim();
        hasEnded = depth === 0;
        if (json !== '' || c === 0x2c) yield { line: json === '' ? line : from, json };
        element = '';
        from = line;
        start = i + 1;
      }
    }
    element += piece.slice(start);
    if (element.length > longestLine) throw lineTooLong(text.name, from);
  }
  if (!hasEnded || element.trim() !== '') {
    throw new InputError(
      sentence`${text.name}, line ${line}: the JSON array does not end here as it should.`,
      sentence`The file may have been cut off: get it again from where it came from.`,
      { place: { file: text.name, line } },
    );
  }
}
