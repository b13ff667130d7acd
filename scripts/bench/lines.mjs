import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../build/files.mjs';

/**
 * Runs a program whose standard output is JSON Lines; its standard error is the terminal's.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {(line: any) => void} onLine
 * @param {Record<string, string>} [env] more environment variables
 * @returns {Promise<void>}
 * @throws {Error} where it fails
 */
export async function runForLines(command, args, onLine, env) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    onLine(JSON.parse(line));
  }
  const code = await ended;
  if (code !== 0) {
    throw new Error(`${command} ended with exit code ${code}.`);
  }
}
