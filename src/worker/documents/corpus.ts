/** Many text files as one text: each a document of its own, with a mark before each and behind the last. */
import { documentMark } from '../../core/data/documents';
import type { Globs } from '../../core/data/globs';
import { fileText, type FileBytes, type SourceText } from '../../core/data/source';
import { largestText, type TextChanges } from '../../core/data/text';
import { joined, sentence, type Sentence } from '../../core/sentence';
import { InputError } from '../../core/input-error';
import { JobError, inputError } from '../failures';
import type { Files, Platform } from '../platform';
import { findFiles, pathIn, type FoundFiles } from './find';

/** What a run keeps of the documents that it learns. */
export interface DocumentFacts {
  /** How many there are. */
  readonly count: number;
  /** The last in the order in which they are read, from the folder: it is held out where any is. */
  readonly last: string;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

export interface Corpus extends SourceText {
  readonly facts: DocumentFacts;
  /** What is worth knowing of how they were read. */
  readonly notes: readonly Sentence[];
}

/** Bytes of a file that is read at once; a larger one comes in pieces. */
const wholeFile = 2 ** 22;

/** Why a file is no document. */
type Left = 'empty' | 'binary' | 'copy' | 'unreadable';

/**
 * Reads each file once, to see which are text, and no copy of another. Documents come in an order that is a hash of their
 * names: whatever they are called, those held out are no others than those learnt, and stay where they are when some are added.
 *
 * @throws JobError if no text is found
 */
export async function openCorpus(
  { files, createHash }: Pick<Platform, 'files' | 'createHash'>,
  folder: string,
  globs: Globs,
): Promise<Corpus> {
  const name = files.baseName(folder);
  const found = await findFiles(files, folder, globs);
  const left: Record<Left, string[]> = { empty: [], binary: [], copy: [], unreadable: [] };
  const seen = new Set<string>();
  const documents: { readonly path: string; readonly file: FileBytes }[] = [];
  let bytes = 0;
  for (const path of inOrder(found.paths)) {
    try {
      const file = await openFile(files, pathIn(files, folder, path));
      if (file.size === 0) {
        left.empty.push(path);
        continue;
      }
      const hash = createHash();
      let length = 0;
      for await (const piece of fileText(file, path).pieces()) {
        hash.update(piece);
        length += piece.length;
      }
      const content = hash.hex();
      if (length === 0) left.empty.push(path);
      else if (seen.has(content)) left.copy.push(path);
      else {
        seen.add(content);
        bytes += length + 1;
        documents.push({ path, file });
      }
    } catch (error) {
      left[reasonOf(error)].push(path);
    }
  }
  const last = documents.at(-1);
  if (last === undefined) throw nothingFound(name, found, left);
  if (bytes >= largestText) {
    throw inputError(
      sentence`The files of ${name} are too large to be learnt together.`,
      sentence`Choose some of them (--include, --exclude).`,
    );
  }
  let changes: TextChanges = noChanges;

  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    changes = noChanges;
    const mark = new TextEncoder().encode(documentMark);
    yield mark;
    for (const { path, file } of documents) {
      const text = fileText(file, path);
      yield* text.pieces();
      changes = added(changes, text.changes());
      yield mark;
    }
  }

  return {
    name,
    bytes: bytes + 1,
    ofDocuments: true,
    pieces,
    changes: () => changes,
    facts: { count: documents.length, last: last.path, ...globs },
    notes: notesOf(name, documents.length, found, left),
  };
}

/** Of 32 bits: FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function inOrder(paths: readonly string[]): string[] {
  const hashes = new Map(paths.map((path) => [path, hashOf(path)]));
  return paths.toSorted((a, b) => hashes.get(a)! - hashes.get(b)! || (a < b ? -1 : 1));
}

async function openFile(files: Files, path: string): Promise<FileBytes> {
  const entry = await files.entry(path);
  if (entry !== undefined && entry.bytes > wholeFile) {
    const file = await files.pieces(path, largestText);
    return { size: file.size, pieces: () => unlessBinary(file) };
  }
  return {
    size: entry?.bytes ?? 0,
    async *pieces() {
      yield await files.read(path, wholeFile);
    },
  };
}

/** A large file that is no text is not read to its end. */
async function* unlessBinary(file: FileBytes): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of file.pieces()) {
    yield piece;
    const isUtf16 = (piece[0]! ^ piece[1]!) === 1 && Math.max(piece[0]!, piece[1]!) === 0xff;
    if (isFirst && !isUtf16 && piece.includes(0)) return;
    isFirst = false;
  }
}

function reasonOf(error: unknown): Left {
  if (error instanceof InputError) return 'binary';
  if (error instanceof JobError) return 'unreadable';
  throw error;
}

const noChanges: TextChanges = {
  byteOrderMark: false,
  lineEnds: 0,
  carriageReturns: 0,
  surrogates: 0,
};

function added(a: TextChanges, b: TextChanges): TextChanges {
  return {
    byteOrderMark: a.byteOrderMark || b.byteOrderMark,
    lineEnds: a.lineEnds + b.lineEnds,
    carriageReturns: a.carriageReturns + b.carriageReturns,
    surrogates: a.surrogates + b.surrogates,
  };
}

function notesOf(
  name: string,
  count: number,
  found: FoundFiles,
  left: Readonly<Record<Left, readonly string[]>>,
): Sentence[] {
  return [
    sentence`${name}: ${count} text files · each a document of its own · whole documents are held out`,
    ...leftNotes(found, left),
  ];
}

function leftNotes(
  { links, closed }: FoundFiles,
  left: Readonly<Record<Left, readonly string[]>>,
): Sentence[] {
  const { empty, binary, copy, unreadable } = left;
  const shut = [...unreadable, ...closed];
  return [
    ...(binary.length === 0
      ? []
      : [
          sentence`Files that are no text are left out (${binary.length}), the first is ${binary[0]!}.`,
        ]),
    ...(empty.length === 0
      ? []
      : [sentence`Empty files are left out (${empty.length}), the first is ${empty[0]!}.`]),
    ...(copy.length === 0
      ? []
      : [
          sentence`Files that are copies of others are left out (${copy.length}), the first is ${copy[0]!}.`,
        ]),
    ...(shut.length === 0
      ? []
      : [
          sentence`What may not be read is left out (${shut.length}), the first is ${shut[0]!}: change its permissions.`,
        ]),
    ...(links === 0 ? [] : [sentence`Symbolic links are not followed (${links}).`]),
  ];
}

function nothingFound(
  name: string,
  found: FoundFiles,
  left: Readonly<Record<Left, readonly string[]>>,
): JobError {
  const [first, ...others] = leftNotes(found, left);
  const hint = sentence`Give a file, a folder of text files, or one with a folder of PNG or JPEG images for each class, or with metadata.csv.`;
  return inputError(
    sentence`${name} is a folder without anything to train on.`,
    first === undefined
      ? hint
      : joined(
          others.reduce((all, note) => joined(all, note), first),
          hint,
        ),
  );
}
