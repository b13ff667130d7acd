import type { DeleteResult } from '../../protocol/engine';
import type { Engine } from '../engine';
import { hasDeleted } from './folder';

/** How long a deletion can be taken back, also after a restart; milliseconds. */
const grace = 60 * 60_000;

/** Deletions of runs, which can be taken back for an hour. */
export interface Deletions {
  readonly canUndo: boolean;
  delete(runs: readonly string[]): Promise<DeleteResult>;
  /**
   * Takes a deletion back, or the last one.
   * @returns the runs that are back; none where there was nothing to take back
   */
  undo(deletion?: string): Promise<readonly string[]>;
  dispose(): void;
}

/** @param changed is called when `canUndo` has changed */
export function createDeletions(engine: Engine, folder: string, changed: () => void): Deletions {
  let canUndo = false;
  let timer: NodeJS.Timeout | undefined;

  async function look() {
    canUndo = await hasDeleted(folder);
    changed();
    clearTimeout(timer);
    if (canUndo) timer = setTimeout(() => void purge(), grace).unref();
  }

  async function purge() {
    try {
      await engine.start({ kind: 'purge', folder, before: Date.now() - grace }).result;
    } finally {
      await look();
    }
  }

  // The engine starts for this only where an earlier session has left something.
  void look().then(() => (canUndo ? purge() : undefined));

  return {
    get canUndo() {
      return canUndo;
    },
    async delete(runs) {
      const result = await engine.start({ kind: 'delete', folder, runs: [...runs] }).result;
      await look();
      return result;
    },
    async undo(deletion) {
      const { runs } = await engine.start({
        kind: 'restore',
        folder,
        ...(deletion !== undefined && { deletion }),
      }).result;
      await look();
      return runs;
    },
    dispose() {
      clearTimeout(timer);
    },
  };
}
