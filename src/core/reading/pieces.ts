/** A text in pieces, so that an edit touches little of it however long it is, and tokens are made where they are wanted. */
import { firstWhere } from '../numerics';
import type { Speller, Spelling } from './spelling';

/** A part of the text, with its tokens once someone has wanted them. */
export interface Piece {
  readonly text: string;
  /** Where it begins in the whole text. */
  start: number;
  spelling: Spelling | undefined;
}

/** UTF-16 units of a piece, as far as places to cut can be found. */
const usual = 1024;
const smallest = 256;

/** Cuts a text; empty for an empty one. */
export function cutIntoPieces(text: string, start: number, { mayCut }: Speller): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + usual);
    while (to < text.length && !mayCut(text, to)) to++;
    // No small piece is left over at the end.
    if (text.length - to < smallest) to = text.length;
    pieces.push({ text: text.slice(from, to), start: start + from, spelling: undefined });
    from = to;
  }
  return pieces;
}

/** Index of the piece that holds the unit at an offset; the last one for the text's end. */
export function pieceAt(pieces: readonly Piece[], offset: number): number {
  return firstWhere(1, pieces.length, (i) => pieces[i]!.start > offset) - 1;
}

/**
 * What an edit does to tokens: those that end at or before `from` are the same as before, and so are those that
 * begin at or after `oldTo`, which is now `newTo`.
 */
export interface TokenChange {
  readonly from: number;
  readonly oldTo: number;
  readonly newTo: number;
}

/**
 * Replaces a stretch of the text. Pieces are remade around it, so far that each border is a place to cut again.
 *
 * @param pieces changed in place
 */
export function replaceText(
  pieces: Piece[],
  speller: Speller,
  { offset, removed, inserted }: { offset: number; removed: number; inserted: string },
): TokenChange {
  const last = pieces.at(-1);
  const length = last === undefined ? 0 : last.start + last.text.length;
  const first = pieceAt(pieces, Math.max(0, offset - 1));
  let end = removed === 0 ? first : pieceAt(pieces, offset + removed);
  const start = pieces[first]?.start ?? 0;
  const joined = (to: number): string =>
    pieces
      .slice(first, to + 1)
      .map(({ text }) => text)
      .join('');
  const edited = (text: string): string =>
    text.slice(0, offset - start) + inserted + text.slice(offset - start + removed);
  let before = joined(end);
  // The border after the last one may have lost what made it a place to cut.
  while (end + 1 < pieces.length) {
    const after = edited(before);
    if (after !== '' && speller.mayCut(after + pieces[end + 1]!.text, after.length)) break;
    end++;
    before = joined(end);
  }
  let from = first;
  let text = edited(before);
  let textStart = start;
  // So may the one before the first, if nothing of the first is left as it was.
  while (
    from > 0 &&
    !speller.mayCut(pieces[from - 1]!.text + text, pieces[from - 1]!.text.length)
  ) {
    from--;
    text = pieces[from]!.text + text;
    textStart = pieces[from]!.start;
  }
  const old = pieces.slice(from, end + 1);
  const made = cutIntoPieces(text, textStart, speller);
  pieces.splice(from, old.length, ...made);
  const shift = inserted.length - removed;
  for (let i = from + made.length; i < pieces.length; i++) pieces[i]!.start += shift;
  const oldEnd =
    old.length === 0 ? 0 : Math.min(length, old.at(-1)!.start + old.at(-1)!.text.length);
  return changeOf(speller, old, made, { start: textStart, oldEnd, shift });
}

/** Compares the tokens of what was replaced with those of what replaced it, if there were any. */
function changeOf(
  speller: Speller,
  old: readonly Piece[],
  made: readonly Piece[],
  { start, oldEnd, shift }: { start: number; oldEnd: number; shift: number },
): TokenChange {
  if (old.some(({ spelling }) => spelling === undefined)) {
    return { from: start, oldTo: oldEnd, newTo: oldEnd + shift };
  }
  const before = flat(old, speller);
  const after = flat(made, speller);
  const [m, n] = [before.length / 3, after.length / 3];
  const isUnitEnd = (tokens: readonly number[], i: number): boolean =>
    3 * i >= tokens.length || i === 0 || tokens[3 * i + 1] !== tokens[3 * i - 2];
  let same = 0;
  while (same < m && same < n && sameToken(before, same, after, same, 0)) same++;
  while (same > 0 && !(isUnitEnd(before, same) && isUnitEnd(after, same))) same--;
  let tail = 0;
  while (
    tail < m - same &&
    tail < n - same &&
    sameToken(before, m - 1 - tail, after, n - 1 - tail, shift)
  ) {
    tail++;
  }
  while (tail > 0 && !(isUnitEnd(before, m - tail) && isUnitEnd(after, n - tail))) tail--;
  const from = same === 0 ? start : before[3 * same - 1]!;
  const oldTo = tail === 0 ? oldEnd : before[3 * (m - tail) + 1]!;
  return { from, oldTo, newTo: oldTo + shift };
}

/** Id, start and end of each token, in the whole text. */
function flat(pieces: readonly Piece[], speller: Speller): number[] {
  const tokens: number[] = [];
  for (const piece of pieces) {
    const { ids, starts, ends } = spellingOf(piece, speller);
    for (let i = 0; i < ids.length; i++) {
      tokens.push(ids[i]!, piece.start + starts[i]!, piece.start + ends[i]!);
    }
  }
  return tokens;
}

function sameToken(
  a: readonly number[],
  i: number,
  b: readonly number[],
  j: number,
  shift: number,
): boolean {
  return (
    a[3 * i] === b[3 * j] &&
    a[3 * i + 1]! + shift === b[3 * j + 1] &&
    a[3 * i + 2]! + shift === b[3 * j + 2]
  );
}

/** A piece's tokens; made when first asked for. */
export function spellingOf(piece: Piece, speller: Speller): Spelling {
  piece.spelling ??= speller.spell(piece.text, piece.start === 0);
  return piece.spelling;
}
