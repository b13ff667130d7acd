/** Reading a text to its tokens, whatever its size. */
import { withBoundary } from './documents';
import { createBpeReader } from './read-bpe';
import { createByteReader } from './read-bytes';
import { createCharacterReader } from './read-characters';
import { createWordReader } from './read-words';
import type { ReadText, ReaderOptions, TextReader } from './reader';
import type { SourceText } from './source';

/**
 * Reads a text once, from its beginning to its end.
 *
 * @param watch gets the text's bytes too: for its hash
 * @throws InputError if it is no text, or there is nothing to learn from it
 */
export async function readText(
  text: SourceText,
  options: Omit<ReaderOptions, 'bytes'>,
  watch: (utf8: Uint8Array) => void = () => undefined,
): Promise<ReadText> {
  const { bytes, ofDocuments = false } = text;
  const reader = createTextReader({ ...options, bytes, ofDocuments });
  for await (const piece of text.pieces()) {
    watch(piece);
    reader.push(piece);
  }
  const read = reader.finish();
  const isMade = ofDocuments && options.tokenizer === undefined;
  return isMade ? { ...read, tokenizer: withBoundary(read.tokenizer) } : read;
}

/** A reader for one text. */
export function createTextReader(options: ReaderOptions): TextReader {
  switch (options.kind) {
    case 'char':
      return createCharacterReader(options);
    case 'byte':
      return createByteReader(options);
    case 'word':
      return createWordReader(options);
    case 'bpe':
      return createBpeReader(options);
  }
}
