import * as path from 'node:path';
import type {
  AnnotateRequest,
  AnnotateResult,
  DeleteResult,
  ImportRequest,
  ImportResult,
} from '../../protocol/engine';
import type { Engine } from '../engine';
import { createDeletions } from './deletions';
import { newRunFolder } from './folder';
import type { RunList } from './list';

/** What is done to runs as a whole. */
export interface RunManagement {
  /** Whether there is a deletion to take back. */
  readonly canUndoDelete: boolean;
  /** Makes a run of a model that was exported, of a checkpoint, or of a model of another program. */
  import(
    source: ImportRequest['source'],
    told?: Pick<ImportRequest, 'vocabulary' | 'nonlinearity'>,
  ): Promise<ImportResult>;
  /** Gives a run a title, of which an empty one takes it away, or tags in place of those that it has. */
  annotate(folder: string, annotations: Pick<AnnotateRequest, 'title' | 'tags'>): Promise<void>;
  /** Folders of runs have come or gone: with them, what was deleted in them by earlier sessions. */
  foldersChanged(): void;
  /** Moves runs to where `undoDelete` finds them; those that are trained stay. */
  delete(folders: readonly string[]): Promise<DeleteResult>;
  /** Takes a deletion back, or the last one; none: there was nothing to take back. */
  undoDelete(deletion?: string): Promise<readonly string[]>;
}

/** Who has runs in memory. */
export interface ManagementListener {
  annotated(folder: string, annotations: AnnotateResult): void;
  deleted(folders: readonly string[]): void;
  /** `canUndoDelete` has changed. */
  changed(): void;
}

/**
 * @param folder of the workspace's own runs
 * @param beside folders of runs beside notebooks, as they are now
 */
export function createManagement(
  engine: Engine,
  folder: string,
  beside: () => readonly string[],
  list: RunList,
  listener: ManagementListener,
): RunManagement & { dispose(): void } {
  const deletions = createDeletions(engine, () => [folder, ...beside()], listener.changed);
  return {
    get canUndoDelete() {
      return deletions.canUndo;
    },

    foldersChanged: deletions.look,

    async import(source, told) {
      const name = path.basename(source.kind === 'file' ? source.path : source.name);
      const run = newRunFolder(folder, name);
      const result = await engine.start({ kind: 'import', source, run, ...told }).result;
      await list.refresh([run]);
      return result;
    },

    async annotate(run, annotations) {
      const result = await engine.start({ kind: 'annotate', run, ...annotations }).result;
      listener.annotated(run, result);
      await list.refresh([run]);
    },

    async delete(folders) {
      const result = await deletions.delete(folders);
      listener.deleted(result.deleted);
      await list.refresh(result.deleted);
      return result;
    },

    async undoDelete(deletion) {
      const runs = await deletions.undo(deletion);
      await list.refresh(runs);
      return runs;
    },

    dispose: () => deletions.dispose(),
  };
}
