// The files of a VS Code: those of its workspace, and those that it keeps of itself.
import fs from 'node:fs';
import path from 'node:path';
import { deletedName } from '../../../src/protocol/jobs/manage';

/** Writes texts into a folder, by their names in it. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** The folders of all runs that a VS Code has kept. */
export function runFolders(data: string): string[] {
  return allRunFolders(data).filter((folder) => !isDeleted(folder));
}

/** The folders of runs that were deleted, which could still be taken back. */
export function deletedFolders(data: string): string[] {
  return allRunFolders(data).filter(isDeleted);
}

function allRunFolders(data: string): string[] {
  for (let tries = 0; ; tries++) {
    try {
      return fs
        .readdirSync(data, { recursive: true, encoding: 'utf8' })
        .filter((file) => path.basename(file) === 'run.json')
        .map((file) => path.dirname(path.join(data, file)));
    } catch (error) {
      // A folder that was moved away meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 100) throw error;
    }
  }
}

function isDeleted(folder: string): boolean {
  return folder.split(path.sep).includes(deletedName);
}

/** The lock of the run that is being trained; undefined: none is. */
export function lockOf(data: string): string | undefined {
  return runFolders(data)
    .map((folder) => path.join(folder, 'lock'))
    .find((file) => fs.existsSync(file));
}
