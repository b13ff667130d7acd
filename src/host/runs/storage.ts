import fs from 'node:fs';
import path from 'node:path';

/** What VS Code puts behind a workspace's name while another extension host still holds its storage. */
const another = /(?<=[^\\/])-[1-9]$/;

/**
 * The folder of a workspace's runs, the same for all its windows. A second window of a workspace, and in a browser one that
 * was closed and opened again at once, gets a storage of its own, `ID-1`, in which all runs would seem lost. Each run's
 * folder has a lock of its own, so that they may be shared.
 *
 * @param storage `ExtensionContext.storageUri`, as a path
 */
export function runsFolderIn(storage: string): string {
  const workspace = path.dirname(storage);
  const first = workspace.replace(another, '');
  const shared = fs.existsSync(first) ? first : workspace;
  return path.join(shared, path.basename(storage), 'runs');
}
