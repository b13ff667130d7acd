/** A tokenizer as the library `tokenizers` of Hugging Face reads it (`tokenizer.json`, version 1.0). */
import type { Tokenizer } from '../../data/tokenizer';

/** What every such file has; nothing is done to a text but what is told. */
const plain = {
  version: '1.0',
  ...{ truncation: null, padding: null, added_tokens: [], normalizer: null, post_processor: null },
};

/** Byte pairs without a pair: each character is a token, and what is not known is left out. */
function alone(vocab: Readonly<Record<string, number>>): object {
  return {
    ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null },
    ...{ end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false },
    ...{ vocab, merges: [] },
  };
}

/**
 * @returns undefined for words and byte pairs: the library cannot cut a text where Unicode's word boundaries, with
 * their dictionaries, do
 */
export function writeTokenizerJson(tokenizer: Tokenizer): string | undefined {
  const data = tokenizer.toJSON() as { readonly kind: string; readonly characters?: string };
  if (data.kind === 'byte') {
    const bytes = {
      type: 'ByteLevel',
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: false,
    };
    const vocab = Object.fromEntries(byteCharacters().map((character, byte) => [character, byte]));
    return format({ pre_tokenizer: bytes, decoder: bytes, model: alone(vocab) });
  }
  if (data.characters === undefined) return undefined;
  const characters = Array.from(data.characters);
  const vocab = Object.fromEntries(characters.map((character, id) => [character, id]));
  return format({ pre_tokenizer: null, decoder: { type: 'Fuse' }, model: alone(vocab) });
}

function format(parts: object): string {
  return `${JSON.stringify({ ...plain, ...parts }, undefined, 2)}\n`;
}

/** Characters that stand for bytes, as in GPT-2 (`bytes_to_unicode`): those that are seen themselves, others from 256 on. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isSeen = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
    return String.fromCodePoint(isSeen ? byte : next++);
  });
}
