import * as fs from 'node:fs/promises';
import { EventEmitter, workspace, type Event } from 'vscode';
import { notebookType } from '../notebooks/type';

/** Folders of runs beside the lab notebooks that asked for them. */
export interface Homes {
  /** Those that are known, in the order of their paths. */
  readonly folders: readonly string[];
  /** Looks for them. */
  look(): Promise<void>;
  readonly onDidChange: Event<void>;
  dispose(): void;
}

/** What stands behind the path of a notebook in that of its runs. */
const suffix = '.runs';

export function createHomes(): Homes {
  const changes = new EventEmitter<void>();
  let folders: readonly string[] = [];
  let before: Promise<void> = Promise.resolve();
  const watcher = workspace.createFileSystemWatcher(`**/*.rnnlab.md${suffix}`, false, true, false);
  watcher.onDidCreate(() => void look());
  watcher.onDidDelete(() => void look());

  /** In turn: of two looks at once the earlier could answer last. */
  function look(): Promise<void> {
    before = before.then(find).catch(() => undefined);
    return before;
  }

  async function find() {
    const inWorkspace = await workspace.findFiles('**/*.rnnlab.md', '**/node_modules/**');
    const open = workspace.notebookDocuments.filter((each) => each.notebookType === notebookType);
    const files = [...inWorkspace, ...open.map(({ uri }) => uri)];
    const paths = files.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
    const candidates = [...new Set(paths)].sort().map((file) => `${file}${suffix}`);
    const isThere = await Promise.all(candidates.map(isFolder));
    const found = candidates.filter((_, i) => isThere[i]);
    if (found.join('\n') === folders.join('\n')) return;
    folders = found;
    changes.fire();
  }

  return {
    get folders() {
      return folders;
    },
    look,
    onDidChange: changes.event,
    dispose() {
      watcher.dispose();
      changes.dispose();
    },
  };
}

async function isFolder(place: string): Promise<boolean> {
  return fs.stat(place).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
