/** What Git knows of a file that is learnt from. Without Git, or outside a repository, that is nothing. */
import { isUtf8 } from 'node:buffer';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { GitState, Learnt } from './platform';

const execute = promisify(execFile);

/** Longer than this nobody waits for a training to begin, ms. */
const patience = 5000;
/** Larger files are compared by their bytes alone, bytes. */
const largest = 64 * 2 ** 20;

/** @returns undefined: it is in no repository with a commit, or there is no Git; it never throws */
export async function gitStateOf(learnt: Learnt): Promise<GitState | undefined> {
  try {
    const file = await fs.realpath(learnt.path);
    const folder = path.dirname(file);
    if (!(await isInRepository(folder)) || !(await isInstalled())) return undefined;
    const name = path.basename(file);
    const lines = (await git(folder, ['rev-parse', 'HEAD', `HEAD:./${name}`]))
      .toString()
      .split('\n');
    const [commit, kept] = lines.map((line) => (/^[0-9a-f]{40,64}$/.test(line) ? line : undefined));
    if (commit === undefined) return undefined;
    return { commit, text: await textSince(folder, file, kept, learnt.text) };
  } catch {
    return undefined;
  }
}

async function textSince(
  folder: string,
  file: string,
  kept: string | undefined,
  text: string | undefined,
): Promise<GitState['text']> {
  const entry = await fs.stat(file);
  if (!entry.isFile()) return 'unknown';
  if (kept === undefined) return 'untracked';
  if (Number(await git(folder, ['cat-file', '-s', kept])) > largest || entry.size > largest) {
    return text === undefined ? 'unknown' : 'changed';
  }
  const before = await git(folder, ['cat-file', 'blob', kept]);
  // Large File Storage keeps a pointer in place of the file.
  if (before.subarray(0, pointer.length).toString() === pointer) return 'unknown';
  const isSame =
    text === undefined ? areSame(before, await fs.readFile(file)) : isPart(text, before.toString());
  return isSame ? 'same' : 'changed';
}

const pointer = 'version https://git-lfs.github.com/spec/';

function areSame(before: Buffer, now: Buffer): boolean {
  if (before.equals(now)) return true;
  return isUtf8(before) && isUtf8(now) && plain(before.toString()) === plain(now.toString());
}

/** Of a selection, or a block of a notebook, what was learnt is a part of the file: lines of it. */
function isPart(text: string, whole: string): boolean {
  const [part, before] = [plain(text), plain(whole)];
  if (before.includes(part)) return true;
  const lines = new Set(before.split('\n'));
  return part.split('\n').every((line) => line === '' || lines.has(line));
}

/** Line ends and a byte order mark are no changes. */
function plain(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

/** Found without Git, so that it is started only where it has something to say. */
async function isInRepository(folder: string): Promise<boolean> {
  const above = path.dirname(folder);
  const isHere = await fs.stat(path.join(folder, '.git')).then(
    () => true,
    () => false,
  );
  return isHere || (above !== folder && (await isInRepository(above)));
}

/** macOS has a program of this name that asks whether to install one. */
async function isInstalled(): Promise<boolean> {
  if (process.platform !== 'darwin') return true;
  return execute('/usr/bin/xcode-select', ['-p'], { timeout: patience }).then(
    () => true,
    () => false,
  );
}

/** The repository is that of the folder, not one that a hook runs in; nothing is fetched, asked or locked. */
const surroundings = {
  ...{ GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined },
  ...{ GIT_COMMON_DIR: undefined, GIT_OBJECT_DIRECTORY: undefined },
  ...{ GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined, GIT_ALLOW_PROTOCOL: 'none' },
  ...{ GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' },
};

/**
 * Only reads objects: nothing that a repository says is executed, neither hooks nor filters nor monitors.
 * @returns what it writes, also where it does not know all that it was asked for
 */
async function git(folder: string, args: readonly string[]): Promise<Buffer> {
  try {
    // Not from the folder: some systems would take a program that lies in it.
    const { stdout } = await execute('git', ['-C', folder, ...args], {
      cwd: os.homedir(),
      env: { ...process.env, ...surroundings },
      encoding: 'buffer',
      maxBuffer: 2 * largest,
      timeout: patience,
      windowsHide: true,
    });
    return stdout;
  } catch (error) {
    const { stdout } = error as { readonly stdout?: unknown };
    if (Buffer.isBuffer(stdout)) return stdout;
    throw error;
  }
}
