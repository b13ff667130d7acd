import { tokenizers } from './kinds';
import {
  decodeAll,
  nothingUnknown,
  printable,
  utf8Decoder,
  type Encoding,
  type TokenIds,
  type Tokenizer,
} from './tokenizer';
import { hexOf } from './utf8';

/**
 * Bytes: a token is one of the 256 bytes of UTF-8, so there is nothing unknown. Bytes that make no valid
 * character come out as U+FFFD.
 */
export function byteTokenizer(): Tokenizer {
  return {
    kind: 'byte',
    vocabulary: tokenizers.byte.vocabulary,
    unknown: undefined,
    encode(text) {
      const ids = new TextEncoder().encode(text);
      return byteEncoding(ids);
    },
    idsOf: (symbol) => [...new TextEncoder().encode(symbol)],
    knows: () => true,
    spelling: () => 0,
    decode(ids) {
      return decodeAll(this.decoder(), ids);
    },
    decoder() {
      const byte = new Uint8Array(1);
      return utf8Decoder((id) => {
        byte[0] = id;
        return byte;
      });
    },
    describe: (id) => (id < 0x80 ? printable(String.fromCharCode(id)) : hexOf(id)),
    toJSON: () => ({ kind: 'byte' }),
  };
}

/** UTF-8, whose code points are counted by the bytes that begin one. */
export function byteEncoding(ids: TokenIds): Encoding {
  return {
    ids,
    unknown: nothingUnknown,
    characters(from, to) {
      let characters = 0;
      for (let i = from; i < to; i++) if ((ids[i]! & 0xc0) !== 0x80) characters++;
      return characters;
    },
    spelling: () => 0,
  };
}
