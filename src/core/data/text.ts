import { sentence, type Sentence } from '../sentence';
import { InputError } from '../input-error';
import { decodeUtf16, utf16Of, wellFormed } from './utf16';
import { countInvalidUtf8, firstInvalidUtf8, hexOf } from './utf8';

/** How much of a file's start tells what it is, bytes. */
export const headLength = 4096;

/** What was changed to make a text fit for training. */
export interface TextChanges {
  readonly byteOrderMark: boolean;
  /** Windows line ends (CRLF) that became LF. */
  readonly lineEnds: number;
  /** Carriage returns without a line feed, as an old Mac ended lines, that became LF. */
  readonly carriageReturns: number;
  /** Unpaired surrogates that became U+FFFD. */
  readonly surrogates: number;
}

export interface PreparedText {
  readonly text: string;
  readonly changes: TextChanges;
}

/** Text as a document holds it → text to train on: no byte order mark, LF line ends, well-formed Unicode. */
export function prepareText(original: string): PreparedText {
  const byteOrderMark = original.startsWith('\uFEFF');
  const { text: whole, surrogates } = wellFormed(byteOrderMark ? original.slice(1) : original);
  let [lineEnds, carriageReturns] = [0, 0];
  const text = whole.replace(/\r\n?/g, (found) => {
    if (found.length === 2) lineEnds++;
    else carriageReturns++;
    return '\n';
  });
  return { text, changes: { byteOrderMark, lineEnds, carriageReturns, surrogates } };
}

/** One sentence about what was changed, or undefined if nothing was. */
export function describeChanges({
  byteOrderMark,
  lineEnds,
  carriageReturns,
  surrogates,
}: TextChanges): Sentence | undefined {
  const parts = [
    ...(byteOrderMark ? [sentence`a byte order mark was left out`] : []),
    ...counted(
      lineEnds,
      sentence`1 Windows line end (CRLF) became LF`,
      sentence`${lineEnds} Windows line ends (CRLF) became LF`,
    ),
    ...counted(
      carriageReturns,
      sentence`1 lone carriage return (CR) became LF`,
      sentence`${carriageReturns} lone carriage returns (CR) became LF`,
    ),
    ...counted(
      surrogates,
      sentence`1 broken character became U+FFFD`,
      sentence`${surrogates} broken characters became U+FFFD`,
    ),
  ];
  if (parts.length === 0) return undefined;
  const all = parts.reduce((list, part) => sentence`${list}, ${part}`);
  return sentence`In the text, ${all}.`;
}

function counted(count: number, one: Sentence, many: Sentence): Sentence[] {
  return count === 0 ? [] : [count === 1 ? one : many];
}

/** The largest file that is read as a text to train on, bytes: an array has so many tokens at most. */
export const largestText = 4_000_000_000;

/** Why a file's bytes are no text. */
export type TextProblem =
  | { readonly kind: 'empty' }
  /** `offset` of the first byte that is zero. */
  | { readonly kind: 'binary'; readonly offset: number; readonly looksLikeUtf16: boolean }
  | { readonly kind: 'invalid'; readonly first: InvalidByte; readonly count: number };

/** What a file's bytes are: UTF-8, or UTF-16 with a byte order mark; or why they are no text. */
export type Examined =
  | {
      readonly kind: 'text';
      /** As it is in the file, a byte order mark included. */
      readonly text: string;
    }
  | TextProblem;

/** A byte that begins no well-formed UTF-8 sequence. */
export interface InvalidByte {
  readonly offset: number;
  readonly value: number;
  /** From 1. */
  readonly line: number;
}

export function examineText(bytes: Uint8Array): Examined {
  if (bytes.length === 0) return { kind: 'empty' };
  const encoding = utf16Of(bytes);
  if (encoding !== undefined) {
    const text = decodeUtf16(bytes, encoding);
    const zero = text.indexOf('\0');
    return zero >= 0 ? binary(bytes, 2 * zero) : { kind: 'text', text };
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) return binary(bytes, zero);
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { kind: 'text', text: decoder.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return invalid(bytes);
  }
}

/**
 * A file's bytes as text: UTF-8, or UTF-16 with a byte order mark.
 *
 * @param name what messages call the file
 * @throws InputError for an empty or binary file, or bytes that are not UTF-8 (how many, and the place of the first)
 */
export function decodeText(bytes: Uint8Array, name: string): PreparedText {
  const examined = examineText(bytes);
  if (examined.kind === 'text') return prepareText(examined.text);
  throw textError(examined, name);
}

/** A problem in words. */
export function textError(problem: TextProblem, name: string): InputError {
  switch (problem.kind) {
    case 'empty':
      return new InputError(sentence`${name} is empty.`, sentence`Give a file with text in it.`);
    case 'binary':
      return new InputError(
        sentence`${name} is not text: byte ${problem.offset} is zero.`,
        problem.looksLikeUtf16
          ? sentence`It looks like UTF-16 without a byte order mark. Save it with the encoding UTF-8.`
          : sentence`Give a text file. Of a document, a picture or an archive, first save the text alone as UTF-8.`,
      );
    case 'invalid': {
      const { first, count } = problem;
      const { offset, line } = first;
      const place = sentence`byte ${offset} (${hexOf(first.value)}, on line ${line})`;
      return new InputError(
        count === 1
          ? sentence`${name} is not valid UTF-8: ${place} is wrong.`
          : sentence`${name} is not valid UTF-8: ${count} bytes are wrong, the first is ${place}.`,
        sentence`Open it with its real encoding (for example Windows 1252 or GB 18030) and save it as UTF-8.`,
      );
    }
  }
}

function binary(bytes: Uint8Array, offset: number): TextProblem {
  return { kind: 'binary', offset, looksLikeUtf16: looksLikeUtf16(bytes) };
}

/** Of the start of a file without a byte order mark: zeros at every other byte, as in Latin text. */
export function looksLikeUtf16(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, headLength);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index & 1]! += 1;
  });
  return Math.max(...zeros) > head.length / 5 && Math.min(...zeros) < head.length / 50;
}

function invalid(bytes: Uint8Array): TextProblem {
  const offset = firstInvalidUtf8(bytes);
  let line = 1;
  for (let i = 0; i < offset; i++) if (bytes[i] === 10) line++;
  const count = countInvalidUtf8(bytes, offset);
  return { kind: 'invalid', first: { offset, value: bytes[offset] ?? 0, line }, count };
}
