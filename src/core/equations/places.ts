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
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((lineStarts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const column = Math.max(0, start - (lineStarts[low] ?? 0)) + 1;
    return { line: low + 1, column, start, end };
  };
}
