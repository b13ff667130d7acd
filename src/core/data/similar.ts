/** Punctuation and letters of print, and what they are on a typewriter. */
export const plainPunctuation: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '′': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '″': '"',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '―': '-',
  '−': '-',
  '。': '.',
  '、': ',',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
};

/**
 * Texts that can stand for a character, the nearest first: the other case, compatible characters, without
 * accents, plain punctuation; for white space a space, a line end or a tab.
 */
export function* similarTexts(character: string): Generator<string> {
  const compatible = character.normalize('NFKC');
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  for (const text of [character, compatible, bare, plainPunctuation[character] ?? '']) {
    for (const variant of [text, text.toLowerCase(), text.toUpperCase()]) {
      if (variant !== '' && variant !== character) yield variant;
    }
  }
  if (/\s/u.test(character)) yield* [' ', '\n', '\t'];
}
