import type { ListResult, RunSummary } from '../../protocol/engine';
import type { Engine } from '../engine';

export type DamagedRun = ListResult['damaged'][number];

/** The runs of a folder as far as a line of a list tells of them, kept up to date by those who change them. */
export interface RunList {
  /** The one that was begun last comes first. */
  readonly runs: readonly RunSummary[];
  /** Folders that look like runs but cannot be read. */
  readonly damaged: readonly DamagedRun[];
  /** Reads them all. */
  load(): Promise<void>;
  /** Reads some again; does nothing before the first `load`. */
  refresh(folders: readonly string[]): Promise<void>;
}

/** @param changed is called when there is more to see */
export function createList(engine: Engine, folder: string, changed: () => void): RunList {
  let runs: readonly RunSummary[] = [];
  let damaged: readonly DamagedRun[] = [];
  let isLoaded = false;

  function keep(newRuns: readonly RunSummary[], newDamaged: readonly DamagedRun[]) {
    runs = newRuns.toSorted((a, b) => b.created - a.created);
    damaged = newDamaged;
    changed();
  }

  return {
    get runs() {
      return runs;
    },
    get damaged() {
      return damaged;
    },
    async load() {
      const found = await engine.start({ kind: 'list', folder }).result;
      isLoaded = true;
      keep(found.runs, found.damaged);
    },
    async refresh(folders) {
      if (!isLoaded || folders.length === 0) return;
      const only = [...folders];
      const found = await engine.start({ kind: 'list', folder, only }).result;
      const isOther = ({ run }: { readonly run: string }) => !only.includes(run);
      keep(
        [...runs.filter(isOther), ...found.runs],
        [...damaged.filter(isOther), ...found.damaged],
      );
    },
  };
}
