import * as path from 'node:path';
import type { ListResult, RunSummary } from '../../protocol/engine';
import type { Engine } from '../engine';
import { isAmongDeleted } from './folder';

export type DamagedRun = ListResult['damaged'][number];

/** The runs of a folder as far as a line of a list tells of them, kept up to date by those who change them. */
export interface RunList {
  /** The one that was begun last comes first. */
  readonly runs: readonly RunSummary[];
  /** Folders that look like runs but cannot be read. */
  readonly damaged: readonly DamagedRun[];
  /** Runs whose folders are gone, and which nobody has deleted here, as they were known last. */
  readonly vanished: readonly RunSummary[];
  /** Reads them all. */
  load(): Promise<void>;
  /** Reads some again; does nothing before the first `load`. */
  refresh(folders: readonly string[]): Promise<void>;
  /** Says no more of runs that have vanished. */
  forget(folders: readonly string[]): void;
}

/**
 * @param changed is called when there is more to see
 * @param beside further folders of runs, as they are now
 */
export function createList(
  engine: Engine,
  folder: string,
  changed: () => void,
  beside: () => readonly string[] = () => [],
): RunList {
  let runs: readonly RunSummary[] = [];
  let damaged: readonly DamagedRun[] = [];
  let vanished: readonly RunSummary[] = [];
  /** Of each folder that has ever been read and was not deleted here: one half removed is damaged before it is gone. */
  const known = new Map<string, RunSummary>();
  let isLoaded = false;
  /** The look before: of two at once, the earlier could answer last, with what is no longer so. */
  let before: Promise<unknown> = Promise.resolve();

  function look(
    only: readonly string[] | undefined,
    isAsked: (run: string) => boolean,
  ): Promise<void> {
    const turn = before.then(async () => {
      const asked = only
        ? [{ folder, only: [...only] }]
        : [folder, ...beside()].map((each) => ({ folder: each }));
      const answers = await Promise.all(
        asked.map((each) => engine.start({ kind: 'list', ...each }).result),
      );
      const found = {
        runs: answers.flatMap((answer) => answer.runs),
        damaged: answers.flatMap((answer) => answer.damaged),
      };
      isLoaded = true;
      await keep(found, isAsked);
    });
    before = turn.catch(() => undefined);
    return turn;
  }

  /** @param isAsked whether a folder was looked for */
  async function keep(found: ListResult, isAsked: (run: string) => boolean) {
    const there = new Set([...found.runs, ...found.damaged].map(({ run }) => run));
    for (const summary of found.runs) known.set(summary.run, summary);
    // Of a notebook that is closed, or gone with its runs, nothing is missed.
    const homes = new Set([folder, ...beside()]);
    for (const run of known.keys()) if (!homes.has(path.dirname(run))) known.delete(run);
    const missing = [...known.values()].filter(({ run }) => isAsked(run) && !there.has(run));
    const deleted = await Promise.all(missing.map(({ run }) => isAmongDeleted(run)));
    for (const { run } of missing.filter((_, i) => deleted[i])) known.delete(run);
    const isOther = ({ run }: { readonly run: string }) => !isAsked(run);
    runs = [...runs.filter(isOther), ...found.runs].toSorted((a, b) => b.created - a.created);
    damaged = [...damaged.filter(isOther), ...found.damaged];
    vanished = [...vanished.filter(isOther), ...missing.filter((_, i) => !deleted[i])];
    changed();
  }

  return {
    get runs() {
      return runs;
    },
    get damaged() {
      return damaged;
    },
    get vanished() {
      return vanished;
    },
    load: () => look(undefined, () => true),
    async refresh(folders) {
      if (!isLoaded || folders.length === 0) return;
      await look(folders, (run) => folders.includes(run));
    },
    forget(folders) {
      for (const run of folders) known.delete(run);
      vanished = vanished.filter(({ run }) => !folders.includes(run));
      changed();
    },
  };
}
