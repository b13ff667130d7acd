/** Which format a file has, found by looking at it: in the order in which a mistake is least likely. */
import type { SourceText } from '../data/source';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { conllCells, conllColumns, readConll, separators } from './conll';
import { columnNames, firstRows, readCsv, type Dialect } from './csv';
import { labelMark, readFastText } from './fasttext';
import type { TableFiles, TableSource } from './files';
import { foldersOf, listedImages, readFolder, type ImageOptions } from './folder';
import { idxPairs, isIdx, readIdxPairs } from './idx';
import { readJsonArray, readJsonLines } from './json';
import { tableFormats, type FormatName } from './kinds';
import { openBytes, openText, stringsOf } from './lines';
import { readPo } from './po';
import type { Body } from './rows';
import { readSiblings, siblingsOf } from './siblings';
import type { Table } from './table';
import { readTextFolders, textFoldersOf } from './text-folder';

export interface ReadOptions {
  readonly image?: ImageOptions | undefined;
}

/** A file that is a table, not read yet. */
export interface Recognised {
  readonly name: string;
  readonly format: FormatName;
  /** @throws InputError where it is not as its format has it */
  read(options?: ReadOptions): Promise<Table>;
}

/** The beginning of a file. */
interface Head {
  readonly files: TableFiles;
  readonly source: TableSource;
  readonly text: SourceText;
  readonly string: string;
  /** The file goes on. */
  readonly isCut: boolean;
  readonly lines: readonly string[];
  /** In small letters, without `.gz`. */
  readonly extension: string;
  /** The format was asked for: it need not be likely. */
  readonly isAsked: boolean;
}

type Reading = (options: ReadOptions) => Promise<Body & { readonly notes?: readonly Sentence[] }>;

/** So much of a file's beginning tells what it is, UTF-16 units. */
const headLength = 1 << 18;

/** Extensions of files that may be anything. */
const plain = new Set(['', 'txt', 'text', 'dat', 'data', 'train', 'test', 'valid', 'dev']);

/**
 * @param options `format`: the one it must have; `text`: plain text
 * @returns undefined for plain text, and for a folder of texts
 * @throws InputError if it has not the format that was asked for, or is no text at all
 */
export async function recognise(
  files: TableFiles,
  source: TableSource,
  { format }: { readonly format?: FormatName | 'text' | undefined } = {},
): Promise<Recognised | undefined> {
  if (format === 'text') return undefined;
  const name = source.kind === 'text' ? source.name : files.baseName(source.path);
  const isFolder = source.kind === 'file' && (await files.entry(source.path))?.kind === 'folder';
  const found =
    (source.kind === 'file' ? await recogniseBytes(files, source.path, format) : undefined) ??
    (isFolder ? undefined : await recogniseText(files, source, format));
  if (format !== undefined && found?.[0] !== format) {
    throw new InputError(
      sentence`${name} cannot be read as ${format}: it is not ${tableFormats[format]}.`,
      sentence`Leave out --format, which finds the format by itself, or say --format text for plain text.`,
    );
  }
  if (found === undefined) return undefined;
  const [recognised, read] = found;
  return {
    name,
    format: recognised,
    async read(options = {}) {
      const { notes = [], ...body } = await read(options);
      if (body.rows === 0) {
        throw new InputError(
          sentence`${name} has no rows.`,
          sentence`Give a file with examples in it.`,
        );
      }
      return { name, format: recognised, notes, ...body };
    },
  };
}

