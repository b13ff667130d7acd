/** Texts of a channel, symbol by symbol. */
import { unitsOf } from '../data/bpe';
import type { Tokenizer } from '../data/tokenizer';
import { segmentsOf } from '../data/words';

/** What is made ids by itself, one after the other: characters, words, or units of words that are cut further. */
export function symbolsIn(text: string, kind: Tokenizer['kind']): Iterable<string> {
  switch (kind) {
    case 'word':
      return segmentsOf(text);
    case 'bpe':
      return unitsOf(text);
    case 'char':
    case 'byte':
      return text;
  }
}

/** Spaces between words, but not what separates columns. */
export function isSpace(word: string): boolean {
  return word !== '\n' && word.trim() === '';
}

/** Symbols whose ids are remembered; when they are more, all are forgotten. */
const mostRemembered = 100_000;
const basicPlane = 0x10000;

/**
 * Gives the ids of a text.
 * @param spaces those between words have ids too
 */
export function createTextWriter(
  tokenizer: Tokenizer,
  spaces: boolean,
): (text: string, add: (id: number) => void) => void {
  const remembered = new Map<string, readonly number[]>();

  function idsOf(symbol: string): readonly number[] {
    let ids = remembered.get(symbol);
    if (ids === undefined) {
      if (remembered.size >= mostRemembered) remembered.clear();
      ids = spaces || !isSpace(symbol) ? tokenizer.idsOf(symbol) : [];
      remembered.set(symbol, ids);
    }
    return ids;
  }

  if (tokenizer.kind !== 'char') {
    return (text, add) => {
      for (const symbol of symbolsIn(text, tokenizer.kind)) idsOf(symbol).forEach(add);
    };
  }
  /** Of characters that are tokens themselves. */
  const table = new Int32Array(basicPlane).fill(-1);
  return (text, add) => {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const known = table[unit]!;
      if (known >= 0) {
        add(known);
        continue;
      }
      const symbol = String.fromCodePoint(text.codePointAt(i)!);
      const ids = idsOf(symbol);
      ids.forEach(add);
      if (symbol.length === 2) i++;
      else if (ids.length === 1) table[unit] = ids[0]!;
    }
  };
}

/** All characters of some texts, in the order of their code points. */
export function charactersIn(texts: Iterable<string>): string[] {
  const seen = new Uint8Array(0x110000);
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i)!;
      seen[point] = 1;
      if (point >= basicPlane) i++;
    }
  }
  const points: string[] = [];
  seen.forEach((isThere, point) => {
    if (isThere === 1) points.push(String.fromCodePoint(point));
  });
  return points;
}
