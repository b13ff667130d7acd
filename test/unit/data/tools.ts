import { bpeTokenizer, unitsOf } from '../../../src/core/data/bpe';
import { byteTokenizer } from '../../../src/core/data/bytes';
import { characterTokenizer } from '../../../src/core/data/characters';
import type { ReadText } from '../../../src/core/data/reader';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { byFrequency, segmentsOf, wordTokenizer } from '../../../src/core/data/words';

/** The tokenizer for a text, made the plain way. */
export function createTokenizer(kind: Tokenizer['kind'], text: string, limit: number): Tokenizer {
  switch (kind) {
    case 'char': {
      const points = new Set(Array.from(text, (character) => character.codePointAt(0)!));
      const sorted = [...points].sort((a, b) => a - b);
      return characterTokenizer(sorted.map((point) => String.fromCodePoint(point)));
    }
    case 'byte':
      return byteTokenizer();
    case 'word': {
      const counts = new Map<string, number>();
      for (const word of segmentsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
      const commonest = [...counts].sort(byFrequency).slice(0, limit - 1);
      return wordTokenizer(commonest.map(([word]) => word));
    }
    case 'bpe':
      return bpeTokenizer(slowMerges(text, limit - 256));
  }
}

/**
 * Merges by the definition (Sennrich, Haddow & Birch 2016, algorithm 1): all pairs are counted again before each. Of
 * equally common ones the lower ids.
 */
export function slowMerges(text: string, most: number): [number, number][] {
  const merges: [number, number][] = [];
  const pieces = new Map<string, number>();
  for (const unit of unitsOf(text)) {
    const points = Array.from(unit);
    while (points.length > 0) {
      const piece = points.splice(0, 32).join('');
      pieces.set(piece, (pieces.get(piece) ?? 0) + 1);
    }
  }
  let units = [...pieces].map(([piece, count]) => ({
    ids: [...new TextEncoder().encode(piece)],
    count,
  }));
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const { ids, count } of units) {
      ids.slice(1).forEach((id, i) => {
        const pair = `${ids[i]!} ${id}`;
        counts.set(pair, (counts.get(pair) ?? 0) + count);
      });
    }
    const [best] = [...counts]
      .map(([pair, count]) => ({ pair: pair.split(' ').map(Number), count }))
      .sort((a, b) => b.count - a.count || a.pair[0]! - b.pair[0]! || a.pair[1]! - b.pair[1]!);
    if (best === undefined || best.count < 2) break;
    const [left = 0, right = 0] = best.pair;
    merges.push([left, right]);
    const token = 255 + merges.length;
    units = units.map(({ ids, count }) => ({ ids: replaced(ids, left, right, token), count }));
  }
  return merges;
}

/** Each pair, from left to right, as one token. */
export function replaced(
  ids: readonly number[],
  left: number,
  right: number,
  token: number,
): number[] {
  const made: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    const isPair = ids[i] === left && ids[i + 1] === right;
    made.push(isPair ? token : ids[i]!);
    if (isPair) i++;
  }
  return made;
}

/** A text with its tokenizer, both made the plain way. */
export function readPlainly(kind: Tokenizer['kind'], text: string, limit: number): ReadText {
  const tokenizer = createTokenizer(kind, text, limit);
  return { tokenizer, encoding: tokenizer.encode(text) };
}