/** Folders, files that list images, and files that are no text. */
async function recogniseBytes(
  files: TableFiles,
  path: string,
  format: FormatName | undefined,
): Promise<readonly [FormatName, Reading] | undefined> {
  if ((await files.entry(path))?.kind === 'folder') {
    const pairs = await idxPairs(files, path);
    if (pairs.length > 0) return ['idx', () => readIdxPairs(files, pairs)];
    const folder = await foldersOf(files, path);
    if (folder !== undefined) return ['folder', ({ image }) => readFolder(files, folder, image)];
    const texts = await textFoldersOf(files, path, format === 'folder');
    return texts && ['folder', () => readTextFolders(files, texts)];
  }
  const list = await listedImages(files, path);
  if (list !== undefined) return ['folder', ({ image }) => readFolder(files, list, image)];
  for await (const piece of (await openBytes(files, path)).pieces()) {
    if (!isIdx(piece)) return undefined;
    const pairs = await idxPairs(files, path);
    if (pairs.length > 0) return ['idx', () => readIdxPairs(files, pairs)];
    throw new InputError(
      sentence`${files.baseName(path)} is one of two files in the format of MNIST, and the other is not beside it.`,
      sentence`Put images and labels into a folder, named like train-images-idx3-ubyte and train-labels-idx1-ubyte.`,
    );
  }
  return undefined;
}

async function recogniseText(
  files: TableFiles,
  source: TableSource,
  format: FormatName | undefined,
): Promise<readonly [FormatName, Reading] | undefined> {
  const text = await openText(files, source);
  let string = '';
  let isCut = false;
  for await (const piece of stringsOf(text)) {
    string += piece;
    isCut = string.length > headLength;
    if (isCut) break;
  }
  const lines = string.split('\n');
  if (isCut) lines.pop();
  const name = source.kind === 'text' ? source.name : files.baseName(source.path);
  const extension = /\.([^.]+)$/.exec(name.replace(/\.gz$/i, ''))?.[1]?.toLowerCase() ?? '';
  const isAsked = format !== undefined;
  const head: Head = { files, source, text, string, isCut, lines, extension, isAsked };
  for (const [candidate, recogniser] of Object.entries(recognisers) as [FormatName, Recogniser][]) {
    if (isAsked && candidate !== format) continue;
    const reading = await recogniser(head);
    if (reading !== undefined) return [candidate, reading];
  }
  return undefined;
}

type Recogniser = (head: Head) => Reading | undefined | Promise<Reading | undefined>;

