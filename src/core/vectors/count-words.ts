/** The words of a text that are common enough, numbered. */
import type { ReadText } from '../data/reader';
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { WordCorpus } from './skip-gram';

/** A text's words, the commonest first. */
export interface CountedWords extends WordCorpus {
  readonly counts: readonly number[];
  readonly words: readonly string[];
}

/**
 * Leaves white space and words out that come less often than `least`; the end of a line ends a sentence.
 *
 * @param read with the tokenizer `word`
 * @throws InputError where fewer than two words are left
 */
export function countWords(
  { tokenizer, encoding: { ids } }: ReadText,
  least: number,
): CountedWords {
  const times = new Uint32Array(tokenizer.vocabulary);
  for (const id of ids) times[id]!++;
  const numbers = new Int32Array(tokenizer.vocabulary).fill(leftOut);
  const words: string[] = [];
  const counts: number[] = [];
  for (let id = 0; id < tokenizer.vocabulary; id++) {
    if (id === tokenizer.unknown) continue;
    const word = tokenizer.decode([id]);
    if (word.includes('\n')) numbers[id] = lineEnd;
    else if (word.trim() !== '' && times[id]! >= least) {
      numbers[id] = words.push(word) - 1;
      counts.push(times[id]!);
    }
  }
  if (words.length < 2) {
    throw new InputError(
      sentence`Only ${words.length} of the text’s words come ${least} times or more.`,
      sentence`Give a longer text, or a smaller --min-count.`,
    );
  }
  let length = 0;
  const kept = new Int32Array(ids.length);
  for (const id of ids) {
    const number = numbers[id]!;
    if (number !== leftOut) kept[length++] = number;
  }
  return { words, counts, ids: kept.subarray(0, length) };
}

const lineEnd = -1;
const leftOut = -2;
