/** What can be chosen by typing its words; without a value it is a heading. */
interface Offered {
  readonly label: string;
  readonly detail?: string;
  readonly value?: unknown;
}

/** How well words fit a choice, the best first: one cell's description may name another. */
const fits: readonly ((words: string, label: string, detail: string) => boolean)[] = [
  (words, label) => label === words,
  (words, label) => label.startsWith(words),
  (words, label) => label.includes(words),
  (words, _label, detail) => detail.includes(words),
];

/** The choice that typed words mean, in any case of letters; undefined: none has them. */
export function meantBy<T extends Offered>(typed: string, offered: readonly T[]): T | undefined {
  const words = typed.toLowerCase();
  for (const fit of fits) {
    const found = offered.find(
      ({ label, detail = '', value }) =>
        value !== undefined && fit(words, label.toLowerCase(), detail.toLowerCase()),
    );
    if (found) return found;
  }
  return undefined;
}
