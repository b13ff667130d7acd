/** Files of a folder whose lines belong together: `x.en` and `x.zh`, `src.txt` and `tgt.txt`. */
import { InputError } from '../input-error';
import { sentence } from '../sentence';
import type { TableFiles } from './files';
import { linesOf, openText } from './lines';
import type { Body } from './rows';
import { createColumn, createNumbers } from './texts';

export interface Sibling {
  /** What its column is called. */
  readonly column: string;
  readonly path: string;
}

/** Codes of languages that are also extensions of programs' sources: two of them make no pair. */
const programs = new Set([
  'am',
  'cs',
  'el',
  'io',
  'la',
  'mk',
  'ml',
  'pl',
  'ps',
  'sc',
  'sh',
  'so',
  'st',
  'ts',
]);

/** `x.zh-CN.gz`: the stem, and the language. */
const ofLanguage = /^(.+)\.([a-z]{2}(?:[-_][A-Za-z]{2,4})?)(\.gz)?$/;

/** What is called so in one file is called so in the other. */
const pairs: readonly (readonly [string, string])[] = [
  ['src', 'tgt'],
  ['source', 'target'],
];

let languages: Intl.DisplayNames | undefined;

function isLanguage(code: string): boolean {
  languages ??= new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  return languages.of(code.replace('_', '-')) !== undefined;
}

/** What is looked at to find them. */
export type Folders = Pick<TableFiles, 'entry' | 'names' | 'join' | 'baseName'>;

/** A file and those that belong to it, itself first unless it is the target; undefined: it stands alone. */
export async function siblingsOf(
  files: Folders,
  path: string,
): Promise<readonly Sibling[] | undefined> {
  const name = files.baseName(path);
  const folder = files.join(path, '..');
  const at = (other: string): string => files.join(folder, other);
  for (const names of pairs) {
    for (const [own, other] of [names, [...names].reverse() as [string, string]]) {
      const place = new RegExp(`(?<![a-z])${own}(?![a-z])`, 'i').exec(name);
      if (place === null) continue;
      const found = at(name.slice(0, place.index) + other + name.slice(place.index + own.length));
      if ((await files.entry(found))?.kind !== 'file') continue;
      const both = [
        { column: own, path },
        { column: other, path: found },
      ];
      return own === names[0] ? both : both.reverse();
    }
  }
  const [, stem = '', code = '', packed = ''] = ofLanguage.exec(name) ?? [];
  if (stem === '' || !isLanguage(code)) return undefined;
  const others: Sibling[] = [];
  for (const other of (await files.names(folder)).sort()) {
    const [, otherStem, otherCode = '', otherPacked = ''] = ofLanguage.exec(other) ?? [];
    const isOther = otherStem === stem && otherCode !== code && otherPacked === packed;
    if (!isOther || !isLanguage(otherCode)) continue;
    if (programs.has(code) && programs.has(otherCode)) continue;
    if ((await files.entry(at(other)))?.kind === 'file') {
      others.push({ column: otherCode, path: at(other) });
    }
  }
  return others.length === 0 ? undefined : [{ column: code, path }, ...others];
}

/** @throws InputError if they have different numbers of lines */
export async function readSiblings(files: TableFiles, siblings: readonly Sibling[]): Promise<Body> {
  const columns = [];
  const counts: number[] = [];
  for (const { column, path } of siblings) {
    const builder = createColumn(column);
    let count = 0;
    for await (const lines of linesOf(await openText(files, { kind: 'file', path }))) {
      for (const line of lines) builder.push(line.trim());
      count += lines.length;
    }
    columns.push(builder.finish());
    counts.push(count);
  }
  const [rows = 0] = counts;
  const different = counts.findIndex((count) => count !== rows);
  if (different >= 0) {
    const nameOf = (index: number): string => files.baseName(siblings[index]!.path);
    throw new InputError(
      sentence`${nameOf(0)} has ${rows} lines and ${nameOf(different)} ${counts[different]!}, so they do not belong together line by line.`,
      sentence`Find where they part, or train on one of them as plain text: --format text.`,
    );
  }
  const lines = createNumbers();
  for (let line = 1; line <= rows; line++) lines.push(line);
  return { rows, columns, lines: lines.finish() };
}
