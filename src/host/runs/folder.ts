import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { deletedName } from '../../protocol/jobs/manage';
import { beginning } from '../../core/beginning';
import { makeFolder, writeWhole } from '../../files/write';
import type { TextSource, TrainRequest } from '../../protocol/engine';

/** The text a run learns; kept beside the run so that it can be continued. */
export type KeptDocument = {
  /** Where the text was; it may have changed since, or be gone. */
  readonly uri: string;
  readonly name: string;
  /** When it was put beside the run, ms since 1970; undefined: by a build that did not say. */
  readonly kept?: number | undefined;
  /** Of a table: how it is to be read, as the file beside it said. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** Of what was selected: the lines of the document, from 0, that its lines are, `[first, last]` one after the other. */
  readonly ranges?: readonly (readonly [first: number, last: number])[] | undefined;
} & (
  | {
      /** As the editor had it. */
      readonly text: string;
    }
  | {
      /** Of a file that is too large to keep a copy of with every run; the engine reads it itself. */
      readonly path: string;
    }
);

const named = {
  uri: v.string(),
  name: v.string(),
  kept: v.optional(v.number()),
  overrides: v.optional(v.record(v.string(), v.unknown())),
  ranges: v.optional(v.array(v.tuple([v.number(), v.number()]))),
};
const keptDocument = v.union([
  v.object({ ...named, text: v.string() }),
  v.object({ ...named, path: v.string() }),
]);
const documentFile = 'document.json';
/** The engine's, and the last it writes of a new run: a folder without it is no run. */
export const runFile = 'run.json';
/** What the user has written about a run; the engine reads it for the list. */
export const noteFile = 'note.md';

/**
 * A new run's folder, with the document in it.
 *
 * @param parent of all runs; made where it does not exist
 */
export async function createRunFolder(parent: string, document: KeptDocument): Promise<string> {
  const folder = newRunFolder(parent, document.name);
  await makeFolder(folder);
  await keepDocument(folder, document);
  return folder;
}

/** Of a name, in UTF-8. */
const longestName = 100;

/** Where a new run is to be kept; there is nothing yet. */
export function newRunFolder(parent: string, name: string): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '-');
  // Names are for people who look into the folder; the random part keeps two windows apart.
  const word = beginning(name.replace(/[^\p{L}\p{N}]+/gu, '-'), longestName);
  return path.join(parent, `${time}-${word}-${randomBytes(2).toString('hex')}`);
}

/** Puts a text beside a run, which is trained on it from now on. */
export async function keepDocument(folder: string, document: KeptDocument): Promise<void> {
  const file = path.join(folder, documentFile);
  await writeWhole(file, JSON.stringify({ ...document, kept: Date.now() }));
}

/** Undefined where the run was made by another program, or its document cannot be read. */
export async function readDocument(folder: string): Promise<KeptDocument | undefined> {
  try {
    const content: unknown = JSON.parse(await fs.readFile(path.join(folder, documentFile), 'utf8'));
    return v.parse(keptDocument, content);
  } catch {
    return undefined;
  }
}

/** Where the engine gets a run's text from. */
export function sourceOf(document: KeptDocument): TextSource {
  return 'path' in document
    ? { kind: 'file', path: document.path }
    : { kind: 'text', name: document.name, text: document.text };
}

/** What the engine has to be told of a text to train on it. */
export function dataOf(
  document: KeptDocument,
): Pick<TrainRequest, 'source' | 'origin' | 'overrides'> {
  const { overrides, uri } = document;
  return {
    source: sourceOf(document),
    ...(uri.startsWith('file:') && { origin: fileURLToPath(uri) }),
    ...(overrides !== undefined && { overrides }),
  };
}

/** Removes the folder of a run that never began. */
export async function removeUnlessRun(folder: string): Promise<void> {
  try {
    await fs.access(path.join(folder, runFile));
  } catch {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/**
 * In the folder of a run while it is trained: what is left of it when VS Code starts tells of a training
 * that was cut short, without reading any run.
 */
const markFile = 'under-way';

/** What cannot be marked is only not offered to go on. */
export async function markUnderWay(folder: string): Promise<void> {
  await fs.writeFile(path.join(folder, markFile), '').catch(() => undefined);
}

/** @returns whether there was a mark: of several windows that ask one gets it */
export async function unmarkUnderWay(folder: string): Promise<boolean> {
  try {
    await fs.unlink(path.join(folder, markFile));
    return true;
  } catch {
    return false;
  }
}

/** Folders of runs that are marked: trained now by another window, or when VS Code last ended. */
export async function runsUnderWay(parent: string): Promise<string[]> {
  const folders = await foldersIn(parent);
  const marked = await Promise.all(folders.map((folder) => exists(path.join(folder, markFile))));
  return folders.filter((_, i) => marked[i]);
}

/** The last deletion that waits to be removed for good, as the engine calls it: by its time; undefined: there is none. */
export async function lastDeleted(parent: string): Promise<number | undefined> {
  const times = (await foldersIn(path.join(parent, deletedName)))
    .map((folder) => Number(path.basename(folder)))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Whether a run's folder waits among the deleted, whichever window has deleted it. */
export async function isAmongDeleted(run: string): Promise<boolean> {
  const deletions = await foldersIn(path.join(path.dirname(run), deletedName));
  const there = await Promise.all(
    deletions.map((deletion) => exists(path.join(deletion, path.basename(run)))),
  );
  return there.includes(true);
}

/** Folders within a folder but that of deleted runs; none where it does not exist. */
export async function foldersIn(parent: string): Promise<string[]> {
  try {
    const entries = await fs.readdir(parent, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && entry.name !== deletedName)
      .map(({ name }) => path.join(parent, name));
  } catch {
    // No folder yet: nothing in it.
    return [];
  }
}

/** Whether there is any run, found without reading one. */
export async function hasRuns(parent: string): Promise<boolean> {
  for (const folder of (await foldersIn(parent)).reverse()) {
    if (await exists(path.join(folder, runFile))) return true;
  }
  return false;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await fs.access(file);
    return true;
  } catch {
    return false;
  }
}
