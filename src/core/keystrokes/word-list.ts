/** Completion as by a list of words: the commonest word that begins as the one that is being typed. */
import type { Suggester } from './suggestion';

const words = /[\p{L}\p{M}\p{N}_]+/gu;
const begunWord = /[\p{L}\p{M}\p{N}_]+$/u;

interface Best {
  /** Occurrences of all words that begin so. */
  total: number;
  word: string;
  times: number;
}

/**
 * Learns the words of a text. Its probability is the share of the suggested word among all occurrences of words that
 * begin with what has been typed.
 */
export function suggestByWords(text: string): Suggester {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byBeginning = new Map<string, Best>();
  for (const [word, times] of counts) {
    const symbols = Array.from(word);
    for (let length = 1; length <= symbols.length; length++) {
      const beginning = symbols.slice(0, length).join('');
      let best = byBeginning.get(beginning);
      if (best === undefined) {
        byBeginning.set(beginning, (best = { total: 0, word: '', times: 0 }));
      }
      best.total += times;
      if (length < symbols.length && times > best.times) [best.word, best.times] = [word, times];
    }
  }
  let begun = '';
  return {
    type(typed) {
      begun = begunWord.exec(begun + typed)?.[0] ?? '';
    },
    suggest(least) {
      const best = byBeginning.get(begun);
      if (best === undefined || best.times === 0) return [];
      const probability = best.times / best.total;
      return probability < least ? [] : [{ text: best.word.slice(begun.length), probability }];
    },
  };
}
