import { similarTexts } from './similar';
import {
  count,
  decodeAll,
  idArray,
  printable,
  unknownOf,
  type Encoding,
  type TokenIds,
  type Tokenizer,
  type UnknownSymbols,
} from './tokenizer';
import { createAdditions, createSpellingCost, tokenOf, type Additions } from './unknown';

/**
 * Characters: a token is a Unicode code point, ids in the order of code points. The vocabulary is what the
 * text holds and nothing else, so that an untrained model's loss is ln of the number of different
 * characters. An unknown character is replaced by the nearest known text (without its accent, in the other
 * case, a plain quotation mark for a curly one…), and left out where there is none.
 */
export function characterTokenizer(characters: readonly string[]): Tokenizer {
  const idOf = codePointTable(characters);
  const encodeKnown = (text: string): number[] | undefined => {
    const ids = Array.from(text, (character) => idOf(character.codePointAt(0)!));
    return ids.includes(-1) ? undefined : ids;
  };
  const spelling = createSpellingCost(characters);
  const knows = (character: string): boolean => idOf(character.codePointAt(0)!) >= 0;

  function encode(text: string): Encoding {
    const ids = idArray(characters.length, text.length);
    const unknown = new Map<string, number>();
    const additions = createAdditions(text.length);
    const spelt: { id: number; at: number }[] = [];
    let length = 0;
    for (let i = 0; i < text.length; i++) {
      const codePoint = text.codePointAt(i)!;
      if (codePoint > 0xffff) i++;
      const id = idOf(codePoint);
      if (id >= 0) {
        ids[length++] = id;
        continue;
      }
      const character = String.fromCodePoint(codePoint);
      count(unknown, character);
      const replaced = replacement(character, encodeKnown);
      const tokens = length + spelt.length + replaced.length;
      additions.add(tokenOf(tokens), {
        characters: 1 - replaced.length,
        spelling: spelling(character),
      });
      for (const known of replaced) {
        // A replacement may be longer than what it replaces, so the ids may not fit; they are woven in below.
        spelt.push({ id: known, at: length });
      }
    }
    const woven = weave(ids.subarray(0, length), spelt, characters.length);
    return characterEncoding(woven, unknownOf(unknown), additions.finish());
  }

  return {
    kind: 'char',
    vocabulary: characters.length,
    unknown: undefined,
    encode,
    idsOf: (character) => encodeKnown(character) ?? replacement(character, encodeKnown),
    knows,
    spelling,
    decode(ids) {
      return decodeAll(this.decoder(), ids);
    },
    decoder: () => ({ push: (id) => characters[id] ?? '', end: () => '' }),
    describe: (id) => printable(characters[id] ?? ''),
    toJSON: () => ({ kind: 'char', characters: characters.join('') }),
  };
}

/** Each token is a character, but for what `additions` say. */
export function characterEncoding(
  ids: TokenIds,
  unknown: UnknownSymbols,
  additions: Additions,
): Encoding {
  return {
    ids,
    unknown,
    characters: (from, to) => to - from + additions.between(from, to).characters,
    spelling: (from, to) => additions.between(from, to).spelling,
  };
}

/** Id by code point, -1 where unknown; a table for the basic plane, a map beyond it. */
function codePointTable(characters: readonly string[]): (codePoint: number) => number {
  const basic = new Int32Array(0x10000).fill(-1);
  const astral = new Map<number, number>();
  characters.forEach((character, id) => {
    const codePoint = character.codePointAt(0)!;
    if (codePoint <= 0xffff) basic[codePoint] = id;
    else astral.set(codePoint, id);
  });
  return (codePoint) => (codePoint <= 0xffff ? basic[codePoint]! : (astral.get(codePoint) ?? -1));
}

function replacement(
  character: string,
  encodeKnown: (text: string) => number[] | undefined,
): readonly number[] {
  for (const text of similarTexts(character)) {
    const ids = encodeKnown(text);
    if (ids !== undefined) return ids;
  }
  return [];
}

/** Puts each of `spelt` before the id that stood at its place. */
function weave(
  ids: TokenIds,
  spelt: readonly { readonly id: number; readonly at: number }[],
  vocabulary: number,
): TokenIds {
  const woven = idArray(vocabulary, ids.length + spelt.length);
  let from = 0;
  spelt.forEach(({ id, at }, index) => {
    woven.set(ids.subarray(from, at), from + index);
    woven[at + index] = id;
    from = at;
  });
  woven.set(ids.subarray(from), from + spelt.length);
  return woven;
}
