import { tokenizers } from './kinds';
import {
  decodeAll,
  nothingUnknown,
  printable,
  type Encoding,
  type TokenIds,
  type Tokenizer,
} from './tokenizer';

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
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const byte = new Uint8Array(1);
      return {
        push(id) {
          byte[0] = id;
          return decoder.decode(byte, { stream: true });
        },
        end: () => decoder.decode(),
      };
    },
    describe: (id) =>
      id < 0x80
        ? printable(String.fromCharCode(id))
        : `0x${id.toString(16).toUpperCase().padStart(2, '0')}`,
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
