import * as path from 'node:path';
import { Disposable, RelativePattern, Uri, workspace } from 'vscode';
import { throttle } from '../throttle';

/** What is written at once is looked at once, milliseconds. */
const interval = 250;

/** Folders of runs, and what in them says that a run has begun, gone on, ended, or is called otherwise. */
const patterns = ['*', '*/{run.json,lock,note.md,queued.json}'];

/**
 * Watches the folder of all runs: other windows and programs change it too.
 *
 * @param changed is told of the runs' folders that have come, gone or changed
 */
export function watchRuns(folder: string, changed: (runs: readonly string[]) => void): Disposable {
  let waiting = new Set<string>();
  const tell = throttle(() => {
    const runs = [...waiting];
    waiting = new Set();
    if (runs.length > 0) changed(runs);
  }, interval);

  function note({ fsPath }: Uri) {
    const [name = ''] = path.relative(folder, fsPath).split(path.sep);
    // Deleted runs wait in a folder with such a name.
    if (name === '' || name.startsWith('.')) return;
    waiting.add(path.join(folder, name));
    tell();
  }

  const watchers = patterns.flatMap((pattern) => {
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.file(folder), pattern),
    );
    return [
      watcher,
      watcher.onDidCreate(note),
      watcher.onDidChange(note),
      watcher.onDidDelete(note),
    ];
  });
  return Disposable.from(...watchers, tell);
}
