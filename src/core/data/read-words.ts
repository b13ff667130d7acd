import { documentMark } from './documents';
import { sentence } from '../sentence';
import { createEscapedStore, createIdStore, type NumberStore } from './id-store';
import { InputError } from '../input-error';
import type { ReaderOptions, TextReader } from './reader';
import { unknownExamples, type Encoding, type Tokenizer } from './tokenizer';
import { createAdditions } from './unknown';
import { wholeCharacters } from './utf8';
import {
  blockBytes,
  createWordTable,
  decode,
  type WordEntries,
  type WordIds,
  type WordTable,
} from './word-table';
import { lastEnd } from './word-ends';
import { byFrequency, lastBreak, wordTokenizer } from './words';
import { refuseEmpty, refuseSingle } from './worth-learning';

/** Most ids that two bytes hold. */
const mostShortIds = 0x10000;

/** Numbers the words of a text in the order of their first appearance. */
export interface WordCutter {
  /** Takes whole characters. */
  push(utf8: Uint8Array): void;
  /** The words, once all of the text is in the store. */
  finish(): WordTable;
}

export function createWordCutter(store: NumberStore): WordCutter {
  const table = createWordTable();
  /** Bytes that wait in the table's input. */
  let waiting = 0;

  function cut(length: number): void {
    const numbers = table.cut(length, waiting);
    store.append(numbers, numbers.length, table.size);
    table.input().copyWithin(0, length, waiting);
    waiting -= length;
  }

  return {
    push(utf8) {
      for (let at = 0; at < utf8.length;) {
        const count = Math.min(blockBytes - waiting, utf8.length - at);
        table.input().set(utf8.subarray(at, at + count), waiting);
        waiting += count;
        at += count;
        if (waiting === blockBytes) cut(breakIn(table.input()));
      }
    },
    finish() {
      if (waiting > 0) cut(waiting);
      return table;
    },
  };
}

/** Numbers the words, then makes the numbers ids. */
export function createWordReader({
  bytes,
  tokenizer,
  limit,
  ofDocuments = false,
}: ReaderOptions): TextReader {
  const isShort = (tokenizer?.vocabulary ?? limit) <= mostShortIds;
  const store = isShort ? createEscapedStore(bytes) : createIdStore(bytes);
  const cutter = createWordCutter(store);
  return {
    push: cutter.push,
    finish() {
      const table = cutter.finish();
      const data = tokenizer?.toJSON();
      const words = data?.kind === 'word' ? data.words : learn(table.entries(), limit, ofDocuments);
      const made = tokenizer ?? wordTokenizer(words);
      const ids = table.idsFor(words);
      return { tokenizer: made, encoding: encodeNumbers(store, table.entries(), made, ids) };
    },
  };
}

/** The last place in a full block where words surely end, or else where what has no break is cut. */
function breakIn(block: Uint8Array): number {
  const found = lastEnd(block, 0, block.length - 1);
  if (found > 0) return found;
  const line = decode(block.subarray(0, wholeCharacters(block)));
  return new TextEncoder().encode(line.slice(0, lastBreak(line))).length;
}

/**
 * The commonest words, at most `limit - 1`, so that with UNKNOWN they are `limit`.
 * @throws InputError if there is nothing to learn
 */
function learn({ counts, word }: WordEntries, limit: number, ofDocuments: boolean): string[] {
  refuseTooFew(counts, word);
  const least = leastOf(counts, limit - 1);
  const found: [string, number][] = [];
  counts.forEach((count, number) => {
    if (count >= least) found.push([word(number), count]);
  });
  const words = found
    .sort(byFrequency)
    .slice(0, limit - 1)
    .map(([text]) => text);
  // What every document begins with is known however rare it is beside their words.
  if (ofDocuments && !words.includes(documentMark)) words[words.length - 1] = documentMark;
  return words;
}

/** @throws InputError if the whole text, whatever of it the vocabulary has room for, has nothing to learn */
function refuseTooFew(counts: Uint32Array, word: WordEntries['word']): void {
  const present: number[] = [];
  // Eight words that differ have two characters that do.
  for (let number = 0; number < counts.length && present.length < 8; number++) {
    if (counts[number]! > 0) present.push(number);
  }
  refuseEmpty(present.length);
  if (present.length < 8) refuseSingle(new Set(present.map(word).join('')));
  if (present.length < 2) {
    throw new InputError(
      sentence`The text has only one word: there is nothing to learn.`,
      sentence`Give a longer text, or use characters as tokens (--tokenizer char).`,
    );
  }
}

/** How often a word came that is one of the `most` commonest: at least so often, and at least once. */
function leastOf(counts: Uint32Array, most: number): number {
  const highest = 0xffff;
  const histogram = new Uint32Array(highest + 1);
  for (const count of counts) histogram[Math.min(count, highest)]! += 1;
  let least = highest;
  for (let words = histogram[least]!; words < most && least > 1;) words += histogram[--least]!;
  return least;
}

/** Makes the numbers of the words ids. */
function encodeNumbers(
  store: NumberStore,
  { counts, lengths, isAscii, word }: WordEntries,
  tokenizer: Tokenizer,
  { ids: idOfNumber, isKnown }: WordIds,
): Encoding {
  const lengthOfId = new Uint32Array(tokenizer.vocabulary);
  const examples: string[] = [];
  const unknown = { kinds: 0, times: 0, examples };
  counts.forEach((count, number) => {
    // The table knows nothing of capitals beyond ASCII.
    if (idOfNumber[number] === 0 && !isAscii(number)) {
      idOfNumber[number] = tokenizer.idsOf(word(number))[0] ?? 0;
    }
    lengthOfId[idOfNumber[number]!] = lengths[number]!;
    if (count === 0 || isKnown[number] === 1) return;
    unknown.kinds++;
    unknown.times += count;
    if (examples.length < unknownExamples) examples.push(word(number));
  });
  // UNKNOWN stands for words of any length: theirs are among the additions.
  lengthOfId[0] = 0;
  const additions = createAdditions(unknown.times);
  const ids = store.finish(idOfNumber, tokenizer.vocabulary, {
    isKnown,
    found(number, place) {
      const characters = idOfNumber[number] === 0 ? lengths[number]! : 0;
      additions.add(place, { characters, spelling: tokenizer.spelling(word(number)) });
    },
  });
  const { between } = additions.finish();
  return {
    ids,
    unknown,
    characters(from, to) {
      let { characters } = between(from, to);
      for (let i = from; i < to; i++) characters += lengthOfId[ids[i]!]!;
      return characters;
    },
    spelling: (from, to) => between(from, to).spelling,
  };
}
