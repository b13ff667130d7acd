/** A text as tokens together with the places they stand for, in UTF-16 units. */
import { unitsOf } from '../data/bpe';
import { prepareText } from '../data/text';
import type { Tokenizer } from '../data/tokenizer';
import { isWordBreak, segmentsOf } from '../data/words';

/**
 * Tokens of a stretch of text, in order. A unit (a character, a word, a line end of two characters) may be several
 * tokens, which then have the same place, or none.
 */
export interface Spelling {
  readonly ids: Int32Array;
  /** Where each one's unit begins and ends, counted from the stretch's start. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface Speller {
  /** The tokens of a stretch that begins and ends where `mayCut` allows, or where the text does. */
  spell(text: string, isTextStart: boolean): Spelling;
  /**
   * Whether the tokens before and after a place within a text are those of the two parts by themselves, whatever
   * else the parts hold.
   */
  mayCut(text: string, at: number): boolean;
}

/** Words that are looked up often are remembered; when they are more than this, all are forgotten. */
const mostRemembered = 50_000;

/** For any tokenizer: the tokens are those that it makes of the prepared text. */
export function createSpeller(tokenizer: Tokenizer): Speller {
  if (tokenizer.kind === 'word') return wordSpeller(tokenizer, segmentsOf);
  return tokenizer.kind === 'bpe' ? wordSpeller(tokenizer, unitsOf) : characterSpeller(tokenizer);
}

/** Of a unit as the tokenizer encodes it. */
function remembered(tokenizer: Tokenizer): (unit: string) => ArrayLike<number> {
  const known = new Map<string, ArrayLike<number>>();
  return (unit) => {
    let ids = known.get(unit);
    if (ids === undefined) {
      if (known.size >= mostRemembered) known.clear();
      // Behind something else: a byte order mark is left out at a text's start alone.
      ids = tokenizer.encode(prepareText(` ${unit}`).text.slice(1)).ids;
      known.set(unit, ids);
    }
    return ids;
  };
}

function characterSpeller(tokenizer: Tokenizer): Speller {
  const idsOf = remembered(tokenizer);
  return {
    spell(text, isTextStart) {
      const list = createList(text.length);
      for (let at = isTextStart && text.startsWith('\uFEFF') ? 1 : 0; at < text.length;) {
        const end = at + unitLength(text, at);
        list.add(idsOf(text.slice(at, end)), at, end);
        at = end;
      }
      return list.end();
    },
    mayCut: (text, at) => !isPair(text, at) && !isLineEndWithin(text, at),
  };
}

/** @param unitsIn cuts a line into what is encoded by itself */
function wordSpeller(tokenizer: Tokenizer, unitsIn: (line: string) => Iterable<string>): Speller {
  const idsOf = remembered(tokenizer);
  return {
    spell(text, isTextStart) {
      const list = createList(64);
      const from = isTextStart && text.startsWith('\uFEFF') ? 1 : 0;
      const lineEnd = /\r\n?|\n/g;
      lineEnd.lastIndex = from;
      for (let start = from; start < text.length;) {
        const found = lineEnd.exec(text);
        const end = found === null ? text.length : found.index;
        // A lone surrogate is one broken character, as long as what it becomes.
        const line = text.slice(start, end).replace(/\p{Surrogate}/gu, '\uFFFD');
        let at = start;
        for (const word of unitsIn(line)) {
          list.add(idsOf(word), at, at + word.length);
          at += word.length;
        }
        if (found !== null) list.add(idsOf('\n'), end, end + found[0].length);
        start = end + (found === null ? 0 : found[0].length);
      }
      return list.end();
    },
    mayCut: (text, at) => text[at - 1] === '\n' || isWordBreak(text, at),
  };
}

/** A code point, or a Windows line end. */
function unitLength(text: string, at: number): number {
  if (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10) return 2;
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** Whether the units on both sides of a place are the halves of one character. */
function isPair(text: string, at: number): boolean {
  return (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

function isLineEndWithin(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) === 13 && text.charCodeAt(at) === 10;
}

/** Collects tokens in arrays that grow. */
function createList(capacity: number): {
  add(ids: ArrayLike<number>, start: number, end: number): void;
  end(): Spelling;
} {
  let rows = new Int32Array(3 * Math.max(16, capacity));
  let length = 0;
  return {
    add(ids, start, end) {
      if (3 * (length + ids.length) > rows.length) {
        const larger = new Int32Array(2 * rows.length + 3 * ids.length);
        larger.set(rows);
        rows = larger;
      }
      for (let i = 0; i < ids.length; i++) {
        rows[3 * length] = ids[i]!;
        rows[3 * length + 1] = start;
        rows[3 * length + 2] = end;
        length++;
      }
    },
    end() {
      const column = (which: number): Int32Array => {
        const values = new Int32Array(length);
        for (let i = 0; i < length; i++) values[i] = rows[3 * i + which]!;
        return values;
      };
      return { ids: column(0), starts: column(1), ends: column(2) };
    },
  };
}
