/** Files of examples: which of them the engine has to read where they are, and what is said of them beside them. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { FileSystemError, workspace, type Uri } from 'vscode';
import { isIdx } from '../../core/tables/idx';
import { isImageList } from '../../core/tables/image-list';
import { siblingsOf, type Folders } from '../../core/tables/siblings';
import { decodeOverrides, overridesSuffix, type Overrides } from '../../core/task/overrides';

/** Where it is said how a file is to be read. */
export function overridesFile(data: Uri): Uri {
  return data.with({ path: `${data.path}${overridesSuffix}` });
}

/**
 * How a file is to be read, as the file beside it says: as the editor has that, where it is open.
 *
 * @returns undefined: nothing is said
 * @throws WordedError that names what cannot be used
 */
export async function overridesBeside(data: Uri): Promise<Overrides | undefined> {
  const file = overridesFile(data);
  const json = await textAt(file);
  return json === undefined ? undefined : decodeOverrides(json, path.posix.basename(file.path));
}

/** Undefined: there is no such file, or none can be there. */
async function textAt(uri: Uri): Promise<string | undefined> {
  const address = uri.toString();
  const open = workspace.textDocuments.find((document) => document.uri.toString() === address);
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    const isMissing = error instanceof FileSystemError && error.code === 'FileNotFound';
    if (isMissing || workspace.fs.isWritableFileSystem(uri.scheme) === undefined) return undefined;
    throw error;
  }
}

/** Whether a file is no text of its own: packed, in the format of MNIST, a list of images, or with others that belong to it line by line. */
export async function isReadInPlace(file: string): Promise<boolean> {
  if (/\.gz$/i.test(file) || isIdx(await headOf(file, magicLength))) return true;
  if (isImageList(path.basename(file)) && (await namesImages(file))) return true;
  const siblings = await siblingsOf(folders, file);
  return siblings !== undefined && siblings.length > 1;
}

const folders: Folders = {
  async entry(file) {
    const stat = await fs.stat(file).catch(() => undefined);
    return stat && { kind: stat.isFile() ? 'file' : 'other', bytes: stat.size };
  },
  names: (folder) => fs.readdir(folder).catch(() => []),
  join: path.join,
  baseName: (file) => path.basename(file),
};

/** Of a file's format, and of a line with columns' names; bytes. */
const magicLength = 4;
const lineLength = 4096;

async function namesImages(file: string): Promise<boolean> {
  const [line = ''] = new TextDecoder().decode(await headOf(file, lineLength)).split('\n', 1);
  return /\bfile_name\b/i.test(line);
}

async function headOf(file: string, length: number): Promise<Uint8Array> {
  const handle = await fs.open(file);
  try {
    const head = new Uint8Array(length);
    const { bytesRead } = await handle.read(head, 0, length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
