import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Lets all that is not training go first: the editor's own work, above all. Compute threads that this thread starts
 * inherit it. Only Linux has priorities of threads; elsewhere it does nothing.
 */
export function workInBackground(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(path.basename(fs.readlinkSync('/proc/thread-self')));
    os.setPriority(thread, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A container without /proc trains at the usual priority.
  }
}
