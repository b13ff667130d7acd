/** What a file of word vectors is, found by looking at its beginning. */
import type { FileBytes } from '../data/source';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';

/** A file's kind and sizes. */
export interface VectorsHead {
  /** What messages call the file. */
  readonly name: string;
  /** word2vec’s binary rows; or a line a word, as those of word2vec, fastText (`.vec`) and GloVe are. */
  readonly kind: 'binary' | 'text';
  /** Values of a vector. */
  readonly width: number;
  /** Rows that the first line promises; undefined: there is none, as in GloVe’s files. */
  readonly rows: number | undefined;
  /** Where the first row begins, bytes. */
  readonly start: number;
}

/** Most values of a vector: what an embedding can be wide. */
export const widest = 4096;
/** So much is looked at; no row of numbers in text is longer. */
export const longestRow = 2 ** 18;

const lineFeed = 10;
const space = 32;
const latin = new TextDecoder('latin1');

/** Anything that could be part of numbers in text. */
const numbersOnly = /^[-+.\deEnaifINFTY \t\r]*$/;

/**
 * @throws InputError if it is no file of word vectors
 */
export async function vectorsHead(file: FileBytes, name: string): Promise<VectorsHead> {
  const bytes = await beginningOf(file);
  const other = otherKind(bytes);
  if (other !== undefined) throw unusable(name, other);
  const lineEnd = bytes.indexOf(lineFeed);
  const first = latin.decode(bytes.subarray(0, lineEnd < 0 ? bytes.length : lineEnd));
  const header = /^(\d+)[ \t]+(\d+)[ \t\r]*$/.exec(first);
  if (header === null || lineEnd < 0) {
    const width = numbersIn(first);
    if (width === 0) throw unusable(name);
    return { name, kind: 'text', width: checked(width, name), rows: undefined, start: 0 };
  }
  const [rows, width] = [Number(header[1]), Number(header[2])];
  const start = lineEnd + 1;
  const kind = isText(bytes.subarray(start), width) ? 'text' : 'binary';
  return { name, kind, width: checked(width, name), rows, start };
}

async function beginningOf(file: FileBytes): Promise<Uint8Array> {
  const found = new Uint8Array(Math.min(file.size, longestRow));
  let length = 0;
  for await (const piece of file.pieces()) {
    const part = piece.subarray(0, found.length - length);
    found.set(part, length);
    length += part.length;
    if (length === found.length) break;
  }
  return found.subarray(0, length);
}

/** What is no file of vectors, though one may take it for one. */
function otherKind(bytes: Uint8Array): Sentence | undefined {
  const starts = (...magic: readonly number[]): boolean =>
    magic.every((byte, i) => bytes[i] === byte);
  if (starts(0x1f, 0x8b)) return sentence`It is compressed: unpack it first (gunzip).`;
  if (starts(0x50, 0x4b)) return sentence`It is compressed: unpack it first (unzip).`;
  if (starts(0xba, 0x16, 0x4f, 0x2f)) {
    return sentence`It is a model of fastText: give the file .vec that is beside it.`;
  }
  return undefined;
}

function unusable(name: string, hint?: Sentence): InputError {
  return new InputError(
    sentence`${name} holds no word vectors.`,
    hint ??
      sentence`Give a file of word2vec (text or binary), GloVe or fastText (.vec): a word and its numbers a row.`,
  );
}

/** Numbers behind the first word of a line; 0 if not all of them are. */
function numbersIn(line: string): number {
  const [word, ...fields] = line.trim().split(/[ \t]+/);
  return word !== '' && fields.every((field) => Number.isFinite(Number(field))) ? fields.length : 0;
}

/** Whether the first row behind the header is text: up to its end, or as far as numbers in binary would go. */
function isText(rows: Uint8Array, width: number): boolean {
  const from = rows.indexOf(space) + 1;
  const lineEnd = rows.indexOf(lineFeed, from);
  const to = Math.min(lineEnd < 0 ? rows.length : lineEnd, from + 4 * width);
  return numbersOnly.test(latin.decode(rows.subarray(from, to)));
}

function checked(width: number, name: string): number {
  if (width >= 1 && width <= widest) return width;
  throw new InputError(
    sentence`The vectors of ${name} have ${width} values each; an embedding has from 1 to ${widest}.`,
    sentence`Give a file of narrower ones.`,
  );
}
