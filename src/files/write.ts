/** Writing to the disk, for whoever does: the engine, the extension host. Errors are those of `node:fs`. */
import { randomBytes } from 'node:crypto';
import { close, constants, open, write } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A name that `writeWhole` gives a file until it is whole. */
export const temporaryName = /\.[0-9a-f]{12}\.tmp$/;

/** Codes of errors that are ours, beside the system's. */
export const blockDevice = 'ERR_BLOCK_DEVICE';
export const unread = 'ERR_UNREAD';

/**
 * Writes a file whole: under a temporary name, then renamed, so that a reader finds the old file or the new, never
 * half of one. A symbolic link stays, and what it leads to is written; a file keeps its permissions. What is no regular
 * file (a pipe, a terminal, `/dev/null`, `/dev/stdout`) is written to, but for disks.
 *
 * @throws Error of `node:fs`; with `blockDevice` for a disk, `unread` for a pipe that nothing reads from
 */
export async function writeWhole(file: string, contents: Uint8Array | string): Promise<void> {
  const target = await followLinks(file);
  const bytes = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
  if (typeof target === 'number') {
    await writeAll(target, bytes);
    return;
  }
  const found = await fs.stat(target).catch(ignoreMissing);
  if (found === undefined || found.isFile()) await replaceFile(target, bytes, found?.mode);
  else if (found.isDirectory()) throw errorOf('EISDIR', `${target} is a folder`);
  else if (found.isBlockDevice()) throw errorOf(blockDevice, `${target} is a block device`);
  else await writeInto(target, bytes, found.isFIFO());
}

/** Linux names what a process has open, `/dev/stdout` and the like lead there. */
const ownDescriptor = new RegExp(`^/proc/(self|thread-self|${String(process.pid)})/fd/(\\d+)$`);

/** As many as Linux follows. */
const mostLinks = 40;

/** Where a path leads: to a file that may be missing, or to something that this process has open already. */
async function followLinks(file: string): Promise<string | number> {
  let at = path.resolve(file);
  for (let links = 0; links < mostLinks; links++) {
    const folder = await fs.realpath(path.dirname(at));
    at = path.join(folder, path.basename(at));
    const descriptor = ownDescriptor.exec(at)?.[2];
    if (descriptor !== undefined) return Number(descriptor);
    try {
      at = path.resolve(folder, await fs.readlink(at));
    } catch (error) {
      const code = codeOf(error);
      // There is nothing, or no link; Windows does not say which of the two clearly.
      if (code === 'EINVAL' || code === 'ENOENT' || code === 'UNKNOWN') return at;
      throw error;
    }
  }
  throw errorOf('ELOOP', `${file}: too many symbolic links`);
}

async function replaceFile(
  file: string,
  contents: Uint8Array,
  mode: number | undefined,
): Promise<void> {
  if (mode !== undefined) await fs.access(file, constants.W_OK);
  // A name of its own: behind one that is as long as may be nothing has room.
  const name = `rnn-lab.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = path.join(path.dirname(file), name);
  try {
    // Flushed: after a power cut the name must not lead to a file whose contents never came to the disk.
    await fs.writeFile(temporary, contents, { flush: true });
    if (mode !== undefined) await fs.chmod(temporary, mode & 0o777);
    await rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

const attemptsAtReader = 100;
/** Between two attempts at what is not ready, ms. */
const pause = 20;

/** Into what is there and is no regular file. Opened without waiting: a thread that waits for a reader could not be ended. */
async function writeInto(file: string, contents: Uint8Array, isPipe: boolean): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK;
  const openNow = (): Promise<number> => promisify(open)(file, flags);
  let descriptor: number | undefined;
  for (let attempts = 1; descriptor === undefined; attempts++) {
    try {
      descriptor = await openNow();
    } catch (error) {
      if (!isPipe || codeOf(error) !== 'ENXIO') throw error;
      if (attempts === attemptsAtReader) throw errorOf(unread, `nothing reads from ${file}`);
      await delay(pause);
    }
  }
  try {
    await writeAll(descriptor, contents);
  } finally {
    await promisify(close)(descriptor);
  }
}

/** However slowly it is read at the other end. */
async function writeAll(descriptor: number, contents: Uint8Array): Promise<void> {
  for (let at = 0; at < contents.length;) {
    try {
      at += (await promisify(write)(descriptor, contents, at)).bytesWritten;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      await delay(pause);
    }
  }
}

/** Moves a file or a folder. On Windows this fails while a virus scanner or an indexer looks at it: try again. */
export async function rename(from: string, to: string): Promise<void> {
  for (let attempts = 0; ; attempts++) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      const busy =
        process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error));
      if (!busy || attempts === 5) throw error;
      await delay(pause * 2 ** attempts);
    }
  }
}

/** Makes a folder and those above it; it may exist already. Node's own way never ends where none can be made, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    const isParentMissing =
      codeOf(error) === 'ENOENT' && (await fs.lstat(parent).catch(ignoreMissing)) === undefined;
    if (isParentMissing && parent !== folder) {
      await makeFolder(parent);
      await makeFolder(folder);
    } else if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(file: string): Promise<boolean> {
  return (await fs.stat(file).catch(ignoreMissing))?.isDirectory() === true;
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** What `node:fs` calls an error; empty for another program's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function errorOf(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
