import * as v from 'valibot';
import { bpeTokenizer, byteIds, longestToken, mostIds, type Merge } from './bpe';
import { byteTokenizer } from './bytes';
import { characterTokenizer } from './characters';
import { withBoundary } from './documents';
import type { Tokenizer } from './tokenizer';
import { wordTokenizer } from './words';

const documents = v.optional(v.boolean());
const tokenizerData = v.variant('kind', [
  v.object({ documents, kind: v.literal('char'), characters: v.pipe(v.string(), v.minLength(1)) }),
  v.object({ documents, kind: v.literal('byte') }),
  v.object({
    documents,
    kind: v.literal('word'),
    words: v.pipe(v.array(v.string()), v.minLength(1)),
  }),
  v.object({
    documents,
    kind: v.literal('bpe'),
    merges: v.pipe(
      v.array(v.pipe(v.tuple([v.number(), v.number()]), v.readonly())),
      v.readonly(),
      v.maxLength(mostIds - byteIds),
      v.check(areMerges, 'Expected merges of tokens that come before them'),
    ),
  }),
]);

/** Whether each merge is of two tokens before it, and none is so long that memory would end. */
function areMerges(merges: readonly Merge[]): boolean {
  const lengths = new Array<number>(byteIds).fill(1);
  return merges.every((pair) => {
    const length = pair.reduce((sum, id) => sum + (lengths[id] ?? Infinity), 0);
    lengths.push(length);
    return length <= longestToken;
  });
}

/**
 * A tokenizer from what `toJSON` gave.
 * @throws v.ValiError if it is something else
 */
export function readTokenizer(data: unknown): Tokenizer {
  const parsed = v.parse(tokenizerData, data);
  const tokenizer = tokenizerOf(parsed);
  return parsed.documents === true ? withBoundary(tokenizer) : tokenizer;
}

function tokenizerOf(parsed: v.InferOutput<typeof tokenizerData>): Tokenizer {
  switch (parsed.kind) {
    case 'char':
      return characterTokenizer(Array.from(parsed.characters));
    case 'byte':
      return byteTokenizer();
    case 'word':
      return wordTokenizer(parsed.words);
    case 'bpe':
      return bpeTokenizer(parsed.merges);
  }
}
