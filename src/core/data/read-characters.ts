import { characterEncoding, characterTokenizer } from './characters';
import { createIdStore, type IdStore } from './id-store';
import type { ReaderOptions, TextReader } from './reader';
import {
  idArray,
  nothingUnknown,
  unknownExamples,
  type Encoding,
  type TokenIds,
  type Tokenizer,
} from './tokenizer';
import { createAdditions, noAdditions, tokenOf } from './unknown';
import { skipAscii } from './utf8';
import { refuseEmpty, refuseSingle } from './worth-learning';

/** So many bytes are numbered before the numbers are stored. */
const atOnce = 1 << 16;
/** An ASCII character's number is its code; others have numbers from here on, as they appear. */
const firstBeyond = 0x80;

/** Numbers the characters, then makes the numbers ids. */
export function createCharacterReader({ bytes, tokenizer }: ReaderOptions): TextReader {
  const store = createIdStore(bytes);
  const isSeen = new Uint8Array(firstBeyond);
  /** Numbers by code point beyond ASCII; 0: not seen yet. */
  const numbers = new Uint32Array(0x110000);
  const beyond: number[] = [];
  const chunk = new Uint32Array(Math.min(bytes, atOnce));

  function learn(point: number): number {
    const number = firstBeyond + beyond.length;
    beyond.push(point);
    numbers[point] = number;
    return number;
  }

  function pushAscii(utf8: Uint8Array): void {
    for (let i = 0; i < utf8.length; i++) isSeen[utf8[i]!] = 1;
    store.append(utf8, utf8.length, firstBeyond);
  }

  /** Numbers the characters that begin in `[from, to)`; returns where the next one begins. */
  function pushMixed(utf8: Uint8Array, from: number, to: number): number {
    let at = from;
    let length = 0;
    while (at < to) {
      const lead = utf8[at]!;
      if (lead < 0x80) {
        isSeen[lead] = 1;
        chunk[length++] = lead;
        at++;
        continue;
      }
      let point: number;
      if (lead < 0xe0) {
        point = ((lead & 0x1f) << 6) | (utf8[at + 1]! & 0x3f);
        at += 2;
      } else if (lead < 0xf0) {
        point = ((lead & 0xf) << 12) | ((utf8[at + 1]! & 0x3f) << 6) | (utf8[at + 2]! & 0x3f);
        at += 3;
      } else {
        point =
          ((lead & 7) << 18) |
          ((utf8[at + 1]! & 0x3f) << 12) |
          ((utf8[at + 2]! & 0x3f) << 6) |
          (utf8[at + 3]! & 0x3f);
        at += 4;
      }
      const known = numbers[point]!;
      chunk[length++] = known === 0 ? learn(point) : known;
    }
    store.append(chunk, length, firstBeyond + beyond.length);
    return at;
  }

  return {
    push(utf8) {
      for (let at = 0; at < utf8.length;) {
        const end = Math.min(utf8.length, at + atOnce);
        const block = utf8.subarray(at, end);
        if (skipAscii(block, 0) < block.length) {
          at = pushMixed(utf8, at, end);
        } else {
          pushAscii(block);
          at = end;
        }
      }
    },
    finish() {
      const ascii = [...isSeen.keys()].filter((code) => isSeen[code] === 1);
      const seen = [...ascii, ...beyond].map((point, i) => ({
        number: i < ascii.length ? point : firstBeyond + i - ascii.length,
        character: String.fromCodePoint(point),
      }));
      if (tokenizer !== undefined) {
        return { tokenizer, encoding: encodeNumbers(store, seen, tokenizer) };
      }
      refuseEmpty(seen.length);
      refuseSingle(new Set(seen.map(({ character }) => character)));
      const points = [...ascii, ...beyond.sort((a, b) => a - b)];
      const learnt = characterTokenizer(points.map((point) => String.fromCodePoint(point)));
      return { tokenizer: learnt, encoding: encodeNumbers(store, seen, learnt) };
    },
  };
}

/** A character of the text, and its number. */
interface Numbered {
  readonly number: number;
  readonly character: string;
}

/** Makes the numbers a tokenizer's ids. */
function encodeNumbers(store: IdStore, seen: readonly Numbered[], tokenizer: Tokenizer): Encoding {
  const { vocabulary } = tokenizer;
  const readAs = new Map(
    seen.map(({ number, character }) => [number, tokenizer.idsOf(character)] as const),
  );
  const strange = seen.filter(({ character }) => !tokenizer.knows(character));
  if (strange.length === 0) {
    return characterEncoding(
      store.finish(tableOf(readAs), vocabulary),
      nothingUnknown,
      noAdditions,
    );
  }
  return spellOut(store.numbers(), readAs, strange, tokenizer);
}

function tableOf(readAs: ReadonlyMap<number, readonly number[]>): Uint32Array {
  const table = new Uint32Array(largest(readAs.keys()) + 1);
  for (const [number, [id = 0]] of readAs) table[number] = id;
  return table;
}

/** Of numbers from 0; they may be too many for `Math.max`. */
function largest(numbers: Iterable<number>): number {
  let most = 0;
  for (const number of numbers) most = Math.max(most, number);
  return most;
}

/** For a text with characters that are read as others, as several tokens, or as none. */
function spellOut(
  numbers: TokenIds,
  readAs: ReadonlyMap<number, readonly number[]>,
  strange: readonly Numbered[],
  tokenizer: Tokenizer,
): Encoding {
  const tokensOf = Array.from(
    { length: largest(readAs.keys()) + 1 },
    (_, i) => readAs.get(i) ?? [],
  );
  const added = new Map(
    strange.map(({ number, character }) => [
      number,
      { characters: 1 - tokensOf[number]!.length, spelling: tokenizer.spelling(character) },
    ]),
  );
  const isStrange = Uint8Array.from(tokensOf, (_, number) => Number(added.has(number)));
  let [length, times] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    length += tokensOf[numbers[i]!]!.length;
    times += isStrange[numbers[i]!]!;
  }
  const ids = idArray(tokenizer.vocabulary, length);
  const additions = createAdditions(times);
  let at = 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    for (const id of tokensOf[number]!) ids[at++] = id;
    if (isStrange[number] === 1) additions.add(tokenOf(at), added.get(number)!);
  }
  const examples = strange.slice(0, unknownExamples).map(({ character }) => character);
  const unknown = { kinds: strange.length, times, examples };
  return characterEncoding(ids, unknown, additions.finish());
}
