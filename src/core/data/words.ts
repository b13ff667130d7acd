import {
  count,
  decodeAll,
  idArray,
  printable,
  unknownOf,
  type Encoding,
  type Tokenizer,
} from './tokenizer';
import { createSpellingCost } from './unknown';

/** What UNKNOWN looks like in decoded text. */
export const unknownText = '<UNKNOWN>';

/**
 * Words: a token is a word, a punctuation mark or white space, as Unicode's word boundaries cut the text
 * (UAX #29; dictionaries for Chinese, Japanese, Thai…), so that the tokens joined are the text again. Id 0
 * is UNKNOWN, for words beyond the size limit and for words never seen; a word known in another case stands
 * in for itself.
 *
 * @param words the vocabulary without UNKNOWN
 */
export function wordTokenizer(words: readonly string[]): Tokenizer {
  const idOf = new Map(words.map((word, index) => [word, index + 1]));
  const vocabulary = words.length + 1;
  const spelling = createSpellingCost(words);

  function idOfWord(word: string): number {
    return idOf.get(word) ?? variantOf(word);
  }

  function variantOf(word: string): number {
    for (const variant of [word.toLowerCase(), capitalised(word)]) {
      const id = idOf.get(variant);
      // One of another length would make the text longer or shorter than it is.
      if (id !== undefined && codePoints(variant) === codePoints(word)) return id;
    }
    return 0;
  }

  function encode(text: string): Encoding {
    const ids: number[] = [];
    const lengths: number[] = [];
    const costs: number[] = [];
    const unknown = new Map<string, number>();
    for (const word of segmentsOf(text)) {
      const isKnown = idOf.has(word);
      if (!isKnown) count(unknown, word);
      ids.push(idOfWord(word));
      lengths.push(codePoints(word));
      costs.push(isKnown ? 0 : spelling(word));
    }
    const array = idArray(vocabulary, ids.length);
    array.set(ids);
    return {
      ids: array,
      unknown: unknownOf(unknown),
      characters: (from, to) => sum(lengths.slice(from, to)),
      spelling: (from, to) => sum(costs.slice(from, to)),
    };
  }

  return {
    kind: 'word',
    vocabulary,
    unknown: 0,
    encode,
    idsOf: (word) => [idOfWord(word)],
    knows: (word) => idOf.has(word),
    spelling,
    decode(ids) {
      return decodeAll(this.decoder(), ids);
    },
    decoder: () => ({
      push: (id) => (id === 0 ? unknownText : (words[id - 1] ?? '')),
      end: () => '',
    }),
    describe: (id) => (id === 0 ? 'UNKNOWN' : printable(words[id - 1] ?? '')),
    toJSON: () => ({ kind: 'word', words }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Orders words for a vocabulary: the commonest first, of equally common ones by their characters. */
export function byFrequency(
  [a, m]: readonly [string, number],
  [b, n]: readonly [string, number],
): number {
  return n - m || (a < b ? -1 : 1);
}

/**
 * The time that segmenting takes grows with the square of what is segmented at once: about so many units. What has no
 * break is cut after each `most` units from its beginning, so that it is cut alike wherever it is read from.
 */
const atOnce = 500;
const most = 4000;
/** Where no word goes across: before a space, and behind a full stop where nothing joins it. */
const surely = /(?<=[!-~])(?= )|(?<=[。、！？])(?=[\p{Lu}\p{Ll}\p{Lo}\p{Nd}\p{Ps}\p{Pi}])/gu;

/** How a long line is cut, for a script that has to cut it in the same places (exports/script/tokenizer.ts). */
export const lineBreaks = { atOnce, most, surely } as const;

let segmenter: Intl.Segmenter | undefined;

/** The words of a text, as the rules and the dictionaries of the runtime's ICU cut each of its lines. */
export function* segmentsOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf('\n', start);
    const line = text.slice(start, lineEnd < 0 ? text.length : lineEnd + 1);
    for (let from = 0; from < line.length;) {
      const to = breakBehind(line, from);
      yield* cut(line.slice(from, to));
      from = to;
    }
    start += line.length;
  }
}

/** ASCII up to where words surely end, or to the end of the part. */
const plain = /[\0-\x7f]+(?:(?<=[!-~])(?= )|$)/y;
/** Anything up to there. */
const strange = /[^]+?(?:(?<=[!-~])(?= )|$)/y;

/** Cuts a part of a line: what is ASCII by its few rules, twenty times as fast as the runtime cuts it. */
function* cut(part: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' });
  for (let at = 0; at < part.length;) {
    plain.lastIndex = at;
    const [ascii] = plain.exec(part) ?? [];
    if (ascii !== undefined) {
      yield* ascii.match(asciiWords()) ?? [];
      at += ascii.length;
      continue;
    }
    strange.lastIndex = at;
    const [other = ''] = strange.exec(part) ?? [];
    for (const { segment } of segmenter.segment(other)) yield segment;
    at += other.length;
  }
}

let asciiPattern: RegExp | undefined;

/** The words of ASCII (UAX #29). Which marks join letters or digits, versions of ICU do not agree on: it is asked. */
function asciiWords(): RegExp {
  const joining = (digit: string): string =>
    Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code))
      .filter((mark) => /[!-/:-@[-^`{-~]/.test(mark) && isOneWord(`${digit}${mark}${digit}`))
      .map((mark) => `\\x${mark.charCodeAt(0).toString(16)}`)
      .join('');
  asciiPattern ??= new RegExp(
    `\\w+(?:(?:(?<=[A-Za-z])[${joining('a')}](?=[A-Za-z])|(?<=\\d)[${joining('1')}](?=\\d))\\w+)*| +|\\r\\n|[^]`,
    'g',
  );
  return asciiPattern;
}

function isOneWord(text: string): boolean {
  return Array.from(segmenter!.segment(text)).length === 1;
}

/** Whether words surely end at a place within a text: a word boundary (UAX #29) that nothing on either side can undo. */
export function isWordBreak(text: string, at: number): boolean {
  surely.lastIndex = 1;
  // With both halves of a character behind it.
  return at > 0 && surely.exec(text.slice(at - 1, at + 2))?.index === 1;
}

/** The last break in a part of a line that goes on for at least as long as a part can be; 0: none. */
export function lastBreak(line: string): number {
  let at = 0;
  while (line.length - at > most + 1) at = breakBehind(line, at);
  return at;
}

function breakBehind(line: string, from: number): number {
  if (line.length - from <= 2 * atOnce) return line.length;
  const part = line.slice(from, from + most);
  surely.lastIndex = atOnce;
  const near = surely.exec(part)?.index ?? Array.from(part.matchAll(surely)).at(-1)?.index;
  if (near !== undefined) return from + near;
  const end = from + part.length;
  // Not between the two halves of a character.
  return end + Number((line.charCodeAt(end) & 0xfc00) === 0xdc00);
}

function capitalised(word: string): string {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('');
}

/** Number of Unicode code points. */
function codePoints(word: string): number {
  let points = 0;
  for (let i = 0; i < word.length; i++) if ((word.charCodeAt(i) & 0xfc00) !== 0xdc00) points++;
  return points;
}
