import { env } from 'vscode';
import { formatFor } from '../protocol/format';

/** Tokens with their probabilities as a table in Markdown; `head`: what the two columns are called. */
export function tokenTable(
  head: readonly [token: string, probability: string],
  tokens: readonly { readonly name: string; readonly probability: number }[],
): string {
  const format = formatFor(env.language);
  const rows = tokens.map(
    ({ name, probability }) => `| ${cellOf(name)} | ${format.percent(probability)} |`,
  );
  return [`| ${head.join(' | ')} |`, '| :-- | --: |', ...rows].join('\n');
}

/** A name as it is, whatever Markdown would make of it. */
function cellOf(name: string): string {
  return Array.from(name, (character) => `&#${String(character.codePointAt(0))};`).join('');
}
