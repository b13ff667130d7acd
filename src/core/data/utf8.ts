/**
 * Offset of the first byte that begins no well-formed UTF-8 sequence (Unicode 16, table 3-7), or the length.
 *
 * @param from where to begin, at the start of a character
 */
export function firstInvalidUtf8(bytes: Uint8Array, from = 0): number {
  const { length } = bytes;
  let at = from;
  while (at < length) {
    at = skipAscii(bytes, at);
    while (at < length) {
      const lead = bytes[at]!;
      if (lead < 0x80) break;
      // The commonest: most of Chinese, Japanese and Korean, without the leads that have exceptions.
      if (
        lead > 0xe0 &&
        lead < 0xed &&
        (bytes[at + 1]! & 0xc0) === 0x80 &&
        (bytes[at + 2]! & 0xc0) === 0x80
      ) {
        at += 3;
        continue;
      }
      const size = sequenceLength(bytes, at);
      if (size === 0) return at;
      at += size;
    }
  }
  return length;
}

/** The next place from `from` on that may hold something else than ASCII. */
export function skipAscii(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length && ((bytes.byteOffset + at) & 3) !== 0) {
    if (bytes[at]! >= 0x80) return at;
    at++;
  }
  if (at === length) return length;
  const count = (length - at) >> 2;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, count);
  let i = 0;
  while (i < count && (words[i]! & 0x80808080) === 0) i++;
  at += 4 * i;
  while (at < length && bytes[at]! < 0x80) at++;
  return at;
}

/** Bytes of the sequence that begins at `at`; 0 if it is not well-formed. */
export function sequenceLength(bytes: ArrayLike<number>, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : expectedLength(lead);
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const outside = (lead === 0xed && second > 0x9f) || (lead === 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

/** Bytes of a sequence with this first byte, which is not ASCII; 0: no sequence begins with it. */
function expectedLength(lead: number): number {
  return lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/** How many of the bytes, from the first, are whole characters: all but a last one that is cut off. */
export function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back]!;
    if (byte >= 0xc0) return expectedLength(byte) > back ? length - back : length;
    if (byte < 0x80) return length;
  }
  return length;
}

/** How many bytes begin no well-formed sequence, from `from` on. */
export function countInvalidUtf8(bytes: Uint8Array, from = 0): number {
  let count = 0;
  for (let at = from; at < bytes.length;) {
    const size = sequenceLength(bytes, at);
    if (size === 0) count++;
    at += Math.max(1, size);
  }
  return count;
}

/** A byte for the eye: `0xE4`. */
export function hexOf(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
