import * as fs from 'node:fs';
import * as path from 'node:path';
import { noteFile, runFile } from '../runs/folder';
import { queuedFile } from '../runs/queue';
import { throttle } from '../throttle';

/** What is written at once is looked at once, milliseconds. */
const interval = 250;

/** What in a run's folder says that it has begun, gone on, ended, or is called otherwise; rows come too often. */
const telling = new Set([runFile, 'lock', noteFile, queuedFile]);

/**
 * Watches the folder of all runs: other windows and programs change it too. VS Code's own watchers do not look into
 * folders within one that is outside the workspace.
 *
 * @param folder is made where it does not exist
 * @param changed is told of the runs' folders that have come, gone or changed
 */
export function watchRuns(folder: string, changed: (runs: readonly string[]) => void) {
  let waiting = new Set<string>();
  const watchers = new Map<string, fs.FSWatcher>();
  const tell = throttle(() => {
    const runs = [...waiting];
    waiting = new Set();
    if (runs.length > 0) changed(runs);
  }, interval);

  function note(name: string) {
    waiting.add(path.join(folder, name));
    tell();
  }

  /** A folder that cannot be watched is seen when it is looked at. */
  function watch(place: string, listener: (name: string) => void) {
    watchers.get(place)?.close();
    watchers.delete(place);
    try {
      const watcher = fs.watch(place, { persistent: false }, (_, name) => {
        if (name !== null) listener(name);
      });
      watcher.on('error', () => watcher.close());
      watchers.set(place, watcher);
    } catch {
      // It is gone again, or the system has no more watchers.
    }
  }

  /** Deleted runs wait in a folder whose name begins with a dot. */
  function watchRun(name: string) {
    if (name.startsWith('.')) return;
    watch(path.join(folder, name), (file) => {
      if (telling.has(file)) note(name);
    });
  }

  try {
    fs.mkdirSync(folder, { recursive: true });
    for (const name of fs.readdirSync(folder)) watchRun(name);
  } catch {
    // It cannot be made: who begins a run is told why.
  }
  watch(folder, (name) => {
    watchRun(name);
    if (!name.startsWith('.')) note(name);
  });
  return {
    dispose() {
      tell.dispose();
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
