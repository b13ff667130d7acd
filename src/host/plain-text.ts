/** Markdown with icons and HTML, as VS Code shows it, as the words that it says. */
export function plainText(markup: string): string {
  return markup
    .replace(/\$\([\w~-]+\)/gu, ' ')
    .replace(/<\/?[a-z][^>]*>/giu, ' ')
    .replace(/&nbsp;/gu, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/\*\*|`/gu, '')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>])/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
}
