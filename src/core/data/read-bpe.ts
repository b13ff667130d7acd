import { InputError } from '../input-error';
import { sentence } from '../sentence';
import {
  bpeEncoding,
  bpeTokenizer,
  byteIds,
  createMerger,
  longestUnit,
  piecesOf,
  startsWithSpace,
  tokenBytes,
  type Merge,
} from './bpe';
import { createEscapedStore, numbersAtOnce, type NumberStore } from './id-store';
import { learnMerges, type LearntMerges, type Pieces } from './learn-merges';
import { createWordCutter } from './read-words';
import type { ReaderOptions, TextReader } from './reader';
import { idArray, type TokenIds } from './tokenizer';
import { decode, type WordEntries } from './word-table';
import { byFrequency } from './words';
import { refuseEmpty, refuseSingle } from './worth-learning';

/** Bytes of different units that merges are learnt from, the commonest units first: so time and memory are bounded. */
const mostLearnt = 2 ** 22;

/**
 * Numbers the words, then the units: word n is unit 2n, and unit 2n + 1 with a space before it. So each unit is looked at
 * once, however often it comes.
 */
export function createBpeReader({ bytes, tokenizer, limit }: ReaderOptions): TextReader {
  if (tokenizer === undefined && limit <= byteIds) throw tooFew(limit);
  const store = createEscapedStore(bytes);
  const cutter = createWordCutter(store);
  return {
    push: cutter.push,
    finish() {
      const entries = cutter.finish().entries();
      const units = createUnits(store, entries);
      const data = tokenizer?.toJSON();
      const learnt =
        data?.kind === 'bpe'
          ? { merges: data.merges, known: undefined }
          : learn(units, entries, limit - byteIds);
      const { merges } = learnt;
      const made = tokenizer ?? bpeTokenizer(merges);
      const ids = encodeUnits(units, learnt);
      return { tokenizer: made, encoding: bpeEncoding(ids, tokenBytes(merges)) };
    },
  };
}

/** @throws InputError */
function tooFew(limit: number): InputError {
  return new InputError(
    sentence`A vocabulary of byte pairs has the 256 bytes in it: ${limit} tokens are too few.`,
    sentence`Give --vocabulary 257 or more, or use characters as tokens (--tokenizer char).`,
  );
}

/** The units of a text by their numbers. */
interface Units {
  /** How often each comes. */
  readonly counts: Uint32Array;
  /** Calls with each piece of a unit, as UTF-8 that is valid during the call. */
  pieces(unit: number, each: (utf8: Uint8Array) => void): void;
  /** Calls with each in the order of the text. */
  visit(each: (unit: number) => void): void;
}

function createUnits(store: NumberStore, { counts: seen, word, utf8 }: WordEntries): Units {
  const isSpace = Uint8Array.from(seen, (count, number) =>
    Number(count > 0 && isPlainLetter[utf8(number)[0]!] === 0 && startsWithSpace(word(number))),
  );
  const space = isSpace.findIndex((is, number) => is === 1 && word(number) === ' ');
  const encoder = new TextEncoder();
  /** A unit that is not cut. */
  const unitBytes = new Uint8Array(longestUnit);
  unitBytes[0] = 0x20;

  function pieces(unit: number, each: (utf8: Uint8Array) => void): void {
    const bytes = utf8(unit >> 1);
    const isJoined = unit % 2 === 1;
    if (bytes.length < longestUnit) {
      if (!isJoined) {
        each(bytes);
        return;
      }
      unitBytes.set(bytes, 1);
      each(unitBytes.subarray(0, bytes.length + 1));
      return;
    }
    const text = (isJoined ? ' ' : '') + decode(bytes);
    for (const piece of piecesOf(text)) each(encoder.encode(piece));
  }

  function visit(each: (unit: number) => void): void {
    const next = store.read();
    const numbers = new Uint32Array(numbersAtOnce);
    let waits = false;
    for (let count = next(numbers); count > 0; count = next(numbers)) {
      for (let i = 0; i < count; i++) {
        const number = numbers[i]!;
        if (waits && isSpace[number] === 1) each(2 * space);
        const isJoined = waits && isSpace[number] === 0;
        waits = number === space;
        if (!waits) each(isJoined ? 2 * number + 1 : 2 * number);
      }
    }
    if (waits) each(2 * space);
  }

  const counts = new Uint32Array(2 * seen.length);
  visit((unit) => {
    counts[unit]! += 1;
  });
  return { counts, visit, pieces };
}

/** Merges, and the tokens that learning them has made of the units, where it has. */
interface Learnt {
  readonly merges: readonly Merge[];
  readonly known: KnownTokens | undefined;
}

interface KnownTokens {
  /** Of each unit its first piece, -1 where nothing was learnt from it, and how many it has. */
  readonly first: Int32Array;
  readonly pieces: Uint32Array;
  readonly tokensOf: LearntMerges['tokensOf'];
}

