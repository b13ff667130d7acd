/** What a line of the Runs view gives the commands of its menus. */
export interface RunTarget {
  /** The run's folder. */
  readonly run: string;
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
 * clicked is among them, as VS Code gives them. None where it was called from elsewhere.
 */
export function targetRuns(target: unknown, targets?: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(targets) && targets.length > 0 ? targets : [target];
  return all.filter(isTarget).map(({ run }) => run);
}
