import scannerBytes from '../../../build/word-scanner.wasm';
import { ByteClass, Key, Place, Size, Status } from './assembly/layout';
import { longStretches } from './word-ends';
import { segmentsOf } from './words';

/** What the scanner's module exports; addresses are bytes. */
interface Scanner {
  readonly memory: WebAssembly.Memory;
  begin(slots: number): void;
  rehash(slots: number): void;
  recordCount(): number;
  symbolCount(): number;
  end(): number;
  scan(from: number, to: number, done: number): number;
  find(at: number, key: number): number;
  add(length: number): number;
  takeBack(at: number, length: number): void;
  symbolOf(record: number): number;
  fold(from: number, to: number, ids: number, found: number): void;
  remember(at: number, length: number, count: number): void;
}

/** The different words of a text, numbered in the order of their first appearance. */
export interface WordTable {
  /** Where the text to be cut is put: room for `blockBytes`. Ask again after each `cut`. */
  input(): Uint8Array;
  /**
   * Cuts the first `length` of the `filled` bytes of the input into words.
   * @returns their numbers, valid until the next call
   * @throws RangeError if memory is exhausted
   */
  cut(length: number, filled: number): Uint32Array;
  /** How many different words there are so far. */
  readonly size: number;
  /** The words so far. */
  entries(): WordEntries;
  /**
   * Numbers a vocabulary: id i + 1 for `words[i]`, and for a word in another case that has no id itself, as
   * `wordTokenizer` does; 0 for all others.
   */
  idsFor(words: readonly string[]): WordIds;
}

/** All words of a text, by their numbers. */
export interface WordEntries {
  /** How often each came; 0 for one that was none after all. */
  readonly counts: Uint32Array;
  /** Unicode code points of each. */
  readonly lengths: Uint32Array;
  isAscii(number: number): boolean;
  word(number: number): string;
  /** The word as UTF-8, valid until the table is changed. */
  utf8(number: number): Uint8Array;
}

export interface WordIds {
  readonly ids: Uint32Array;
  /** 1 for a word that has an id of its own. */
  readonly isKnown: Uint8Array;
}

/** How many bytes are cut at once, at most. */
export const blockBytes: number = Size.input;

const page = 65536;
/** What the words of a byte can take at most: one of two bytes has a record of 32, in a run of its own one more. */
const roomForByte = 64;
const mostGrowth = 32 * 2 ** 20;
const firstSlots = 2 ** 12;
/** So much is read behind the end of the input; line ends there join nothing. */
const padding = 32;
const space = 0x20;
const lineFeed = 0x0a;

/** Records `[from, to)`, one behind the other. */
interface Stretch {
  readonly from: number;
  to: number;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Cuts as `segmentsOf` does, at some 100 MB/s where the text is ASCII; other characters come in runs between
 * spaces that are cut by `segmentsOf` when they come first and are remembered.
 */
export function createWordTable(): WordTable {
  compiled ??= new WebAssembly.Module(scannerBytes);
  const scanner = new WebAssembly.Instance(compiled).exports as unknown as Scanner;
  const { memory } = scanner;
  let slots = firstSlots;
  /** Stretches of records, `[from, to)`; the last one is still open. */
  const stretches: Stretch[] = [];
  let bytes = new Uint8Array(memory.buffer);

  reserve(Place.free + 8 * slots);
  bytes.set(byteClasses(), Place.classes);
  scanner.begin(slots);
  stretches.push({ from: scanner.end(), to: Infinity });

  function reserve(end: number): void {
    const { byteLength } = memory.buffer;
    const missing = end - byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(Math.max(missing, Math.min(byteLength, mostGrowth)) / page));
    }
    if (bytes.buffer !== memory.buffer) bytes = new Uint8Array(memory.buffer);
  }

  function makeRoom(length: number): void {
    if (scanner.recordCount() + length > 0.6 * slots) {
      while (scanner.recordCount() + length > 0.6 * slots) slots *= 2;
      reserve(scanner.end() + 8 * slots);
      stretches.at(-1)!.to = scanner.end();
      scanner.rehash(slots);
      stretches.push({ from: scanner.end(), to: Infinity });
    }
    reserve(scanner.end() + roomForByte * length + page);
  }

  function word(at: number): number {
    return new DataView(memory.buffer).getUint32(at, true);
  }

  /** Cuts a text and puts its symbols into the output from number `done` on. */
  function cutText(text: string, done: number): { readonly done: number; records: number[] } {
    const output = new Uint32Array(memory.buffer, Place.output);
    const encoder = new TextEncoder();
    const records = Array.from(segmentsOf(text), (segment) => {
      const { written } = encoder.encodeInto(segment, bytes.subarray(Place.token, Place.input));
      return scanner.add(written);
    });
    records.forEach((record, i) => (output[done + i] = scanner.symbolOf(record)));
    return { done: done + records.length, records };
  }

  /**
   * Cuts a run `[at, runEnd)` of characters beyond ASCII that is not remembered. A space before it or behind
   * it can belong to one of its characters: then all is cut again that comes before the line's end.
   */
  function cutStrange(at: number, runEnd: number, to: number, done: number) {
    const text = decode(bytes.subarray(at, runEnd));
    const isAlone = startsPlainly.test(text) && !endsWithSpace.test(text);
    if (isAlone || !touchesSpaces(at, runEnd, to)) {
      const cut = cutText(text, done);
      if (isAlone && runEnd - at <= Size.run) {
        new Uint32Array(memory.buffer, Place.token).set(cut.records);
        scanner.remember(at, runEnd - at, cut.records.length);
      }
      return { at: runEnd, done: cut.done };
    }
    let from = at;
    while (from > Place.input && bytes[from - 1] === space) from--;
    if (from < at) scanner.takeBack(from, at - from);
    const line = bytes.subarray(0, to).indexOf(lineFeed, runEnd);
    const end = line < 0 ? to : line + 1;
    const cut = cutText(decode(bytes.subarray(from, end)), from < at ? done - 1 : done);
    return { at: end, done: cut.done };
  }

  /** Cuts the input `[from, to)`, which nothing joins to what is around it. */
  function scan(from: number, to: number, before: number): number {
    let at = from;
    let done = before;
    for (;;) {
      done = scanner.scan(at, to, done);
      if (word(Place.status) === Status.done) return done;
      ({ at, done } = cutStrange(word(Place.position), word(Place.runEnd), to, done));
    }
  }

  function touchesSpaces(at: number, runEnd: number, to: number): boolean {
    return (
      (at > Place.input && bytes[at - 1] === space) || (runEnd < to && bytes[runEnd] === space)
    );
  }

  function records(): readonly Stretch[] {
    stretches.at(-1)!.to = scanner.end();
    return stretches;
  }

  return {
    get size() {
      return scanner.symbolCount();
    },
    input: () => bytes.subarray(Place.input, Place.input + Size.input),
    cut(length, filled) {
      makeRoom(length);
      const to = Place.input + length;
      bytes.fill(lineFeed, Place.input + filled, Place.input + filled + padding);
      let at: number = Place.input;
      let done = 0;
      for (const long of longStretches(bytes.subarray(Place.input), length)) {
        const [from, end] = [Place.input + long.from, Place.input + long.to];
        done = scan(at, from, done);
        ({ done } = cutText(decode(bytes.subarray(from, end)), done));
        at = end;
      }
      done = scan(at, to, done);
      return new Uint32Array(memory.buffer, Place.output, done);
    },
    entries: () => readEntries(memory.buffer, records(), scanner.symbolCount()),
    idsFor(words) {
      const encoder = new TextEncoder();
      const numbers = words.map((text) => {
        makeRoom(text.length);
        const { written } = encoder.encodeInto(text, bytes.subarray(Place.token, Place.input));
        return scanner.symbolOf(scanner.find(Place.token, written));
      });
      const size = scanner.symbolCount();
      const place = scanner.end();
      reserve(place + 4 * size);
      const ids = new Uint32Array(memory.buffer, place, size);
      ids.fill(0);
      numbers.forEach((number, i) => (ids[number] = i + 1));
      const isKnown = Uint8Array.from(ids, (id) => Math.min(id, 1));
      const found = 0x80000000;
      for (const { from, to } of records()) scanner.fold(from, to, place, found);
      return { ids: ids.map((id) => id % found), isKnown };
    },
  };
}