/** @throws InputError if there is nothing to learn */
function learn(
  { counts, pieces }: Units,
  { counts: seen, word }: WordEntries,
  most: number,
): Learnt {
  refuseTooFew(seen, word);
  const collected = createPieces();
  const first = new Int32Array(counts.length).fill(-1);
  const of = new Uint32Array(counts.length);
  for (const unit of byCount(counts)) {
    if (collected.bytes() >= mostLearnt) break;
    first[unit] = collected.size();
    pieces(unit, (utf8) => {
      collected.add(utf8, counts[unit]!);
    });
    of[unit] = collected.size() - first[unit];
  }
  const { merges, tokensOf } = learnMerges(collected.finish(), most);
  return { merges, known: { first, tokensOf, pieces: of } };
}

/** The units that there are, the commonest first; of equally common ones the one of the lower number. */
function byCount(counts: Uint32Array): Uint32Array {
  // Counting sort: of the counts from this one on a comparison makes the order.
  const many = 0xffff;
  const sizes = new Uint32Array(many + 1);
  for (const count of counts) sizes[Math.min(count, many)]! += 1;
  const places = new Uint32Array(many + 1);
  for (let count = many; count > 0; count--) places[count - 1] = places[count]! + sizes[count]!;
  const order = new Uint32Array(places[0]!);
  for (let unit = 0; unit < counts.length; unit++) {
    const count = Math.min(counts[unit]!, many);
    if (count > 0) order[places[count]!++] = unit;
  }
  order.subarray(0, sizes[many]).sort((a, b) => counts[b]! - counts[a]! || a - b);
  return order;
}

/** @throws InputError if the text has nothing to learn */
function refuseTooFew(seen: Uint32Array, word: WordEntries['word']): void {
  const present: number[] = [];
  // Eight words that differ have two characters that do.
  for (let number = 0; number < seen.length && present.length < 8; number++) {
    if (seen[number]! > 0) present.push(number);
  }
  refuseEmpty(present.length);
  if (present.length < 8) refuseSingle(new Set(present.map(word).join('')));
}

/** Pieces one after another, in room that grows. */
function createPieces() {
  let bytes = new Uint8Array(2 ** 16);
  const starts: number[] = [0];
  const counts: number[] = [];
  let length = 0;
  return {
    bytes: () => length,
    size: () => counts.length,
    add(utf8: Uint8Array, count: number): void {
      if (length + utf8.length > bytes.length) {
        const larger = new Uint8Array(2 * (length + utf8.length));
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(utf8, length);
      length += utf8.length;
      starts.push(length);
      counts.push(count);
    },
    finish: (): Pieces => ({ bytes: bytes.subarray(0, length), starts, counts }),
  };
}

/**
 * The merges for units of texts that have been counted.
 * @param limit most tokens
 * @throws InputError if the bytes alone are more
 */
export function mergesOf(units: ReadonlyMap<string, number>, limit: number): Merge[] {
  if (limit <= byteIds) throw tooFew(limit);
  const encoder = new TextEncoder();
  const collected = createPieces();
  for (const [unit, count] of [...units].sort(byFrequency)) {
    for (const piece of piecesOf(unit)) collected.add(encoder.encode(piece), count);
    if (collected.bytes() >= mostLearnt) break;
  }
  return learnMerges(collected.finish(), limit - byteIds).merges;
}

function encodeUnits({ counts, pieces, visit }: Units, { merges, known }: Learnt): TokenIds {
  const encodeBytes = createMerger(merges);
  /** Tokens of all units one after another, and where each one's begin. */
  const pool: number[] = [];
  const starts = new Uint32Array(counts.length + 1);
  const add = (token: number): void => {
    pool.push(token);
  };
  let length = 0;
  for (let unit = 0; unit < counts.length; unit++) {
    if (counts[unit]! > 0) {
      const first = known?.first[unit] ?? -1;
      if (known !== undefined && first >= 0) {
        for (let piece = 0; piece < known.pieces[unit]!; piece++)
          known.tokensOf(first + piece, add);
      } else {
        pieces(unit, (utf8) => {
          encodeBytes(utf8).forEach(add);
        });
      }
      length += counts[unit]! * (pool.length - starts[unit]!);
    }
    starts[unit + 1] = pool.length;
  }
  const tokens = Uint32Array.from(pool);
  const ids = idArray(byteIds + merges.length, length);
  let at = 0;
  visit((unit) => {
    const end = starts[unit + 1]!;
    for (let i = starts[unit]!; i < end; i++) ids[at++] = tokens[i]!;
  });
  return ids;
}

/** 0 for a byte that may begin white space: an ASCII one, or one of a longer character. */
const isPlainLetter = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte > 0x20 && byte < 0x7f),
);
