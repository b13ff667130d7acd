/** Where predicted text ends, as a person would end it. */

/** A word, and what may stand before it. */
const firstWord = /^[^\p{L}\p{M}\p{N}_]*[\p{L}\p{M}\p{N}_]+/u;
const anyWord = /[\p{L}\p{M}\p{N}_]+/u;

export type TextEnd = 'word' | 'line' | 'text';

/**
 * Where text ends that may still grow: `word` after its first word, `line` before its first line end.
 * @returns undefined: not yet
 */
export function endOfText(text: string, until: TextEnd): number | undefined {
  if (until === 'text') return undefined;
  const lineEnd = text.search(/[\r\n]/);
  if (until === 'line') return lineEnd < 0 ? undefined : lineEnd;
  const end = firstWord.exec(text)?.[0].length;
  return end !== undefined && end < text.length ? end : undefined;
}

/**
 * Length of the part that the command Accept Next Word of Inline Suggestion takes: a word, or what stands before
 * the next one, of which white space goes by itself (as in VS Code's `inlineCompletionsModel.ts`).
 */
export function nextWordLength(text: string): number {
  const word = anyWord.exec(text);
  const length = word === null ? text.length : word.index === 0 ? word[0].length : word.index;
  const space = /\s+/.exec(text);
  return space === null ? length : Math.min(length, space.index + space[0].length);
}
