// Texts to train on.

/** A few words, of which each may follow each. */
export const fewWords = ['the', 'best', 'of', 'times', 'worst', 'age', 'it', 'was'];

/** Lines of words in an order that cannot be learnt, so that there is always something to expect wrongly. */
export function randomLines(words: readonly string[], lines: number, each: number): string[] {
  let state = 1;
  const word = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return words[Math.floor((state / 2 ** 31) * words.length)]!;
  };
  return Array.from({ length: lines }, () => Array.from({ length: each }, word).join(' '));
}
