import type { Run } from './run';

/** Another window's training is looked at this often, milliseconds. */
const pollInterval = 3000;

/** The runs that are drawn in one plot. */
export interface Comparison {
  readonly runs: readonly Run[];
  /** Which colour a run has: another one than any other run, for as long as runs are compared. */
  slotOf(run: Pick<Run, 'folder'>): number;
  /** @returns the runs, in the order of their folders */
  set(folders: readonly string[]): Promise<readonly Run[]>;
  /** A run that is among them is known again. */
  replace(run: Run): void;
  remove(folders: readonly string[]): void;
  dispose(): void;
}

/**
 * @param read a run as it is now
 * @param changed is called when there are others, or more is known of one
 */
export function createComparison(
  read: (folder: string) => Promise<Run>,
  changed: () => void,
): Comparison {
  let runs: readonly Run[] = [];
  let poll: NodeJS.Timeout | undefined;
  /** The folders that have a colour, by its number. */
  let slots: (string | undefined)[] = [];

  function slotOf({ folder }: Pick<Run, 'folder'>): number {
    if (runs.length === 0) return 0;
    const own = slots.indexOf(folder);
    if (own >= 0) return own;
    const free = slots.indexOf(undefined);
    const slot = free < 0 ? slots.length : free;
    slots[slot] = folder;
    return slot;
  }

  function keep(now: readonly Run[]) {
    runs = now;
    const folders = new Set(now.map(({ folder }) => folder));
    slots = slots.map((folder) =>
      folder !== undefined && folders.has(folder) ? folder : undefined,
    );
    for (const run of now) slotOf(run);
    clearTimeout(poll);
    if (runs.some(({ phase }) => phase === 'elsewhere'))
      poll = setTimeout(() => void refresh(), pollInterval);
    changed();
  }

  /** Reads those again that another window trains; one that is gone stays as it was known last. */
  async function refresh() {
    const before = runs;
    const now = await Promise.all(
      before.map(async (run) =>
        run.phase === 'elsewhere' ? read(run.folder).catch(() => run) : run,
      ),
    );
    if (runs === before) keep(now);
  }

  return {
    get runs() {
      return runs;
    },
    slotOf,
    async set(folders) {
      const known = new Map(runs.map((run) => [run.folder, run]));
      keep(await Promise.all(folders.map(async (folder) => known.get(folder) ?? read(folder))));
      return runs;
    },
    replace(run) {
      const place = runs.findIndex(({ folder }) => folder === run.folder);
      if (place >= 0 && runs[place] !== run) keep(runs.with(place, run));
    },
    remove(folders) {
      if (runs.some(({ folder }) => folders.includes(folder)))
        keep(runs.filter(({ folder }) => !folders.includes(folder)));
    },
    dispose() {
      clearTimeout(poll);
    },
  };
}
