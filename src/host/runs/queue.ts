/**
 * Trainings that wait for their turn. Each is a file in the folder of its run, so that the queue is there again after VS
 * Code was closed, and other windows of the workspace see it.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '../../files/write';
import { cellSource, settingValues } from '../../protocol/jobs/shared';
import { foldersIn, removeUnlessRun } from './folder';

export const queuedFile = 'queued.json';

const order = v.object({
  /** What the training is called. */
  name: v.string(),
  /** What the user set, or for a run that continues what changes. */
  settings: settingValues,
  /** In place of a built-in cell. */
  cell: v.optional(cellSource),
  /** Whether the folder holds a run that continues; else a new one begins there. */
  continues: v.boolean(),
  /** The folder's name of a run that it is to be drawn beside. */
  beside: v.optional(v.string()),
});
/** What is to be trained. */
export type QueuedOrder = v.InferOutput<typeof order>;

const queued = v.object({ ...order.entries, place: v.number() });

export interface QueuedTraining extends QueuedOrder {
  /** Of its run, absolute: what identifies it. */
  readonly folder: string;
  /** Those with lower numbers come before it. */
  readonly place: number;
}

export interface Queue {
  /** The next one comes first. */
  readonly items: readonly QueuedTraining[];
  /** Reads them: other windows change them, too. */
  load(): Promise<void>;
  /** Puts one at the end. */
  add(folder: string, order: QueuedOrder): Promise<void>;
  /** Takes one out; the folder of a run that has not begun goes with it. */
  remove(folder: string): Promise<void>;
  /** Takes one out to be trained; false: another window was faster. */
  take(folder: string): Promise<boolean>;
  /** Moves one a place towards the front or, with 1, towards the end. */
  move(folder: string, by: -1 | 1): Promise<void>;
}

/**
 * @param parent the folder of all runs
 * @param changed is called when there are others, or in another order
 */
export function createQueue(parent: string, changed: () => void): Queue {
  let items: readonly QueuedTraining[] = [];

  async function load() {
    const found = await Promise.all((await foldersIn(parent)).map(read));
    const now = found.filter((item) => item !== undefined).sort((a, b) => a.place - b.place);
    if (JSON.stringify(now) === JSON.stringify(items)) return;
    items = now;
    changed();
  }

  return {
    get items() {
      return items;
    },
    load,
    async add(folder, given) {
      await load();
      await write({ ...given, folder, place: (items.at(-1)?.place ?? 0) + 1 });
      await load();
    },
    async remove(folder) {
      await unmark(folder);
      await removeUnlessRun(folder);
      await load();
    },
    async take(folder) {
      const isMine = await unmark(folder);
      await load();
      return isMine;
    },
    async move(folder, by) {
      await load();
      const at = items.findIndex((item) => item.folder === folder);
      const [item, other] = [items[at], items[at + by]];
      if (!item || !other) return;
      await write({ ...item, place: other.place });
      await write({ ...other, place: item.place });
      await load();
    },
  };
}

/** Undefined: nothing waits there, or another version wrote it. */
async function read(folder: string): Promise<QueuedTraining | undefined> {
  try {
    const content: unknown = JSON.parse(await fs.readFile(path.join(folder, queuedFile), 'utf8'));
    return { ...v.parse(queued, content), folder };
  } catch {
    return undefined;
  }
}

async function write({ folder, ...item }: QueuedTraining): Promise<void> {
  await writeWhole(path.join(folder, queuedFile), JSON.stringify(item));
}

/** @returns whether it was there: of several windows that ask one gets it */
async function unmark(folder: string): Promise<boolean> {
  try {
    await fs.unlink(path.join(folder, queuedFile));
    return true;
  } catch {
    return false;
  }
}
