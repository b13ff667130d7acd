/** A folder of texts for each class: each file is an example, its folder the label. */
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import type { TableFiles } from './files';
import { partNames } from './folder';
import { openText, stringsOf } from './lines';
import type { Body } from './rows';
import { createColumn } from './texts';

/** Texts by their paths, with the folder and the part that each is in. */
export interface TextFolders {
  readonly texts: readonly {
    readonly path: string;
    readonly label: string;
    readonly part: string;
  }[];
}

/** Extensions of what is taken for an example without being asked: chapters and pages have others. */
const plain = /^[^.]*$|\.(?:txt|text)$/i;
/** With fewer texts a folder is none of a class, unless that is asked for. */
const fewest = 5;
/** So many files may lie beside the classes. */
const mostBeside = 5;
/** Bytes of a text. */
const mostBytes = 2 ** 26;

/**
 * Two folders or more of plain texts, with no folders in them; within folders of parts, as `train` and `test`, the same.
 *
 * @param isAsked it need not be likely: few texts and other extensions will do
 * @returns undefined: the folder is something else
 */
export async function textFoldersOf(
  files: TableFiles,
  path: string,
  isAsked: boolean,
): Promise<TextFolders | undefined> {
  const texts: { path: string; label: string; part: string }[] = [];

  /** @returns whether there are classes in it */
  async function addClasses(folder: string, part: string): Promise<boolean> {
    let [classes, beside] = [0, 0];
    for (const name of visible(await files.names(folder))) {
      const inside = files.join(folder, name);
      if ((await files.entry(inside))?.kind !== 'folder') {
        beside++;
      } else if (part === '' && partNames.test(name)) {
        if (!(await addClasses(inside, name))) return false;
        classes += 2;
      } else if (await addTexts(inside, name, part)) {
        classes++;
      } else {
        return false;
      }
    }
    return classes >= 2 && (isAsked || beside <= mostBeside);
  }

  /** @returns whether the folder has nothing but texts */
  async function addTexts(folder: string, label: string, part: string): Promise<boolean> {
    const names = visible(await files.names(folder));
    if (names.length < (isAsked ? 1 : fewest)) return false;
    for (const name of names) {
      const file = files.join(folder, name);
      if (!isAsked && !plain.test(name)) return false;
      if ((await files.entry(file))?.kind === 'folder') return false;
      texts.push({ path: file, label, part });
    }
    return true;
  }

  return (await addClasses(path, '')) ? { texts } : undefined;
}

function visible(names: readonly string[]): string[] {
  return names.filter((name) => !name.startsWith('.')).sort();
}

/** @throws InputError where none of the texts can be read */
export async function readTextFolders(
  files: TableFiles,
  { texts }: TextFolders,
): Promise<Body & { readonly notes: readonly Sentence[] }> {
  const columns = [createColumn('text'), createColumn('label'), createColumn('part')] as const;
  const left: string[] = [];
  let rows = 0;
  for (const { path, label, part } of texts) {
    const text = await textAt(files, path);
    if (text === undefined) {
      left.push(path);
      continue;
    }
    [text, label, part].forEach((value, i) => {
      columns[i]!.push(value);
    });
    rows++;
  }
  if (rows === 0) {
    throw new InputError(
      sentence`None of the texts can be read, not even ${files.baseName(texts[0]?.path ?? '')}.`,
      sentence`Save them as UTF-8.`,
    );
  }
  const hasParts = texts.some(({ part }) => part !== '');
  return {
    rows,
    columns: columns.slice(0, hasParts ? 3 : 2).map((column) => column.finish()),
    notes:
      left.length === 0
        ? []
        : [
            sentence`Texts that are empty or cannot be read are left out (${left.length} of ${texts.length}), the first is ${left[0]!}.`,
          ],
  };
}

/** Undefined: it is empty, or no text. */
async function textAt(files: TableFiles, path: string): Promise<string | undefined> {
  const entry = await files.entry(path);
  if (entry?.kind !== 'file' || entry.bytes > mostBytes) return undefined;
  try {
    let text = '';
    for await (const string of stringsOf(await openText(files, { kind: 'file', path })))
      text += string;
    return text.trim();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
