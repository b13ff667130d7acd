/**
 * A README, or another page, as the package has it. VS Code shows it without the repository around it, so there
 * are no pictures, and a link to another of the repository's files is the file's name instead.
 *
 * @param {string} markdown
 * @returns {string}
 */
export function packagedPage(markdown) {
  return markdown
    .replaceAll(/<picture>[^]*?<\/picture>\s*/g, '')
    .replaceAll(/<img [^>]*>\s*/g, '')
    .replaceAll(/^!\[[^\]]*\]\([^)]*\)\s*/gm, '')
    .replaceAll(/\[([^\]]*)\]\(([^):]+)\)/g, (link, text, target) =>
      target.startsWith('#') ? link : `${text} (${target})`,
    );
}
