/** What Git passes over in a folder. */
import ignore, { type Ignore } from 'ignore';

/** The `.gitignore` files above a path, of which the nearest that says anything counts. */
export interface Ignored {
  /** With that of a folder within. */
  below(folder: string, rules: string): Ignored;
  /** @param path from the same folder as those of `below`; of a folder with `/` behind it */
  has(path: string): boolean;
}

export function nothingIgnored(): Ignored {
  return ignoredBy([]);
}

function ignoredBy(files: readonly { readonly folder: string; readonly rules: Ignore }[]): Ignored {
  return {
    below: (folder, rules) => ignoredBy([{ folder, rules: ignore().add(rules) }, ...files]),
    has(path) {
      for (const { folder, rules } of files) {
        const { ignored, unignored } = rules.test(path.slice(folder.length));
        if (ignored || unignored) return ignored;
      }
      return false;
    },
  };
}
