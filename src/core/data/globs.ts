/** Which files of a folder are meant: names, and globs as shells write them. */
import picomatch from 'picomatch';

/** What is said of a folder; what is undefined takes in all, and leaves out nothing. */
export interface Globs {
  /** Files and folders, or globs of them; a glob without `/` is for files of any folder. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Says of paths within the folder, `a/b.txt`, whether they are meant. */
export interface Meant {
  /** Named as it is, so that neither its name nor Git speaks against it. */
  isNamed(path: string): boolean;
  /** Something in this folder is. */
  holdsNamed(folder: string): boolean;
  /** A glob takes it in, or none is said. */
  isIncluded(path: string): boolean;
  /** Of a file, or of a folder with all in it. */
  isExcluded(path: string): boolean;
}

export function meantBy({ include = [], exclude = [] }: Globs): Meant {
  const named = new Set(
    include.filter((path) => !picomatch.scan(path).isGlob).map((path) => unescaped(plain(path))),
  );
  const holders = new Set([...named].flatMap(foldersAbove));
  const globs = include.filter((path) => picomatch.scan(path).isGlob).map(plain);
  const isOfGlob = globs.length === 0 ? () => named.size === 0 : picomatch(globs.map(anywhere));
  const isOfExcluded = picomatch(exclude.map(plain).map(anywhere), { dot: true });
  return {
    isNamed: (path) => named.has(path),
    holdsNamed: (folder) => holders.has(folder),
    isIncluded: (path) =>
      isOfGlob(path) || (named.size > 0 && foldersAbove(path).some((folder) => named.has(folder))),
    isExcluded: (path) => exclude.length > 0 && isOfExcluded(path),
  };
}

/** `a/b/c` → `a`, `a/b` */
function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** A name alone is meant in any folder. */
function anywhere(glob: string): string {
  return glob.includes('/') ? glob : `**/${glob}`;
}

/** Without what says only “here”, or “a folder”. */
function plain(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}

/** A path as what means this path alone. */
export function globOf(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');
}

function unescaped(path: string): string {
  return path.replace(/\\(.)/g, '$1');
}
