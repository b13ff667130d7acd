import { sentence, sentencesIn, verbatim, type Sentence } from './sentence';

/** Levenshtein distance: insertions, deletions and replacements that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate that `word` most likely stands for; none if all are too far off. Case counts little. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const plain = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const distance = plain + (editDistance(word, candidate) - plain) / 10;
    // A name of one letter is near to every other one: only its case may be wrong.
    const allowed =
      Math.ceil(Math.min(word.length, candidate.length) / 3) - (word.length < 2 ? 1 : 0);
    if (plain <= allowed && distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `Did you mean h?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): Sentence | undefined {
  const candidate = closest(word, candidates);
  return candidate === undefined ? undefined : suggestion(candidate);
}

/** The name that a hint suggests by `didYouMean`. */
export function suggestedBy(hint: Sentence): string | undefined {
  const { text } = suggestion('');
  const [name] = [...sentencesIn(hint)].find((part) => part.text === text)?.values ?? [];
  return typeof name === 'string' ? name : undefined;
}

function suggestion(name: string): Sentence {
  return sentence`Did you mean ${name}?`;
}

/** `line 3`, as a part of a sentence. */
export function lineText(line: number): Sentence {
  return sentence`line ${line}`;
}

/** The lines that a hint speaks of by `lineText`. */
export function linesNamedIn(hint: Sentence): number[] {
  const { text } = lineText(0);
  return [...sentencesIn(hint)].flatMap((part) =>
    part.text === text ? [Number(part.values[0])] : [],
  );
}

/** `a, b and c`, or `a, b or c`. */
export function listed(
  words: readonly (string | Sentence)[],
  last: 'and' | 'or' = 'and',
): Sentence {
  const told = words.map((word) => (typeof word === 'string' ? verbatim(word) : word));
  const tail = told.pop() ?? verbatim('');
  const [first, ...others] = told;
  if (first === undefined) return tail;
  const head = others.reduce((list, word) => sentence`${list}, ${word}`, first);
  return last === 'and' ? sentence`${head} and ${tail}` : sentence`${head} or ${tail}`;
}
