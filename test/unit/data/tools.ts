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
  }
}

/** A text with its tokenizer, both made the plain way. */
export function readPlainly(kind: Tokenizer['kind'], text: string, limit: number): ReadText {
  const tokenizer = createTokenizer(kind, text, limit);
  return { tokenizer, encoding: tokenizer.encode(text) };
}
