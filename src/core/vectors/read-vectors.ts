/** The rows of a file of word vectors that a vocabulary has words for; the others are passed over. */
import type { FileBytes } from '../data/source';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { longestRow, type VectorsHead } from './head';

/** Vectors of some words. */
export interface FoundVectors {
  /** `[words, width]`, zero where there is none. */
  readonly values: Float32Array;
  /** 1 for each word that has one. */
  readonly found: Uint8Array;
}

/** Bytes of a word; one that is longer is none. */
const longestWord = 2 ** 14;
const lineFeed = 10;
const space = 32;
const tab = 9;

/**
 * Reads a file from its beginning to its end, and keeps no more of it than the words' vectors. A word is looked for as
 * it is written, then in small letters; of two rows for it the first counts.
 *
 * @param words undefined: no word
 * @param watch gets all bytes: for their hash
 * @throws InputError where a row that is wanted is damaged, or the file ends too early
 */
export async function readVectors(
  file: FileBytes,
  head: VectorsHead,
  words: readonly (string | undefined)[],
  watch: (bytes: Uint8Array) => void = () => undefined,
): Promise<FoundVectors> {
  const rows = createRows(head, words);
  const take = head.kind === 'binary' ? binaryRow(head, rows) : textRow(head, rows);
  let rest: Uint8Array = new Uint8Array(0);
  let toSkip = head.start;
  for await (const piece of file.pieces()) {
    watch(piece);
    const fresh = piece.subarray(Math.min(toSkip, piece.length));
    toSkip -= piece.length - fresh.length;
    const bytes = rest.length === 0 ? fresh : joined(rest, fresh);
    let at = 0;
    for (let end = take(bytes, at, false); end > at; end = take(bytes, at, false)) at = end;
    rest = bytes.slice(at);
    if (rest.length > longestWord + Math.max(longestRow, 4 * head.width)) {
      throw damaged(head, sentence`row ${rows.count() + 1} has no end`);
    }
  }
  if (rest.length > 0) take(rest, 0, true);
  if (head.rows !== undefined && rows.count() < head.rows) {
    throw damaged(head, sentence`it ends after ${rows.count()} of ${head.rows} rows`);
  }
  return rows.finish();
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function damaged({ name }: VectorsHead, problem: Sentence): InputError {
  return new InputError(
    sentence`${name} is damaged: ${problem}.`,
    sentence`Get the file again, or give another one.`,
  );
}

/** Reads the row that begins at a place. @returns where the next one begins; the same place: it is not all there */
type TakeRow = (bytes: Uint8Array, at: number, isLast: boolean) => number;

interface Rows {
  /** Rows seen. */
  count(): number;
  /** Takes note of a row. @returns where its values go, those of the places that want them */
  next(word: string): readonly number[];
  set(places: readonly number[], values: ArrayLike<number>): void;
  finish(): FoundVectors;
}

const nobody: readonly number[] = [];

function createRows({ width }: VectorsHead, words: readonly (string | undefined)[]): Rows {
  const values = new Float32Array(words.length * width);
  const found = new Uint8Array(words.length);
  const exactly = new Map<string, number[]>();
  const inSmall = new Map<string, number[]>();
  words.forEach((word, place) => {
    if (word === undefined) return;
    add(exactly, word, place);
    const small = word.toLowerCase();
    if (small !== word) add(inSmall, small, place);
  });
  /** 2 for a place whose word was found as it is written. */
  const how = new Uint8Array(words.length);
  let count = 0;
  return {
    count: () => count,
    next(word) {
      count++;
      const [exact, small] = [exactly.get(word), inSmall.get(word)];
      if (exact === undefined && small === undefined) return nobody;
      const own = (exact ?? nobody).filter((place) => how[place]! < 2);
      const others = (small ?? nobody).filter((place) => how[place] === 0);
      own.forEach((place) => (how[place] = 2));
      others.forEach((place) => (how[place] = 1));
      return [...own, ...others];
    },
    set(places, row) {
      for (const place of places) {
        values.set(row, place * width);
        found[place] = 1;
      }
    },
    finish: () => ({ values, found }),
  };
}

function add(map: Map<string, number[]>, key: string, place: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [place]);
  else list.push(place);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function textRow(head: VectorsHead, rows: Rows): TakeRow {
  const { width, start } = head;
  const row = new Float32Array(width);
  return (bytes, at, isLast) => {
    const found = bytes.indexOf(lineFeed, at);
    if (found < 0 && !isLast) return at;
    const end = found < 0 ? bytes.length : found;
    const next = found < 0 ? bytes.length : found + 1;
    let wordEnd = at;
    while (wordEnd < end && bytes[wordEnd] !== space && bytes[wordEnd] !== tab) wordEnd++;
    if (wordEnd === at && utf8.decode(bytes.subarray(at, end)).trim() === '') return next;
    const places = rows.next(utf8.decode(bytes.subarray(at, wordEnd)));
    // A file that was cut off ends within a row, whoever wants it.
    if (places.length === 0 && found >= 0) return next;
    const fields = utf8
      .decode(bytes.subarray(wordEnd, end))
      .trim()
      .split(/[ \t]+/);
    const line = rows.count() + Number(start > 0);
    if (fields.length !== width) {
      // GloVe’s largest file has words with a space in them.
      if (fields.length > width && !isNumber(fields[0]!)) return next;
      throw damaged(
        head,
        sentence`line ${line} has ${fields.length} numbers, the first one ${width}`,
      );
    }
    fields.forEach((field, i) => {
      row[i] = Number(field);
      if (!isNumber(field) || !Number.isFinite(row[i]))
        throw damaged(
          head,
          sentence`line ${line} has ${field.slice(0, 40)} where a number should be`,
        );
    });
    rows.set(places, row);
    return next;
  };
}

function isNumber(field: string): boolean {
  return field !== '' && !Number.isNaN(Number(field));
}

function binaryRow(head: VectorsHead, rows: Rows): TakeRow {
  const { width, rows: promised = 0 } = head;
  const row = new Float32Array(width);
  return (bytes, at, isLast) => {
    if (rows.count() === promised) return bytes.length;
    let from = at;
    // Some programs end a row with a line end, some do not.
    while (from < bytes.length && bytes[from] === lineFeed) from++;
    const wordEnd = bytes.indexOf(space, from);
    if ((wordEnd < 0 ? bytes.length : wordEnd) - from > longestWord) {
      throw damaged(head, sentence`row ${rows.count() + 1} has no word`);
    }
    const end = wordEnd + 1 + 4 * width;
    if (wordEnd < 0 || end > bytes.length) {
      if (!isLast || from === bytes.length) return isLast ? bytes.length : at;
      throw damaged(head, sentence`it ends within row ${rows.count() + 1} of ${promised}`);
    }
    const places = rows.next(utf8.decode(bytes.subarray(from, wordEnd)));
    if (places.length === 0) return end;
    const view = new DataView(bytes.buffer, bytes.byteOffset + wordEnd + 1, 4 * width);
    for (let i = 0; i < width; i++) row[i] = view.getFloat32(4 * i, true);
    const wrong = row.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) {
      throw damaged(head, sentence`row ${rows.count()} has ${wrong} where a number should be`);
    }
    rows.set(places, row);
    return end;
  };
}
