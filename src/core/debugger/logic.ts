/** Comparisons and what joins them, around expressions of the language. */

/** Whether `a < b`, `a == b` …, and with words. */
export const comparisons = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof comparisons)[number];

export type Logic =
  | { readonly kind: 'any' | 'all'; readonly parts: readonly Logic[] }
  | { readonly kind: 'not'; readonly part: Logic }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: string;
      readonly right: string;
    }
  | { readonly kind: 'value'; readonly text: string };

/** Takes a condition apart down to what has no comparison in it. */
export function readLogic(text: string): Logic {
  for (const [operator, kind] of [
    ['||', 'any'],
    ['&&', 'all'],
  ] as const) {
    const parts = split(text, operator);
    if (parts.length > 1) return { kind, parts: parts.map(readLogic) };
  }
  const trimmed = text.trim();
  if (trimmed.startsWith('!') && !trimmed.startsWith('!=')) {
    return { kind: 'not', part: readLogic(trimmed.slice(1)) };
  }
  for (const operator of comparisons) {
    const [left, right] = split(text, operator);
    if (right !== undefined) return { kind: 'compare', operator, left: left!, right };
  }
  const inner = /^\((.*)\)$/su.exec(trimmed)?.[1];
  const hasLogic = inner !== undefined && /[<>!&|]|==/u.test(inner);
  return hasLogic ? readLogic(inner) : { kind: 'value', text: trimmed };
}

/** What stands between an operator outside of brackets and quotes. */
function split(text: string, operator: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0 && text.startsWith(operator, i)) {
      parts.push(text.slice(start, i));
      i += operator.length - 1;
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** A word in quotes, without them. */
export function quoted(text: string): string | undefined {
  return /^\s*(['"])(.*)\1\s*$/su.exec(text)?.[2];
}

export function compare(operator: Comparison, a: number, b: number): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '>':
      return a > b;
  }
}
