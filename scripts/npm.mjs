import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';

/**
 * Runs npm in a folder, quietly.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @param {'inherit' | 'ignore'} [output] where its standard output goes
 * @returns {Promise<void>}
 * @throws {Error} with npm's own last lines, where it fails
 */
export function runNpm(args, cwd, output = 'ignore') {
  // Under `npm run`, the very npm that runs us; else the one on the PATH, a script on Windows.
  const npm = process.env['npm_execpath'];
  const own = npm !== undefined && path.basename(npm).startsWith('npm');
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(own ? process.execPath : 'npm', own ? [npm, ...args] : args, {
      cwd,
      env: Object.fromEntries(environment),
      stdio: ['ignore', output, 'pipe'],
      shell: !own && process.platform === 'win32',
    });
    let messages = '';
    child.stderr?.on('data', (chunk) => (messages += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve();
      } else {
        // The reason comes first; a page of npm's usage may follow.
        const lines = messages.split('\n').filter((line) => !/^npm error\s*$/.test(line));
        const told = lines.slice(0, 15).join('\n').trim();
        reject(new Error(`npm ${args[0]} failed (exit code ${code}).\n${told}`));
      }
    });
  });
}

/**
 * Brings node_modules to what package-lock.json says, if it is not there yet.
 *
 * @param {string} folder the one that holds package-lock.json
 * @returns {Promise<void>}
 */
export async function ensureDependencies(folder) {
  if (dependenciesAreCurrent(folder)) {
    return;
  }
  console.log('Installing dependencies …');
  await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

/**
 * npm writes what it has installed to node_modules/.package-lock.json, in the lock file's format.
 *
 * @param {string} folder
 */
function dependenciesAreCurrent(folder) {
  const installed = readPackages(path.join(folder, 'node_modules/.package-lock.json'));
  const wanted = readPackages(path.join(folder, 'package-lock.json')) ?? {};
  return (
    installed !== undefined &&
    Object.entries(wanted).every(
      ([name, { version, optional }]) =>
        name === '' || optional === true || installed[name]?.version === version,
    )
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