/** In the order in which they are tried. */
const recognisers: Partial<Record<FormatName, Recogniser>> = {
  fasttext({ lines, text }) {
    const written = lines.filter((line) => line.trim() !== '');
    const isOne = written.length > 0 && written.every((line) => line.startsWith(labelMark));
    return isOne ? () => readFastText(text) : undefined;
  },
  conllu: (head) => conll(head, 10),
  conll: (head) => conll(head, undefined),
  jsonl({ lines, text, extension, isAsked }) {
    const [first = '', second = ''] = lines.filter((line) => line.trim() !== '');
    // A file that is one object is no table.
    const isSure = isAsked || extension === 'jsonl' || extension === 'ndjson';
    return isObject(first) && (isSure || isObject(second)) ? () => readJsonLines(text) : undefined;
  },
  json: ({ string, text }) =>
    /^\s*\[\s*(\{|\]|$)/.test(string) ? () => readJsonArray(text) : undefined,
  csv: (head) => separated(head, [',', ';', '|'], 'csv'),
  tsv: (head) => separated(head, ['\t'], 'tsv'),
  po({ extension, string, text, isAsked }) {
    const isOne = /^msgid "/m.test(string) && /^msgstr(\[0\])? "/m.test(string);
    return isOne && (isAsked || extension === 'po' || plain.has(extension))
      ? () => readPo(text)
      : undefined;
  },
  async siblings({ files, source, isAsked }) {
    if (source.kind === 'text') return undefined;
    const siblings = await siblingsOf(files, source.path);
    if (siblings === undefined || (siblings.length < 2 && !isAsked)) return undefined;
    return async () => ({ ...(await readSiblings(files, siblings)) });
  },
};

function isObject(json: string): boolean {
  if (!json.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

const conllExtensions = new Set(['conll', 'conllu', 'iob', 'iob2', 'bio', 'tsv']);

/** @param expected columns; undefined: whatever the first token has */
function conll(
  { lines, text, extension, isAsked }: Head,
  expected: number | undefined,
): Reading | undefined {
  if (!isAsked && !plain.has(extension) && !conllExtensions.has(extension)) return undefined;
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
  if (first === undefined) return undefined;
  const separator = first.trim().includes('\t') ? separators.tab : separators.space;
  const count = expected ?? first.trim().split(separator).length;
  if (count < 2 || count > 30) return undefined;
  const tagged = lines.flatMap((line) => {
    const cells = line.trim() === '' ? undefined : conllCells(line, separator, count);
    return cells === undefined ? [] : [cells];
  });
  if (tagged.length === 0 || !tagged.every((cells) => cells.length === count)) return undefined;
  const isSure = isAsked || (conllExtensions.has(extension) && extension !== 'tsv');
  // Sentences of several tokens with an empty line between them, whose tags are few.
  const gaps = lines.filter((line, index) => line.trim() === '' && lines[index + 1]?.trim()).length;
  const tag = count === conllColumns(10).length ? 3 : count - 1;
  const tags = new Set(tagged.map((cells) => cells[tag])).size;
  if (!isSure && (gaps === 0 || tagged.length < 2 * gaps || 2 * tags > tagged.length)) {
    return undefined;
  }
  return () => readConll(text, count, separator);
}

function separated(
  { string, isCut, text, extension, isAsked }: Head,
  delimiters: readonly string[],
  own: FormatName,
): Reading | undefined {
  const isNamed = extension === own || isAsked;
  if (!isNamed && !plain.has(extension)) return undefined;
  let best: { rows: string[][]; dialect: Omit<Dialect, 'header'>; isEven: boolean } | undefined;
  for (const delimiter of delimiters) {
    // Tabs separate texts with quotation marks of their own as often as quoted ones.
    for (const quotes of delimiter === '\t' ? [true, false] : [true]) {
      const rows = firstRows(string, isCut, { delimiter, quotes });
      const columns = rows?.[0]?.length ?? 0;
      // A first line that is longer than what is looked at is nobody's header.
      if (rows === undefined || columns === 0) continue;
      if (columns < 2 && delimiter !== delimiters[0]) continue;
      const isEven = columns > 1 && rows.every(({ length }) => length === columns);
      const isBetter =
        best === undefined ||
        Number(isEven) > Number(best.isEven) ||
        (isEven === best.isEven && columns > best.rows[0]!.length);
      if (isBetter) best = { rows, dialect: { delimiter, quotes }, isEven };
    }
  }
  if (best === undefined) {
    // Its quotation marks are wrong: reading it says where.
    return isNamed
      ? () => readCsv(text, { delimiter: delimiters[0]!, quotes: true, header: true })
      : undefined;
  }
  const header = hasHeader(best.rows);
  // Prose has commas too.
  const isNames = header && best.rows[0]!.every((cell) => /^\S+( \S+)?$/.test(cell));
  const isLikely = best.isEven && best.rows.length > 2 && (isNames || own === 'tsv');
  if (!isNamed && !isLikely) return undefined;
  const dialect = { ...best.dialect, header };
  const notes = header
    ? []
    : [
        sentence`The first row looks like an example rather than names: the columns are called ${columnNames(best.rows[0]!.map(() => '')).join(', ')}.`,
      ];
  return async () => ({ ...(await readCsv(text, dialect)), notes });
}

const numeric = /^[+-]?(\d|\.\d)[\d.,eE+-]*$/;

/** Whether a first row names the others' values: it has no numbers, and none of the values of which others have few. */
function hasHeader(rows: readonly string[][]): boolean {
  const [first = [], ...others] = rows;
  if (others.length === 0) return true;
  return first.every(
    (name, column) =>
      name.length <= 60 &&
      !numeric.test(name) &&
      !isValue(
        name,
        others.map((row) => row[column] ?? ''),
      ),
  );
}

function isValue(name: string, values: readonly string[]): boolean {
  return name !== '' && values.includes(name) && 2 * new Set(values).size <= values.length;
}
