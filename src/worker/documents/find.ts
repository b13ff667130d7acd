/** The files of a folder that are documents, found without reading them. */
import { meantBy, type Globs } from '../../core/data/globs';
import { runFileNames } from '../../core/training/run';
import type { Files } from '../platform';
import { nothingIgnored, type Ignored } from './ignored';

export interface FoundFiles {
  /** From the folder, `a/b.txt`, by name. */
  readonly paths: readonly string[];
  /** Symbolic links, which nobody follows: they could lead round in a circle. */
  readonly links: number;
  /** Folders that may not be looked into. */
  readonly closed: readonly string[];
}

/** Left out wherever they are, unless they are named. */
const neverMeant = new Set(['node_modules']);

/** Bytes of a `.gitignore`. */
const rulesLimit = 2 ** 20;

/**
 * Walks through a folder. Left out is what globs and `.gitignore` files say, what begins with a dot, folders of packages,
 * and runs.
 */
export async function findFiles(files: Files, folder: string, globs: Globs): Promise<FoundFiles> {
  const meant = meantBy(globs);
  const paths: string[] = [];
  const closed: string[] = [];
  let links = 0;
  const above = await aboveOf(files, folder);

  async function walk(inside: string, ignoredAbove: Ignored): Promise<void> {
    const entries = await files.entries(pathIn(files, folder, inside));
    if (entries === undefined) {
      closed.push(inside);
      return;
    }
    const names = new Set(entries.map(({ name }) => name));
    if (names.has(runFileNames.info) && names.has(runFileNames.cell)) return;
    const ignored = names.has('.gitignore')
      ? ignoredAbove.below(above.prefix + inside, await rulesOf(files, folder, inside))
      : ignoredAbove;
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = inside + name;
      if (meant.isExcluded(path)) continue;
      const isOut = name.startsWith('.') || neverMeant.has(name);
      if (kind === 'folder') {
        const isHidden = isOut || ignored.has(`${above.prefix}${path}/`);
        if (!isHidden || meant.isNamed(path) || meant.holdsNamed(path))
          await walk(`${path}/`, ignored);
      } else if (kind === 'link') {
        if (!isOut && meant.isIncluded(path)) links++;
      } else if (kind === 'file') {
        const isMeant = !isOut && meant.isIncluded(path) && !ignored.has(above.prefix + path);
        if (isMeant || meant.isNamed(path)) paths.push(path);
      }
    }
  }

  await walk('', above.ignored);
  return { paths, links, closed };
}

/** Where a file of the folder is. */
export function pathIn(files: Files, folder: string, path: string): string {
  return files.join(folder, ...path.split('/'));
}

async function rulesOf(files: Files, folder: string, inside: string): Promise<string> {
  try {
    const file = pathIn(files, folder, `${inside}.gitignore`);
    return new TextDecoder().decode(await files.read(file, rulesLimit));
  } catch {
    return '';
  }
}

/** What the `.gitignore` files of the folders above say, up to that of the repository; and the way from there. */
async function aboveOf(
  files: Files,
  folder: string,
): Promise<{ readonly prefix: string; readonly ignored: Ignored }> {
  const way: string[] = [];
  for (let at = folder; ; at = files.join(at, '..')) {
    if ((await files.entry(files.join(at, '.git'))) !== undefined) {
      let ignored = nothingIgnored();
      let inside = '';
      for (const name of way) {
        ignored = ignored.below(inside, await rulesOf(files, at, inside));
        inside += `${name}/`;
      }
      return { prefix: inside, ignored };
    }
    const name = files.baseName(at);
    if (name === '' || files.join(at, '..') === at)
      return { prefix: '', ignored: nothingIgnored() };
    way.unshift(name);
  }
}
