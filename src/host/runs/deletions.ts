import * as path from 'node:path';
import type { DeleteResult } from '../../protocol/engine';
import type { Engine } from '../engine';
import { lastDeleted } from './folder';

/** How long a deletion can be taken back, also after a restart; milliseconds. */
const grace = 60 * 60_000;

/** Deletions of runs, which can be taken back for an hour. */
export interface Deletions {
  readonly canUndo: boolean;
  /** Looks again for what earlier sessions have deleted: the folders have changed. */
  look(): void;
  delete(runs: readonly string[]): Promise<DeleteResult>;
  /**
   * Takes a deletion back, or the last one.
   * @returns the runs that are back; none where there was nothing to take back
   */
  undo(deletion?: string): Promise<readonly string[]>;
  dispose(): void;
}

/** What of a deletion waits in one folder of runs. */
interface Part {
  readonly folder: string;
  readonly deletion: string;
}

/**
 * @param folders of runs, as they are now: what is deleted waits in its own
 * @param changed is called when `canUndo` has changed
 */
export function createDeletions(
  engine: Engine,
  folders: () => readonly string[],
  changed: () => void,
): Deletions {
  let canUndo = false;
  let timer: NodeJS.Timeout | undefined;
  /** Of this session, the last one last: by what they are called. */
  const made = new Map<string, readonly Part[]>();

  /** The last that each folder has. */
  async function waiting(): Promise<(Part & { readonly time: number })[]> {
    const all = folders();
    const times = await Promise.all(all.map(lastDeleted));
    return all.flatMap((folder, i) => {
      const time = times[i];
      return time === undefined ? [] : [{ folder, time, deletion: String(time) }];
    });
  }

  async function look() {
    canUndo = (await waiting()).length > 0;
    changed();
    clearTimeout(timer);
    if (canUndo) timer = setTimeout(() => void purge(), grace).unref();
  }

  async function purge() {
    const before = Date.now() - grace;
    try {
      for (const folder of folders()) {
        await engine.start({ kind: 'purge', folder, before }).result;
      }
    } finally {
      await look();
    }
  }

  /** Of another session only what is in one folder is known to belong together. */
  async function lastParts(): Promise<readonly Part[]> {
    const [last] = (await waiting()).sort((a, b) => b.time - a.time);
    if (last === undefined) return [];
    const isIt = (part: Part) => part.folder === last.folder && part.deletion === last.deletion;
    return [...made.values()].find((parts) => parts.some(isIt)) ?? [last];
  }

  /** The engine starts for this only where an earlier session has left something. */
  const lookBack = () => void look().then(() => (canUndo ? purge() : undefined));
  lookBack();

  return {
    get canUndo() {
      return canUndo;
    },
    look: lookBack,
    async delete(runs) {
      const homes = [...new Set(runs.map((run) => path.dirname(run)))];
      const results: DeleteResult[] = [];
      const parts: Part[] = [];
      const nameOf = () => parts.map((part) => part.deletion).join(' ');
      try {
        for (const folder of homes) {
          const own = runs.filter((run) => path.dirname(run) === folder);
          const result = await engine.start({ kind: 'delete', folder, runs: own }).result;
          results.push(result);
          parts.push({ folder, deletion: result.deletion });
        }
      } finally {
        // Of several folders the first may be done when the next one fails.
        if (parts.length > 0) made.set(nameOf(), parts);
        await look();
      }
      const deletion = nameOf();
      return {
        deletion,
        deleted: results.flatMap((result) => result.deleted),
        refused: results.flatMap((result) => result.refused),
      };
    },
    async undo(deletion) {
      const parts = deletion === undefined ? await lastParts() : (made.get(deletion) ?? []);
      const back: string[] = [];
      for (const { folder, deletion: name } of parts) {
        const request = { kind: 'restore', folder, deletion: name } as const;
        const { runs } = await engine.start(request).result;
        back.push(...runs);
      }
      await look();
      return back;
    },
    dispose() {
      clearTimeout(timer);
    },
  };
}
