/** A text that is made of documents: what stands between them, and where each begins. */
import type { Tokenizer, TokenIds } from './tokenizer';

/**
 * Stands before each document of a corpus, and behind the last: the character that Unicode has for it, “file separator”.
 * A model reads it like any other, and learns that nothing before it matters to what follows.
 */
export const documentMark = '\u001C';

/** The same tokenizer, which knows the mark between documents by its id. */
export function withBoundary(tokenizer: Tokenizer): Tokenizer {
  const [boundary] = tokenizer.idsOf(documentMark);
  return {
    ...tokenizer,
    boundary,
    toJSON: () => ({ ...tokenizer.toJSON(), documents: true }),
  };
}

/** Places of the first token of each document; a mark with nothing behind it begins none. */
export function documentStarts(ids: TokenIds, boundary: number): number[] {
  const starts: number[] = [];
  for (let at = ids.indexOf(boundary); at >= 0; at = ids.indexOf(boundary, at + 1)) {
    if (at + 1 < ids.length && ids[at + 1] !== boundary) starts.push(at + 1);
  }
  return starts;
}
