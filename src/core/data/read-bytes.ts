import { byteEncoding, byteTokenizer } from './bytes';
import { createIdStore } from './id-store';
import type { ReaderOptions, TextReader } from './reader';
import type { TokenIds } from './tokenizer';
import { sequenceLength } from './utf8';
import { refuseEmpty, refuseSingle } from './worth-learning';

/** Bytes are tokens already. */
export function createByteReader({ bytes, tokenizer }: ReaderOptions): TextReader {
  const store = createIdStore(bytes);
  return {
    push(utf8) {
      store.append(utf8, utf8.length, 256);
    },
    finish() {
      const ids = store.numbers();
      if (tokenizer === undefined) {
        refuseEmpty(ids.length);
        if (repeatsFirst(ids)) {
          refuseSingle(new Set(byteTokenizer().decode(ids.subarray(0, sequenceLength(ids, 0)))));
        }
      }
      return { tokenizer: tokenizer ?? byteTokenizer(), encoding: byteEncoding(ids) };
    },
  };
}

/** Whether there is nothing but the first character, over and over. */
function repeatsFirst(ids: TokenIds): boolean {
  const length = sequenceLength(ids, 0);
  for (let i = length; i < ids.length; i++) if (ids[i] !== ids[i - length]) return false;
  return true;
}
