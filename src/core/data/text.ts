import { InputError } from './input-error';

/** What was changed to make a text fit for training. */
export interface TextChanges {
  readonly byteOrderMark: boolean;
  /** Windows line ends (CRLF), and lone carriage returns, that became LF. */
  readonly lineEnds: number;
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
  let text = byteOrderMark ? original.slice(1) : original;
  let lineEnds = 0;
  let surrogates = 0;
  if (text.includes('\r')) {
    text = text.replace(/\r\n?/g, () => {
      lineEnds++;
      return '\n';
    });
  }
  text = text.replace(/\p{Surrogate}/gu, () => {
    surrogates++;
    return '\uFFFD';
  });
  return { text, changes: { byteOrderMark, lineEnds, surrogates } };
}

/** One sentence about what was changed, or undefined if nothing was. */
export function describeChanges({
  byteOrderMark,
  lineEnds,
  surrogates,
}: TextChanges): string | undefined {
  const parts = [
    ...(byteOrderMark ? ['a byte order mark was left out'] : []),
    ...(lineEnds > 0 ? [`${String(lineEnds)} Windows line ends (CRLF) became LF`] : []),
    ...(surrogates > 0 ? [`${String(surrogates)} broken characters became U+FFFD`] : []),
  ];
  return parts.length === 0 ? undefined : `In the text to train on, ${parts.join(', ')}.`;
}

/**
 * A file's bytes as text: UTF-8, or UTF-16 with a byte order mark.
 *
 * @param name what messages call the file
 * @throws InputError for an empty or binary file, or bytes that are not UTF-8 (with the place of the first)
 */
export function decodeText(bytes: Uint8Array, name: string): PreparedText {
  if (bytes.length === 0)
    throw new InputError(`${name} is empty.`, 'Give a file with text to learn from.');
  const encoding = utf16Of(bytes);
  if (encoding !== undefined) return prepareText(decodeUtf16(bytes, encoding, name));
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw binaryError(bytes, nul, name);
  try {
    // The byte order mark is left to prepareText, which reports it.
    return prepareText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw utf8Error(bytes, name);
  }
}

function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be', name: string): string {
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  if (text.includes('\0')) throw binaryError(bytes, bytes.indexOf(0, 2), name);
  return text;
}

function binaryError(bytes: Uint8Array, nul: number, name: string): InputError {
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index & 1]! += 1;
  });
  const looksLikeUtf16 =
    Math.max(...zeros) > head.length / 5 && Math.min(...zeros) < head.length / 50;
  return new InputError(
    `${name} is not text: byte ${String(nul)} is zero.`,
    looksLikeUtf16
      ? 'It looks like UTF-16 without a byte order mark. Save it with the encoding UTF-8.'
      : 'Give a text file. Of a document, a picture or an archive, first save the text alone as UTF-8.',
  );
}

function utf8Error(bytes: Uint8Array, name: string): InputError {
  const offset = firstInvalidUtf8(bytes);
  const line = bytes.subarray(0, offset).reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
  const hex = (bytes[offset] ?? 0).toString(16).padStart(2, '0').toUpperCase();
  return new InputError(
    `${name} is not valid UTF-8: byte ${String(offset)} (0x${hex}, on line ${String(line)}) is wrong.`,
    'Open it with its real encoding (for example Windows 1252 or GB 18030) and save it as UTF-8.',
  );
}

/**
 * Offset of the first byte that begins no well-formed UTF-8 sequence (Unicode 16, table 3-7), or the length.
 */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const outside = (lead === 0xed && second > 0x9f) || (lead === 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}
