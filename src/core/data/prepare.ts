import { headLength, looksLikeUtf16, type TextChanges, type TextProblem } from './text';
import { decodeUtf16, utf16Of, wellFormed, type Utf16 } from './utf16';
import { countInvalidUtf8, firstInvalidUtf8, wholeCharacters } from './utf8';

/** Makes a file's bytes a text to train on, piece by piece: what `decodeText` does to one as a whole. */
export interface Preparer {
  /**
   * Takes the file's next bytes.
   * @returns UTF-8 of whole characters; none where something is wrong with the file. Valid as long as `bytes`
   */
  push(bytes: Uint8Array): Uint8Array;
  /** What is left at the file's end, and what is wrong with the file if anything is; the line is not counted. */
  end(): { readonly rest: Uint8Array; readonly problem: TextProblem | undefined };
  /** So far. */
  readonly changes: TextChanges;
}

const nothing = new Uint8Array(0);
const lineFeed = 10;
const carriageReturn = 13;

/** Turns a file's bytes to UTF-8 of whole characters. */
type Decode = (bytes: Uint8Array, isLast: boolean) => Uint8Array;

export function createPreparer(): Preparer {
  let head: Uint8Array = nothing;
  let decode: Decode | undefined;
  let problem: TextProblem | undefined;
  let byteOrderMark = false;
  let lineEnds = 0;
  let carriageReturns = 0;
  let surrogates = 0;
  /** The last piece ended with a carriage return: a line feed at once belongs to it. */
  let skipsLineFeed = false;

  /** Chooses by the first bytes. */
  function choose(bytes: Uint8Array): Decode {
    const encoding = utf16Of(bytes);
    byteOrderMark =
      encoding !== undefined || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
    return encoding === undefined
      ? decodeUtf8(byteOrderMark ? 3 : 0, report)
      : utf16Decoder(encoding, report, (found) => {
          surrogates += found;
        });
  }

  /** Zeros tell most: the first of them is what counts. */
  function report(found: TextProblem): void {
    if (problem?.kind === 'binary') return;
    if (problem?.kind === 'invalid' && found.kind === 'invalid') {
      problem = { ...problem, count: problem.count + found.count };
    } else {
      problem = found;
    }
  }

  function take(bytes: Uint8Array, isLast: boolean): Uint8Array {
    const before = head;
    if (head.length < headLength) head = joined(head, bytes.slice(0, headLength - head.length));
    let input = bytes;
    if (decode === undefined) {
      // Too few to tell by.
      if (head.length < 3 && !isLast) return nothing;
      input = joined(before, bytes);
      decode = choose(input);
    }
    const utf8 = decode(input, isLast);
    return problem === undefined ? withLineFeeds(utf8) : nothing;
  }

  /** CRLF and lone CR become LF. */
  function withLineFeeds(utf8: Uint8Array): Uint8Array {
    const start = skipsLineFeed && utf8[0] === lineFeed ? 1 : 0;
    carriageReturns -= start;
    lineEnds += start;
    if (utf8.length > 0) skipsLineFeed = false;
    const first = utf8.indexOf(carriageReturn, start);
    if (first < 0) return utf8.subarray(start);
    const made = new Uint8Array(utf8.length - start);
    made.set(utf8.subarray(start, first));
    let length = first - start;
    for (let i = first; i < utf8.length; i++) {
      const byte = utf8[i]!;
      if (byte === carriageReturn) {
        made[length++] = lineFeed;
        const isWindows = utf8[i + 1] === lineFeed;
        if (isWindows) {
          lineEnds++;
          i++;
        } else {
          carriageReturns++;
          skipsLineFeed = i + 1 === utf8.length;
        }
      } else {
        made[length++] = byte;
      }
    }
    return made.subarray(0, length);
  }

  return {
    push: (bytes) => take(bytes, false),
    end() {
      const rest = take(nothing, true);
      if (head.length === 0) return { rest, problem: { kind: 'empty' } };
      if (problem?.kind === 'binary' && utf16Of(head) === undefined)
        problem = { ...problem, looksLikeUtf16: looksLikeUtf16(head) };
      return { rest, problem };
    },
    get changes() {
      return { byteOrderMark, lineEnds, carriageReturns, surrogates };
    },
  };
}

/** @param skipped bytes of a byte order mark */
function decodeUtf8(skipped: number, report: (problem: TextProblem) => void): Decode {
  let before: Uint8Array = nothing;
  /** Offset in the file of the first byte of `before`. */
  let offset = 0;
  return (bytes, isLast) => {
    const input = before.length === 0 ? bytes : joined(before, bytes);
    const whole = isLast ? input.length : wholeCharacters(input);
    const utf8 = input.subarray(0, whole);
    const zero = utf8.indexOf(0);
    if (zero >= 0) report({ kind: 'binary', offset: offset + zero, looksLikeUtf16: false });
    const invalid = firstInvalidUtf8(utf8);
    if (invalid < whole) {
      const first = { offset: offset + invalid, value: utf8[invalid]!, line: 0 };
      report({ kind: 'invalid', first, count: countInvalidUtf8(utf8, invalid) });
    }
    const start = offset === 0 ? skipped : 0;
    before = input.slice(whole);
    offset += whole;
    return utf8.subarray(start);
  };
}

/** @param replaced gets the number of unpaired surrogates that became U+FFFD */
function utf16Decoder(
  encoding: Utf16,
  report: (problem: TextProblem) => void,
  replaced: (surrogates: number) => void,
): Decode {
  const encoder = new TextEncoder();
  let before: Uint8Array = nothing;
  /** Units of the file before those of `before`. */
  let units = 0;
  return (bytes, isLast) => {
    const input = joined(before, bytes);
    const whole = isLast ? input.length : wholeUnits(input, encoding);
    before = input.slice(whole);
    const { text, surrogates } = wellFormed(decodeUtf16(input.subarray(0, whole), encoding));
    replaced(surrogates);
    const zero = text.indexOf('\0');
    if (zero >= 0) {
      report({ kind: 'binary', offset: 2 * (units + zero), looksLikeUtf16: false });
    }
    const start = units === 0 ? 1 : 0;
    units += text.length;
    return encoder.encode(text.slice(start));
  };
}

/** Bytes of whole characters: a last unit that may be half of a pair waits for the next. */
function wholeUnits(bytes: Uint8Array, encoding: Utf16): number {
  const whole = bytes.length & ~1;
  const high = bytes[whole - (encoding === 'utf-16le' ? 1 : 2)];
  return high !== undefined && (high & 0xfc) === 0xd8 ? whole - 2 : whole;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
