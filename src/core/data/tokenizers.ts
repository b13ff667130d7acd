import * as v from 'valibot';
import { sentence } from '../sentence';
import { byteTokenizer } from './bytes';
import { characterTokenizer, charactersOf } from './characters';
import { InputError } from './input-error';
import type { Tokenizer } from './tokenizer';
import { wordTokenizer, wordsOf } from './words';

/**
 * The tokenizer for a text to train on.
 *
 * @param limit most tokens a word vocabulary may hold, UNKNOWN among them
 * @throws InputError if the text is empty or has one kind of token only: nothing to learn
 */
export function createTokenizer(kind: Tokenizer['kind'], text: string, limit: number): Tokenizer {
  if (text.length === 0) {
    throw new InputError(sentence`The text is empty.`, sentence`Give a text to learn from.`);
  }
  const characters = charactersOf(text);
  if (characters.length === 1) {
    throw new InputError(
      sentence`The text has one symbol only, ${JSON.stringify(characters[0])}: there is nothing to learn.`,
      sentence`Give a text with at least two different characters.`,
    );
  }
  switch (kind) {
    case 'char':
      return characterTokenizer(characters);
    case 'byte':
      return byteTokenizer();
    case 'word': {
      const words = wordsOf(text, limit);
      if (words.length < 2 && limit > 2) {
        throw new InputError(
          sentence`The text has one word only: there is nothing to learn.`,
          sentence`Give a longer text, or use characters as tokens (--tokenizer char).`,
        );
      }
      return wordTokenizer(words);
    }
  }
}

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
