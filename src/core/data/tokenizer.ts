/** Token ids of a text in the smallest array that holds them. */
export type TokenIds = Uint8Array | Uint16Array | Uint32Array;

/** A text as token ids. */
export interface Encoding {
  readonly ids: TokenIds;
  /** What the tokenizer does not know, each with how often it came; empty for a text of known tokens. */
  readonly unknown: ReadonlyMap<string, number>;
  /** Number of Unicode code points that tokens `[from, to)` stand for. */
  characters(from: number, to: number): number;
}

/** Turns ids to text one by one; text comes out as soon as it is a whole character. */
export interface StreamingDecoder {
  push(id: number): string;
  /** What is left, e.g. U+FFFD for a character that was cut off. */
  end(): string;
}

/** What a checkpoint keeps of a tokenizer; `readTokenizer` makes it one again. */
export type TokenizerData =
  /** All known characters, in the order of their ids. */
  | { readonly kind: 'char'; readonly characters: string }
  | { readonly kind: 'byte' }
  /** Words by id, from 1; id 0 is UNKNOWN. */
  | { readonly kind: 'word'; readonly words: readonly string[] };

/** Turns text to tokens and back. Immutable. */
export interface Tokenizer {
  readonly kind: 'char' | 'byte' | 'word';
  /** Number of tokens C. */
  readonly vocabulary: number;
  /** The id that stands for all that is unknown, if there is one; never to be sampled. */
  readonly unknown: number | undefined;
  /** Never fails: what is unknown is replaced as the tokenizer's own description says, and reported. */
  encode(text: string): Encoding;
  decode(ids: ArrayLike<number>): string;
  decoder(): StreamingDecoder;
  /** A token's name for the eye: `a`, `␣`, `↵`, `0xE4`. */
  describe(id: number): string;
  toJSON(): TokenizerData;
}

/** An array for `length` ids below `vocabulary`. */
export function idArray(vocabulary: number, length: number): TokenIds {
  if (vocabulary <= 0x100) return new Uint8Array(length);
  return vocabulary <= 0x10000 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Decodes with a tokenizer's streaming decoder. */
export function decodeAll(decoder: StreamingDecoder, ids: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < ids.length; i++) parts.push(decoder.push(ids[i]!));
  parts.push(decoder.end());
  return parts.join('');
}

/** Makes white space and control characters visible. */
export function printable(text: string): string {
  return text.replace(/[\s\p{C}]/gu, (character) => {
    const shown = { ' ': '␣', '\n': '↵', '\t': '⇥', '\u00A0': '⍽' }[character];
    return shown ?? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Counts one more of `key`. */
export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
