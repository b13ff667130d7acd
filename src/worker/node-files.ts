/** Files through `node:fs`. */
import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { FileBytes } from '../core/data/source';
import { sentence, type Sentence } from '../core/sentence';
import { makeFolder, rename, temporaryName, writeWhole } from '../files/write';
import { fileError, inputError } from './failures';
import { lock, lockedFor } from './node-lock';
import type { Entry, Files, FolderEntry } from './platform';

export const nodeFiles: Files = {
  read,
  pieces,
  entry,
  write: (file, contents) =>
    attempt(sentence`Cannot write ${file}`, () => writeWhole(file, contents)),
  append: (file, text) => attempt(sentence`Cannot write ${file}`, () => fs.appendFile(file, text)),
  remove: (file) => attempt(sentence`Cannot remove ${file}`, () => fs.rm(file, { force: true })),
  move: (from, to) => attempt(sentence`Cannot move ${from} to ${to}`, () => rename(from, to)),
  removeFolder: (folder) =>
    attempt(sentence`Cannot remove ${folder}`, () =>
      fs.rm(folder, { recursive: true, force: true, maxRetries: 3 }),
    ),
  makeFolder: (folder) =>
    attempt(sentence`Cannot make the folder ${folder}`, () => makeFolder(folder)),
  async clean(folder) {
    for (const name of await nodeFiles.names(folder)) {
      if (temporaryName.test(name)) await nodeFiles.remove(path.join(folder, name));
    }
  },
  async names(folder) {
    try {
      return await fs.readdir(folder);
    } catch {
      return [];
    }
  },
  async entries(folder) {
    try {
      const entries = await fs.readdir(folder, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    } catch {
      return undefined;
    }
  },
  join: (...parts) => path.join(...parts),
  baseName: (file) => path.basename(file),
  lock,
  lockedFor,
};

function kindOf(entry: Dirent): FolderEntry['kind'] {
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
}

async function attempt<T>(doing: Sentence, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw fileError(error, doing);
  }
}

async function entry(file: string): Promise<Entry | undefined> {
  try {
    const stat = await fs.stat(file);
    const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    return { kind, bytes: stat.size, changed: stat.mtimeMs };
  } catch {
    return undefined;
  }
}

function read(file: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  return attempt(sentence`Cannot read ${file}`, async () => {
    await checkedSize(file, limit);
    const buffer = await fs.readFile(file);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  });
}

/** @throws JobError for what is no file, or too large */
async function checkedSize(file: string, limit: number): Promise<number> {
  const stat = await fs.stat(file);
  // A device or a pipe has no size and may never end.
  if (!stat.isFile() && !stat.isDirectory()) {
    throw inputError(
      sentence`Cannot read ${file}: it is not a regular file.`,
      sentence`Save its contents to a file first.`,
    );
  }
  if (stat.size > limit) {
    throw inputError(
      sentence`Cannot read ${file}: it has ${megabytes(stat.size)} MB, and at most ${megabytes(limit)} MB are read.`,
      sentence`Use part of it.`,
    );
  }
  return stat.size;
}

/** Bytes of a piece: large enough for the disk, small enough for the caches. */
const pieceBytes = 2 ** 20;

async function pieces(file: string, limit: number): Promise<FileBytes> {
  const doing = sentence`Cannot read ${file}`;
  const size = await attempt(doing, async () => {
    const bytes = await checkedSize(file, limit);
    await (await fs.open(file)).close();
    return bytes;
  });
  return { size, pieces: () => readPieces(file, size, doing) };
}

/** While one piece is worked on, the next is read into another buffer. What is added meanwhile is left out. */
async function* readPieces(
  file: string,
  size: number,
  doing: Sentence,
): AsyncGenerator<Uint8Array> {
  const handle = await attempt(doing, () => fs.open(file));
  const buffers = [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)] as const;
  const readAt = (at: number, turn: number) => {
    const reading = handle.read(buffers[turn & 1]!, 0, Math.min(pieceBytes, size - at), at);
    // Whoever waits for it is told; until then nobody does.
    reading.catch(() => undefined);
    return reading;
  };
  try {
    let next = readAt(0, 0);
    for (let at = 0, turn = 0; at < size; turn++) {
      const { bytesRead, buffer } = await attempt(doing, () => next);
      if (bytesRead === 0) return;
      at += bytesRead;
      if (at < size) next = readAt(at, turn + 1);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: bytes < 2 ** 24 ? 1 : 0 });
}
