import type { TokenizerName } from './kinds';

/** Token ids of a text in the smallest array that holds them. */
export type TokenIds = Uint8Array | Uint16Array | Uint32Array;

/** The characters or words of a text that a tokenizer does not know. */
export interface UnknownSymbols {
  /** How many different ones there are, and how often they come together. */
  readonly kinds: number;
  readonly times: number;
  /** The first of them. */
  readonly examples: readonly string[];
}

/** So many unknown symbols are told of. */
export const unknownExamples = 20;

export const nothingUnknown: UnknownSymbols = { kinds: 0, times: 0, examples: [] };

/** A text as token ids. */
export interface Encoding {
  readonly ids: TokenIds;
  readonly unknown: UnknownSymbols;
  /** Number of Unicode code points that tokens `[from, to)` stand for. */
  characters(from: number, to: number): number;
  /** Nats that it takes to spell what of these the tokenizer does not know. */
  spelling(from: number, to: number): number;
}

/** Turns ids to text one by one; text comes out as soon as it is a whole character. */
export interface StreamingDecoder {
  push(id: number): string;
  /** What is left, e.g. U+FFFD for a character that was cut off. */
  end(): string;
}

/** What a checkpoint keeps of a tokenizer; `readTokenizer` makes it one again. */
export type TokenizerData = {
  /** The text was made of documents, with a mark between them (`documents.ts`). */
  readonly documents?: boolean | undefined;
} &
  /** All known characters, in the order of their ids. */
  (
    | { readonly kind: 'char'; readonly characters: string }
    | { readonly kind: 'byte' }
    /** Words by id, from 1; id 0 is UNKNOWN. */
    | { readonly kind: 'word'; readonly words: readonly string[] }
    /** Ids below 256 are bytes; merge i makes token 256 + i of two others. */
    | { readonly kind: 'bpe'; readonly merges: readonly (readonly [number, number])[] }
  );

/** Turns text to tokens and back. Immutable. */
export interface Tokenizer {
  readonly kind: TokenizerName;
  /** Number of tokens C. */
  readonly vocabulary: number;
  /** The id that stands for all that is unknown, if there is one; never to be sampled. */
  readonly unknown: number | undefined;
  /** The id of the mark between documents, where the text was made of some. */
  readonly boundary?: number | undefined;
  /**
   * For texts that are short enough for a string (`readText` reads long ones). Never fails: what is unknown
   * is replaced as the tokenizer's own description says, and reported.
   */
  encode(text: string): Encoding;
  /** The ids that a symbol of its kind is read as: a character, a word; none where it is left out. */
  idsOf(symbol: string): readonly number[];
  /** Whether a symbol is itself a token, rather than replaced. */
  knows(symbol: string): boolean;
  /** Nats that it takes to spell a symbol that is not known, by `createSpellingCost`. */
  spelling(symbol: string): number;
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

/** Decodes tokens that are bytes of UTF-8; what is no valid character comes out as U+FFFD. */
export function utf8Decoder(bytesOf: (id: number) => Uint8Array | undefined): StreamingDecoder {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    push: (id) => decoder.decode(bytesOf(id), { stream: true }),
    end: () => decoder.decode(),
  };
}

/** Makes white space and control characters visible. */
export function printable(text: string): string {
  return text.replace(/[\s\p{C}]/gu, (character) => {
    const shown = { ' ': '␣', '\n': '↵', '\t': '⇥', '\u00A0': '⍽' }[character];
    return shown ?? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Unknown symbols with how often each came, in short. */
export function unknownOf(counts: ReadonlyMap<string, number>): UnknownSymbols {
  return {
    kinds: counts.size,
    times: [...counts.values()].reduce((sum, times) => sum + times, 0),
    examples: [...counts.keys()].slice(0, unknownExamples),
  };
}

/** Counts one more of `key`. */
export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
