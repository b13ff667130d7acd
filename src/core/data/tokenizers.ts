import * as v from 'valibot';
import { byteTokenizer } from './bytes';
import { characterTokenizer } from './characters';
import type { Tokenizer } from './tokenizer';
import { wordTokenizer } from './words';

const tokenizerData = v.variant('kind', [
  v.object({ kind: v.literal('char'), characters: v.pipe(v.string(), v.minLength(1)) }),
  v.object({ kind: v.literal('byte') }),
  v.object({ kind: v.literal('word'), words: v.pipe(v.array(v.string()), v.minLength(1)) }),
]);

/**
 * A tokenizer from what `toJSON` gave.
 * @throws v.ValiError if it is something else
 */
export function readTokenizer(data: unknown): Tokenizer {
  const parsed = v.parse(tokenizerData, data);
  switch (parsed.kind) {
    case 'char':
      return characterTokenizer(Array.from(parsed.characters));
    case 'byte':
      return byteTokenizer();
    case 'word':
      return wordTokenizer(parsed.words);
  }
}
