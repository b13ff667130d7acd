import { runInNewContext } from 'node:vm';

/** Longer than this no expression is tried, milliseconds: some take ages on some texts. */
const longest = 2000;

/** `[from, to)` in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Where an expression matches, but for empty matches.
 *
 * @param source of a regular expression that is known to be one; its flags are `g`, `m` and `u`
 * @returns undefined where it takes too long
 */
export function matchesOf(text: string, source: string): Span[] | undefined {
  const context = { text, expression: new RegExp(source, 'gmu'), found: [] as [number, string][] };
  // Nothing else than the timeout of a script stops an expression that backtracks.
  const script =
    'for (const match of text.matchAll(expression)) found.push([match.index, match[0]])';
  try {
    runInNewContext(script, context, { timeout: longest });
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  }
  return context.found
    .map(([from, match]) => ({ from, to: from + match.length }))
    .filter(({ from, to }) => to > from);
}

function isTimeout(error: unknown): boolean {
  // Made in the script's own world, it is no Error of this one.
  return (error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
