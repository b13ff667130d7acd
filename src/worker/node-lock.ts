/**
 * One writer a run folder: a file `lock` that tells which process has it. A process that was killed
 * leaves its lock behind; it is taken over once that process is gone.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { sentence, type Sentence } from '../core/sentence';
import { fileError, inputError } from './failures';
import type { LockPurpose } from './platform';

const holderSchema = v.object({
  process: v.number(),
  host: v.string(),
  /** Older versions do not say. */
  purpose: v.optional(v.picklist(['training', 'note']), 'training'),
});
type Holder = v.InferOutput<typeof holderSchema>;

/**
 * Folders held by this engine worker. A process has one at a time, so a lock of this process that is not
 * among them is that of a worker that has crashed.
 */
const held = new Set<string>();

const lockName = 'lock';

/**
 * Takes a folder until the returned function is called.
 * @throws JobError if another job or process has it, or the lock cannot be written
 */
export async function lock(
  folder: string,
  purpose: LockPurpose = 'training',
): Promise<() => Promise<void>> {
  const file = path.join(folder, lockName);
  const mine: Holder = { process: process.pid, host: os.hostname(), purpose };
  for (let attempts = 0; attempts < 3; attempts++) {
    if (await create(file, JSON.stringify(mine))) {
      held.add(folder);
      return async () => {
        held.delete(folder);
        await fs.rm(file, { force: true });
      };
    }
    const holder = await holderOf(file);
    if (holder !== undefined && isAlive(holder, folder)) {
      if (holder.purpose === 'note') break;
      throw lockedError(folder, file, holder, mine);
    }
    await fs.rm(file, { force: true });
  }
  throw inputError(
    sentence`Another process is taking ${folder}.`,
    sentence`Try again in a moment.`,
  );
}

/** What a job or a process that lives holds the folder for; undefined: none does. */
export async function lockedFor(folder: string): Promise<LockPurpose | undefined> {
  const holder = await holderOf(path.join(folder, lockName));
  return holder !== undefined && isAlive(holder, folder) ? holder.purpose : undefined;
}

/** Makes the file with its contents in one step; false if there is one already. */
async function create(file: string, contents: string): Promise<boolean> {
  const temporary = `${file}.${String(process.pid)}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    await fs.writeFile(temporary, contents);
    // A link, unlike a rename, fails where the name is taken, and never shows an empty file.
    await fs.link(temporary, file);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS')
      return await createPlain(file, contents);
    throw fileError(error, sentence`Cannot write ${file}`);
  } finally {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** For file systems without links. */
async function createPlain(file: string, contents: string): Promise<boolean> {
  try {
    await fs.writeFile(file, contents, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw fileError(error, sentence`Cannot write ${file}`);
  }
}

/** undefined: no lock, or one that nobody can have written completely. */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(await fs.readFile(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** A process of another machine cannot be asked, so it counts as alive. */
function isAlive(holder: Holder, folder: string): boolean {
  if (holder.host !== os.hostname()) return true;
  if (holder.process === process.pid) return held.has(folder);
  try {
    process.kill(holder.process, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function lockedError(folder: string, file: string, holder: Holder, mine: Holder) {
  return inputError(
    sentence`${folder} is being trained by ${processText(holder, mine)}.`,
    sentence`Stop that training first, or choose another folder; if it is no longer running, delete ${file}.`,
  );
}

function processText(holder: Holder, mine: Holder): Sentence {
  if (holder.host !== mine.host) return sentence`process ${holder.process} on ${holder.host}`;
  return holder.process === mine.process
    ? sentence`this process`
    : sentence`process ${holder.process}`;
}
