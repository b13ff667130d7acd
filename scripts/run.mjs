import { spawn } from 'node:child_process';
import { root } from './build/files.mjs';

/**
 * Runs Node in the repository's root, with this terminal as its own.
 *
 * @param {string[]} args
 * @param {Record<string, string>} [env] more environment variables
 * @returns {Promise<number>} its exit code; 1 where a signal ended it
 */
export function runNode(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Builds the targets of esbuild.mjs.
 *
 * @param {string[]} [only] all of them unless named
 * @returns {Promise<void>}
 * @throws {Error} where one does not build; its messages are on standard error by then
 */
export async function build(only) {
  const args = only === undefined ? [] : [`--only=${only.join(',')}`];
  if ((await runNode(['esbuild.mjs', ...args])) !== 0) {
    throw new Error('The build failed; the messages above say where.');
  }
}
