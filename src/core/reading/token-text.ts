/** A document's text as tokens that are made where they are wanted, and remade around edits. */
import { firstWhere } from '../numerics';
import type { Tokenizer } from '../data/tokenizer';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import { cutIntoPieces, pieceAt, replaceText, spellingOf, type TokenChange } from './pieces';
import { createSpeller, type Spelling } from './spelling';

/** A change of a text, in UTF-16 units. */
export interface TextChange {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: string;
}

/**
 * All places are in UTF-16 units. A *place* of reading is where a token ends, or 0: the state there is that after all
 * tokens that end at or before it.
 */
export interface TokenText {
  readonly tokenizer: Tokenizer;
  length(): number;
  /** @throws InputError if the change is not within the text */
  replace(change: TextChange): TokenChange;
  slice(from: number, to: number): string;
  /** The last place of reading at or before an offset. */
  place(offset: number): number;
  /** The last place of reading that has at least `count` tokens between it and an offset, or 0. */
  back(offset: number, count: number): number;
  /** Where the first token begins that ends after an offset; the text's length if there is none. */
  startAfter(offset: number): number;
  /** Where the last token ends that begins before an offset; 0 if there is none. */
  endBefore(offset: number): number;
  /** Number of tokens that begin at or after `from` and end at or before `to`. */
  count(from: number, to: number): number;
  /** These tokens; their places are in the whole text. */
  tokens(from: number, to: number): Spelling;
}

export function createTokenText(tokenizer: Tokenizer, text: string): TokenText {
  const speller = createSpeller(tokenizer);
  const pieces = cutIntoPieces(text, 0, speller);
  let length = text.length;

  /** Calls with each piece between two places, with the range of its tokens that lie between them. */
  function visit(
    from: number,
    to: number,
    each: (spelling: Spelling, start: number, first: number, end: number) => void,
  ): void {
    for (let i = pieceAt(pieces, from); i < pieces.length && pieces[i]!.start < to; i++) {
      const piece = pieces[i]!;
      const spelling = spellingOf(piece, speller);
      const first = indexFrom(spelling.starts, from - piece.start);
      const end = indexFrom(spelling.ends, to - piece.start + 1);
      if (first < end) each(spelling, piece.start, first, end);
    }
  }

  function count(from: number, to: number): number {
    let tokens = 0;
    visit(from, to, (_, __, first, end) => (tokens += end - first));
    return tokens;
  }

  return {
    tokenizer,
    length: () => length,
    count,
    replace(change) {
      const { offset, removed, inserted } = change;
      if (offset + removed > length) {
        throw new InputError(
          sentence`A change at ${offset} of ${removed} units is outside the document of ${length}.`,
          sentence`Reopen the document.`,
        );
      }
      length += inserted.length - removed;
      return replaceText(pieces, speller, change);
    },
    slice(from, to) {
      let part = '';
      for (let i = pieceAt(pieces, from); i < pieces.length && pieces[i]!.start < to; i++) {
        const { text: whole, start } = pieces[i]!;
        part += whole.slice(Math.max(0, from - start), to - start);
      }
      return part;
    },
    place(offset) {
      for (let i = pieceAt(pieces, Math.max(0, offset - 1)); i >= 0 && i < pieces.length; i--) {
        const { ends } = spellingOf(pieces[i]!, speller);
        const { start } = pieces[i]!;
        const end = indexFrom(ends, offset - start + 1);
        if (end > 0) return start + ends[end - 1]!;
      }
      return 0;
    },
    back(offset, wanted) {
      let missing = wanted;
      if (missing === 0) return this.place(offset);
      for (let i = pieceAt(pieces, Math.max(0, offset - 1)); i >= 0 && i < pieces.length; i--) {
        const { starts, ends } = spellingOf(pieces[i]!, speller);
        const end = indexFrom(ends, offset - pieces[i]!.start + 1);
        if (end >= missing) return this.place(pieces[i]!.start + starts[end - missing]!);
        missing -= end;
      }
      return 0;
    },
    startAfter(offset) {
      for (let i = pieceAt(pieces, offset); i < pieces.length; i++) {
        const { starts, ends } = spellingOf(pieces[i]!, speller);
        const { start } = pieces[i]!;
        const next = indexFrom(ends, offset - start + 1);
        if (next < ends.length) return start + starts[next]!;
      }
      return length;
    },
    endBefore(offset) {
      for (let i = pieceAt(pieces, Math.max(0, offset - 1)); i >= 0 && i < pieces.length; i--) {
        const { starts, ends } = spellingOf(pieces[i]!, speller);
        const { start } = pieces[i]!;
        const end = indexFrom(starts, offset - start);
        if (end > 0) return start + ends[end - 1]!;
      }
      return 0;
    },
    tokens(from, to) {
      const total = count(from, to);
      const ids = new Int32Array(total);
      const starts = new Int32Array(total);
      const ends = new Int32Array(total);
      let next = 0;
      visit(from, to, (spelling, start, first, end) => {
        for (let i = first; i < end; i++, next++) {
          ids[next] = spelling.ids[i]!;
          starts[next] = start + spelling.starts[i]!;
          ends[next] = start + spelling.ends[i]!;
        }
      });
      return { ids, starts, ends };
    },
  };
}

/** Index of the first of ascending values that is at least `least`. */
function indexFrom(values: Int32Array, least: number): number {
  return firstWhere(0, values.length, (i) => values[i]! >= least);
}
