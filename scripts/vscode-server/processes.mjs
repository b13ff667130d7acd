import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<string>} what it wrote, both streams
 * @throws {Error} with the last lines of what it wrote, where it does not exit with 0
 */
export function runCommand(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve(output);
        return;
      }
      const tail = output.trim().split('\n').slice(-15).join('\n');
      const shown = [command, ...args].join(' ').slice(0, 200);
      reject(new Error(`\`${shown}\` ended with ${signal ?? `exit code ${code}`}.\n${tail}`));
    });
  });
}

/**
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export function delay(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Ends a process and all its descendants. Only for one that was started with `detached: true`, so
 * that on POSIX it leads a process group of its own.
 *
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function killTree(pid, signal) {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') {
      throw error;
    }
  }
}

/**
 * @param {string} name
 * @returns {string | undefined} the command's file
 */
export function findOnPath(name) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (folder !== '' && fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
        return file;
      }
    }
  }
  return undefined;
}
