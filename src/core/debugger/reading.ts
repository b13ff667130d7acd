/** What is gone through: a text's tokens, or tokens that are there already. */
import type { TokenIds, Tokenizer } from '../data/tokenizer';
import { InputError } from '../input-error';
import { sentence } from '../sentence';

/** Most tokens that are gone through. */
const longestDebugged = 100_000;

export interface Reading {
  /** One more than there are steps: each is predicted from those before it. */
  readonly ids: TokenIds;
  readonly text: string;
  /** Where each token begins in the text, and where the last one ends, in UTF-16 units: `[T + 2]`. */
  readonly offsets: Int32Array<ArrayBuffer>;
  /** Characters or words that the model does not know. */
  readonly unknown: readonly string[];
}

/** @throws InputError if the text is too short or too long */
export function readText(tokenizer: Tokenizer, text: string): Reading {
  const { ids, unknown, ...encoding } = tokenizer.encode(text);
  if (ids.length < 2) {
    throw new InputError(
      sentence`This text is too short: a token is predicted from those before it.`,
      sentence`Choose a text of at least two tokens.`,
    );
  }
  if (ids.length > longestDebugged) {
    throw new InputError(
      sentence`This text has ${ids.length} tokens, and at most ${longestDebugged} are gone through.`,
      sentence`Select a part of it.`,
    );
  }
  const offsets = offsetsIn(text, ids.length, (from, to) => encoding.characters(from, to));
  return { ids, text, offsets, unknown: unknown.examples };
}

/** Tokens as the text that they stand for. */
export function readTokens(tokenizer: Tokenizer, ids: TokenIds): Reading {
  const decoder = tokenizer.decoder();
  const offsets = new Int32Array(ids.length + 1);
  let text = '';
  ids.forEach((id, i) => {
    text += decoder.push(id);
    offsets[i + 1] = text.length;
  });
  return { ids, text: text + decoder.end(), offsets, unknown: [] };
}

/** Where tokens begin, in UTF-16 units, from how many code points each stands for. */
function offsetsIn(
  text: string,
  tokens: number,
  characters: (from: number, to: number) => number,
): Int32Array<ArrayBuffer> {
  const offsets = new Int32Array(tokens + 1);
  let offset = 0;
  for (let i = 0; i < tokens; i++) {
    offsets[i] = offset;
    for (let left = characters(i, i + 1); left > 0 && offset < text.length; left--) {
      offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
    }
  }
  offsets[tokens] = offset;
  return offsets;
}
