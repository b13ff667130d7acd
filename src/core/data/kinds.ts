/** The tokenizers by the names that settings, checkpoints and messages call them, but for what reads and decodes. */

export interface TokenizerKind {
  /** What each token is, and what the vocabulary holds; Markdown. */
  readonly description: string;
  /** What tokens are called, as in "65 tokens (characters)". */
  readonly plural: string;
  /** Tokens there are, where that does not depend on the text. */
  readonly vocabulary?: number;
  /** Whether a token is what a character is, so that figures per token are figures per character. */
  readonly isCharacter: boolean;
  /** Whether tokens are cut from words, so that what is typed next may change those of the word that it belongs to. */
  readonly ofWords: boolean;
  /** Whether a token may be part of a character. */
  readonly ofBytes: boolean;
  /** Width of a token's column in a picture, CSS pixels: a character is read sideways, a word upwards. */
  readonly columnWidth: number;
  /** Most tokens are shorter than this many times the mean length. */
  readonly spread: number;
}

export const tokenizers = {
  char: {
    description: 'Unicode characters: the vocabulary is what the text holds.',
    plural: 'characters',
    isCharacter: true,
    ofWords: false,
    ofBytes: false,
    columnWidth: 10,
    spread: 1,
  },
  byte: {
    description: 'Bytes of UTF-8: always 256, and no text has an unknown one.',
    plural: 'bytes',
    vocabulary: 256,
    isCharacter: false,
    ofWords: false,
    ofBytes: true,
    columnWidth: 16,
    spread: 1,
  },
  word: {
    description: 'Words and signs, the commonest first; the rest become UNKNOWN.',
    plural: 'words',
    isCharacter: false,
    ofWords: true,
    ofBytes: false,
    columnWidth: 15,
    spread: 2,
  },
  bpe: {
    description:
      'Byte pairs: words and parts of words, learnt from the text; no text has an unknown one.',
    plural: 'byte pairs',
    isCharacter: false,
    ofWords: true,
    ofBytes: true,
    columnWidth: 15,
    spread: 2,
  },
} as const satisfies Readonly<Record<string, TokenizerKind>>;

export type TokenizerName = keyof typeof tokenizers;
export const tokenizerNames = Object.keys(tokenizers) as readonly TokenizerName[];

/** The declaration of a tokenizer, with what only some have. */
export function tokenizerOf(name: TokenizerName): TokenizerKind {
  return tokenizers[name];
}

/** A setting's value; characters, the default, for what is no tokenizer's name. */
export function tokenizerNamed(value: unknown): TokenizerName {
  return tokenizerNames.find((name) => name === value) ?? 'char';
}
