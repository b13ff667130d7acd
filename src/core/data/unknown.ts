/** What a tokenizer does not know: what it costs to spell, and where in a text it is. */
import { createIdStore } from './id-store';

/** Code points that a text can have: all of Unicode's but the surrogates. */
const codePoints = 1_112_064;

/**
 * Nats that a symbol costs under a uniform code: each character, and the end, is one of A + 2, where A is the number
 * of characters in the vocabulary; the two others are the end, and an escape before any other code point.
 *
 * @param vocabulary what the tokenizer knows
 */
export function createSpellingCost(vocabulary: Iterable<string>): (symbol: string) => number {
  const characters = new Set<string>();
  for (const symbol of vocabulary) for (const character of symbol) characters.add(character);
  const plain = Math.log(characters.size + 2);
  const escaped = plain + Math.log(codePoints);
  return (symbol) => {
    let nats = plain;
    for (const character of symbol) nats += characters.has(character) ? plain : escaped;
    return nats;
  };
}

/** What unknown symbols of a text add to the figures of some of its tokens. */
interface Addition {
  /** Code points beyond those that the tokens are counted with. */
  readonly characters: number;
  /** Nats for spelling. */
  readonly spelling: number;
}

/** Additions by the tokens they belong to. */
export interface Additions {
  /** Sum over tokens `[from, to)`. */
  between(from: number, to: number): Addition;
}

export const noAdditions: Additions = { between: () => ({ characters: 0, spelling: 0 }) };

/** Additions that are stored together. */
const atOnce = 4096;

/**
 * Collects additions in a few bytes each: the distance to the one before, and which of the different ones it is.
 * @param most that will come
 */
export function createAdditions(most: number): {
  /** @param token ascending */
  add(token: number, addition: Addition): void;
  finish(): Additions;
} {
  const distances = createIdStore(most);
  const kinds = createIdStore(most);
  const kindOf = new Map<string, number>();
  const additions: Addition[] = [];
  const chunk = new Uint32Array(Math.min(most, atOnce));
  const chunkKinds = new Uint32Array(chunk.length);
  let filled = 0;
  let longest = 0;
  let last = 0;

  function kind(addition: Addition): number {
    const key = `${String(addition.characters)} ${String(addition.spelling)}`;
    const known = kindOf.get(key);
    if (known !== undefined) return known;
    kindOf.set(key, additions.length);
    return additions.push(addition) - 1;
  }

  function flush(): void {
    distances.append(chunk, filled, longest + 1);
    kinds.append(chunkKinds, filled, additions.length);
    filled = 0;
  }

  return {
    add(token, addition) {
      longest = Math.max(longest, token - last);
      chunk[filled] = token - last;
      chunkKinds[filled++] = kind(addition);
      last = token;
      if (filled === chunk.length) flush();
    },
    finish() {
      flush();
      const [steps, each] = [distances.numbers(), kinds.numbers()];
      return {
        between(from, to) {
          let [characters, spelling, token] = [0, 0, 0];
          for (let i = 0; i < steps.length; i++) {
            token += steps[i]!;
            if (token >= to) break;
            if (token < from) continue;
            const addition = additions[each[i]!]!;
            characters += addition.characters;
            spelling += addition.spelling;
          }
          return { characters, spelling };
        },
      };
    },
  };
}

/**
 * The token that an unknown symbol belongs to that others stand for, or none: the last of these, or the one before
 * it; but never a text's first, which nothing predicts.
 * @param tokens how many there are up to its end
 */
export function tokenOf(tokens: number): number {
  return Math.max(1, tokens - 1);
}
