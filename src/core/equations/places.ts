import { firstWhere } from '../numerics';
import type { Place } from './raw';
import type { Span } from './syntax';

/** Where a line starts: after LF, CRLF or a lone CR, as editors count. */
const lineBreak = /\r\n|\n|\r/g;

/**
 * Finds line and column of offsets into a text.
 * A byte order mark takes an offset but no column, since editors do not show it.
 */
export function spansOf(source: string): (place: Place) => Span {
  const firstColumn = source.startsWith('\uFEFF') ? 1 : 0;
  const lineStarts = [firstColumn];
  for (const match of source.matchAll(lineBreak)) lineStarts.push(match.index + match[0].length);
  return ({ start, end }) => {
    const line = firstWhere(1, lineStarts.length, (i) => lineStarts[i]! > start);
    const column = Math.max(0, start - lineStarts[line - 1]!) + 1;
    return { line, column, start, end };
  };
}
