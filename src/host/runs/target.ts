/** What a line of the Runs view gives the commands of its menus. */
export interface RunTarget {
  /** The run's folder. */
  readonly run: string;
}

/** What a group of the Runs view gives them. */
export interface GroupTarget {
  /** What the group is known by. */
  readonly group: string;
  /** The folders of all runs within it, in their order. */
  readonly runs: readonly string[];
}

function isGroup(target: unknown): target is GroupTarget {
  return typeof target === 'object' && target !== null && 'group' in target && 'runs' in target;
}

function isTarget(target: unknown): target is RunTarget {
  return (
    typeof target === 'object' &&
    target !== null &&
    'run' in target &&
    typeof target.run === 'string'
  );
}

/**
 * The folders of the runs that a menu calls a command on: all that are selected, if the one that was
 * clicked is among them, as VS Code gives them; of a group all within it. None where it was called from elsewhere.
 */
export function targetRuns(target: unknown, targets?: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(targets) && targets.length > 0 ? targets : [target];
  const runs = all.flatMap((each) =>
    isGroup(each) ? each.runs : isTarget(each) ? [each.run] : [],
  );
  return [...new Set(runs)];
}

/** What a line of the Runs view about a training that waits gives the commands of its menus. */
export interface QueuedTarget {
  /** The folder of the run that it will be. */
  readonly queued: string;
}

/** The folder of the training that waits, where a command is called on one. */
export function targetQueued(target: unknown): string | undefined {
  return typeof target === 'object' &&
    target !== null &&
    'queued' in target &&
    typeof target.queued === 'string'
    ? target.queued
    : undefined;
}