/** Characters that join nothing that stands before them. */
const startsPlainly = /^[\p{ASCII}\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{Nd}\p{P}]/u;
const endsWithSpace = /\p{Zs}$/u;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Walks through the records. */
function readEntries(
  buffer: ArrayBuffer,
  stretches: readonly Stretch[],
  size: number,
): WordEntries {
  const words = new Uint32Array(buffer);
  const bytes = new Uint8Array(buffer);
  const addresses = new Uint32Array(size);
  const counts = new Uint32Array(size);
  const lengths = new Uint32Array(size);
  const padded = (length: number): number => (length + 15) & ~15;
  for (const { from, to } of stretches) {
    for (let at = from; at < to;) {
      const key = words[at / 4 + 2]!;
      const length = key & Key.length;
      const behind = at + Size.head + padded(length);
      if ((key & Key.run) !== 0) {
        at = behind + padded(4 + 4 * words[behind / 4]!);
        continue;
      }
      const number = words[at / 4 + 1]!;
      addresses[number] = at;
      counts[number] = words[at / 4 + 3]!;
      lengths[number] = pointsIn(bytes, at + Size.head, length);
      at = behind;
    }
  }
  const bytesOf = (number: number): number => words[addresses[number]! / 4 + 2]!;
  const utf8 = (number: number): Uint8Array => {
    const start = addresses[number]! + Size.head;
    return bytes.subarray(start, start + bytesOf(number));
  };
  return {
    counts,
    lengths,
    isAscii: (number) => lengths[number] === bytesOf(number),
    word: (number) => decode(utf8(number)),
    utf8,
  };
}

/** Code points of UTF-8. */
function pointsIn(bytes: Uint8Array, from: number, length: number): number {
  let points = 0;
  for (let i = from; i < from + length; i++) if ((bytes[i]! & 0xc0) !== 0x80) points++;
  return points;
}

let classes: Uint8Array | undefined;

/**
 * What this runtime's own segmenter makes of each ASCII character: versions of Unicode differ, for example,
 * in whether a colon joins letters.
 */
function byteClasses(): Uint8Array {
  return (classes ??= Uint8Array.from({ length: 256 }, (_, byte) =>
    byte < 0x80 ? classOf(String.fromCharCode(byte)) : ByteClass.high,
  ));
}

function classOf(character: string): ByteClass {
  const joins = (left: string, right: string): boolean =>
    Array.from(segmentsOf(`${left}${character}${right}`)).length === 1;
  if (/[A-Za-z]/.test(character)) return ByteClass.letter;
  if (/[0-9]/.test(character)) return ByteClass.digit;
  if (character === '_') return ByteClass.connector;
  if (character === ' ') return ByteClass.space;
  const letters = joins('a', 'a');
  const digits = joins('1', '1');
  if (letters && digits) return ByteClass.midBoth;
  if (letters) return ByteClass.midLetter;
  return digits ? ByteClass.midNumber : ByteClass.other;
}
