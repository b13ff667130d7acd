/** Which UTF-16. */
export type Utf16 = 'utf-16le' | 'utf-16be';

/** Which UTF-16 a byte order mark tells of, if there is one. */
export function utf16Of(bytes: Uint8Array): Utf16 | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** Units that become a string at once: as many arguments as a call may have, with room to spare. */
const unitsAtOnce = 4096;
/** Never half of a pair at a text's end. */
const unpaired = '\uD800';

/**
 * UTF-16 as a string with its mark, and with its unpaired surrogates, which TextDecoder replaces without a word. A last
 * byte that is half a unit becomes an unpaired surrogate too: it is as broken.
 */
export function decodeUtf16(bytes: Uint8Array, encoding: Utf16): string {
  const [high, low] = encoding === 'utf-16be' ? [0, 1] : [1, 0];
  const units = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < units.length; i++) {
    units[i] = (bytes[2 * i + high]! << 8) | bytes[2 * i + low]!;
  }
  let text = '';
  for (let from = 0; from < units.length; from += unitsAtOnce) {
    text += String.fromCharCode(...units.subarray(from, from + unitsAtOnce));
  }
  return bytes.length % 2 === 0 ? text : text + unpaired;
}

/** @returns well-formed Unicode, and how many unpaired surrogates became U+FFFD */
export function wellFormed(text: string): { readonly text: string; readonly surrogates: number } {
  let surrogates = 0;
  const replaced = text.replace(/\p{Surrogate}/gu, () => {
    surrogates++;
    return '\uFFFD';
  });
  return { text: replaced, surrogates };
}
