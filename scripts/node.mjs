import fs from 'node:fs';
import path from 'node:path';
import { ensureCached } from './cache.mjs';

/** The newest major version of Node that npm has: its compiler makes the fastest code of the kernels. */
const NEWEST = 26;

/**
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {string} the package that holds Node's binary
 */
export function nodePackage(platform, arch) {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/**
 * @param {string} folder the one that holds node_modules
 * @returns {string} the binary of the package
 * @throws {Error} where it is missing
 */
export function nodeIn(folder) {
  const home = path.join(folder, 'node_modules', nodePackage(process.platform, process.arch));
  const binary = path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!fs.existsSync(binary)) {
    throw new Error(`There is no Node at ${binary}. Delete ${folder} and run this again.`);
  }
  return binary;
}

/**
 * The newest Node, from npm where the one that runs is older.
 *
 * @param {(message: string) => void} [log] told what is being done, where that takes long
 * @returns {Promise<string>} its binary
 */
export async function ensureNewestNode(log) {
  if (Number.parseInt(process.versions.node, 10) >= NEWEST) {
    return process.execPath;
  }
  const wanted = {
    name: 'node',
    packages: [`${nodePackage(process.platform, process.arch)}@${NEWEST}`],
    told: `Node ${NEWEST} from npm (once, about 130 MB)`,
  };
  return nodeIn(await ensureCached(wanted, log));
}
