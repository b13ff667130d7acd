/** Where words surely end in UTF-8, so that what is before can be cut by itself. */
import { lineBreaks } from './words';

const space = 0x20;
const lineFeed = 0x0a;

/** Whether a part of a line, or a line, ends before a byte: behind a line end, or as `lineBreaks.surely` has it in ASCII. */
function endsBefore(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 1]!;
  return before === lineFeed || (bytes[at] === space && before > space && before < 0x7f);
}

/** The last place of `(from, to]` where words surely end; `from` if there is none. */
export function lastEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && !endsBefore(bytes, at)) at--;
  return at;
}

/** A stretch `[from, to)` of bytes. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The stretches of the first bytes in which no word surely ends, and which are so long that they may have to be cut. */
export function* longStretches(bytes: Uint8Array, length: number): Generator<Stretch> {
  for (let from = 0; length - from > lineBreaks.most;) {
    let to = lastEnd(bytes, from, from + lineBreaks.most);
    if (to === from) {
      to += lineBreaks.most + 1;
      while (to < length && !endsBefore(bytes, to)) to++;
      yield { from, to };
    }
    from = to;
  }
}
