/** Names and messages come from elsewhere: as text they make no links, no table and no markup. */
export function asMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]()#+\-!|<>~&$]/g, '\\$&');
}

/** A table of names and values, without a head. */
export function tableOf(rows: readonly (readonly [name: string, value: string])[]): string {
  const lines = rows.map(
    ([name, value]) => `| ${asMarkdown(name)}&nbsp;&nbsp; | ${asMarkdown(value)} |\n`,
  );
  return `|   |   |\n|---|---|\n${lines.join('')}`;
}
