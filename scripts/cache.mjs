// What the scripts need beside node_modules is installed from npm into .cache, once, when it is first used.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './build/files.mjs';
import { runNpm } from './npm.mjs';

/**
 * @typedef {object} Cached
 * @property {string} name folder in .cache
 * @property {readonly string[]} packages npm's names with their versions, which make the folder's key
 * @property {string} told what is being installed, for whoever waits
 * @property {readonly string[]} [options] more options of npm
 * @property {(folder: string) => Promise<void>} [finish] what is done in the folder after npm
 */

/** No install script is run: all that they would build is optional, and would need a compiler. */
export const installOptions = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs what is missing; the second call finds everything in place.
 *
 * The packages go to a temporary folder that is renamed at the end, so that an installation that
 * was interrupted is never taken for a whole one.
 *
 * @param {Cached} wanted
 * @param {(message: string) => void} [log] told what is being done, where that takes long
 * @returns {Promise<string>} the folder that holds node_modules
 * @throws {Error} where a package cannot be had, or cannot be made ready
 */
export async function ensureCached(wanted, log = () => undefined) {
  const target = cachedFolder(wanted);
  if (!fs.existsSync(target)) {
    log(`Installing ${wanted.told} …`);
    const cache = path.dirname(target);
    fs.mkdirSync(cache, { recursive: true });
    const temporary = fs.mkdtempSync(path.join(cache, 'incomplete-'));
    try {
      fs.writeFileSync(path.join(temporary, 'package.json'), '{ "private": true }\n');
      const options = [...installOptions, ...(wanted.options ?? [])];
      await runNpm(['install', ...options, ...wanted.packages], temporary);
      await wanted.finish?.(temporary);
      moveIntoPlace(temporary, target);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`${wanted.name} could not be installed: ${reason}`, { cause: error });
    } finally {
      fs.rmSync(temporary, { recursive: true, force: true });
    }
  }
  return target;
}

/**
 * @param {Pick<Cached, 'name' | 'packages'>} wanted
 * @returns {string} where it is, or will be
 */
export function cachedFolder({ name, packages }) {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  return path.join(root, '.cache', name, key);
}

/**
 * @param {string} from
 * @param {string} to
 */
function moveIntoPlace(from, to) {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    // Another process was quicker: its installation is as good as ours.
    if (!fs.existsSync(to)) {
      throw error;
    }
  }
}
