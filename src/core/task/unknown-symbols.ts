/** Words that a vocabulary does not have, told apart by what they look like (as Petrov et al. 2006 do). */

/** The class of all that is like nothing else. */
const plainUnknown = '<UNKNOWN>';

/** Classes that a word may be in, the narrowest first: its signature with three, two, one and no last letters. */
function unknownClasses(word: string): string[] {
  const first = word.charAt(0);
  const shape =
    (first !== first.toLowerCase() ? 'A' : '') +
    (/\d/.test(word) ? '9' : '') +
    (word.length > 1 && word.includes('-') ? '-' : '');
  const letters = Array.from(word.toLowerCase());
  const endings = [3, 2, 1].filter((length) => letters.length > length + 1);
  return [
    ...endings.map((length) => `<UNKNOWN ${shape}…${letters.slice(-length).join('')}>`),
    ...(shape === '' ? [] : [`<UNKNOWN ${shape}>`]),
    plainUnknown,
  ];
}

/** The id of the narrowest class that there is. */
export function unknownClass(word: string, classes: ReadonlyMap<string, number>): number {
  for (const name of unknownClasses(word)) {
    const id = classes.get(name);
    if (id !== undefined) return id;
  }
  return classes.get(plainUnknown) ?? 0;
}

/** A class has at least so many rare words. */
const fewest = 10;

/** The classes for a vocabulary's rare words: those that enough of them are in, and the one for all others. */
export function classesOfUnknown(rare: Iterable<readonly [word: string, count: number]>): string[] {
  const counts = new Map<string, number>();
  for (const [word, count] of rare) {
    for (const name of unknownClasses(word)) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const kept = [...counts].flatMap(([name, count]) =>
    count >= fewest && name !== plainUnknown ? [name] : [],
  );
  return [plainUnknown, ...kept.sort()];
}
