import { InputError } from '../input-error';
import { sentence } from '../sentence';
import {
  bpeEncoding,
  bpeTokenizer,
  byteIds,
  createMerger,
  piecesOf,
  startsWithSpace,
  tokenBytes,
  type Merge,
} from './bpe';
import { createEscapedStore, numbersAtOnce, type NumberStore } from './id-store';
import { learnMerges, type CountedBytes } from './learn-merges';
import { createWordCutter } from './read-words';
import type { ReaderOptions, TextReader } from './reader';
import { idArray, type TokenIds } from './tokenizer';
import type { WordEntries } from './word-table';
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
      const merges = data?.kind === 'bpe' ? data.merges : learn(units, entries, limit - byteIds);
      const made = tokenizer ?? bpeTokenizer(merges);
      const ids = encodeUnits(units, merges);
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
  text(unit: number): string;
  /** Calls with each in the order of the text. */
  visit(each: (unit: number) => void): void;
}

function createUnits(store: NumberStore, { counts: seen, word }: WordEntries): Units {
  const isSpace = Uint8Array.from(seen, (count, number) =>
    Number(count > 0 && startsWithSpace(word(number))),
  );
  const space = isSpace.findIndex((is, number) => is === 1 && word(number) === ' ');

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
  return { counts, visit, text: (unit) => (unit % 2 === 0 ? '' : ' ') + word(unit >> 1) };
}

/** @throws InputError if there is nothing to learn */
function learn(
  { counts, text }: Units,
  { counts: seen, word }: WordEntries,
  most: number,
): Merge[] {
  const present = [...seen.keys()].filter((number) => seen[number]! > 0);
  refuseEmpty(present.length);
  // Eight words that differ have two characters that do.
  if (present.length < 8) refuseSingle(new Set(present.map(word).join('')));
  const commonest = [...counts.keys()]
    .filter((unit) => counts[unit]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b);
  return learnFrom(
    (function* () {
      for (const unit of commonest) yield [text(unit), counts[unit]!] as const;
    })(),
    most,
  );
}

/** @param units with their counts, the commonest first */
function learnFrom(units: Iterable<readonly [unit: string, count: number]>, most: number): Merge[] {
  const encoder = new TextEncoder();
  const pieces: CountedBytes[] = [];
  let learnt = 0;
  for (const [unit, count] of units) {
    for (const piece of piecesOf(unit)) {
      const bytes = encoder.encode(piece);
      pieces.push({ bytes, count });
      learnt += bytes.length;
    }
    if (learnt >= mostLearnt) break;
  }
  return learnMerges(pieces, most);
}

/**
 * The merges for units of texts that have been counted.
 * @param limit most tokens
 * @throws InputError if the bytes alone are more
 */
export function mergesOf(units: ReadonlyMap<string, number>, limit: number): Merge[] {
  if (limit <= byteIds) throw tooFew(limit);
  return learnFrom([...units].sort(byFrequency), limit - byteIds);
}

function encodeUnits({ counts, text, visit }: Units, merges: readonly Merge[]): TokenIds {
  const encodeBytes = createMerger(merges);
  const encoder = new TextEncoder();
  /** Tokens of all units one after another, and where each one's begin. */
  const pool: number[] = [];
  const starts = new Uint32Array(counts.length + 1);
  let length = 0;
  for (let unit = 0; unit < counts.length; unit++) {
    if (counts[unit]! > 0) {
      for (const piece of piecesOf(text(unit))) pool.push(...encodeBytes(encoder.encode(piece)));
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
