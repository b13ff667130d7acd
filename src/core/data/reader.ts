import type { TokenizerName } from './kinds';
import type { Encoding, Tokenizer } from './tokenizer';

/** A text's tokens, and what made them. */
export interface ReadText {
  readonly tokenizer: Tokenizer;
  readonly encoding: Encoding;
}

/** Takes a text's UTF-8 piece by piece, each of whole characters. */
export interface TextReader {
  push(utf8: Uint8Array): void;
  /** @throws InputError if there is nothing to learn from the text */
  finish(): ReadText;
}

export interface ReaderOptions {
  readonly kind: TokenizerName;
  /** Most tokens a word vocabulary may hold, UNKNOWN among them. */
  readonly limit: number;
  /** undefined: one is made of the text, which then has to be worth it. */
  readonly tokenizer?: Tokenizer | undefined;
  /** The text has marks between documents, which the vocabulary is to hold however many words there are. */
  readonly ofDocuments?: boolean | undefined;
  /** Most bytes that will come. */
  readonly bytes: number;
}
