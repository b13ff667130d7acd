import { spawn } from 'node:child_process';
import os from 'node:os';
import { root } from './build/files.mjs';

/** Another nice value than the engine's own for its work in the background, so that a test can tell them apart. */
const belowOthers = 5;

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string>} [env] more environment variables
 * @property {'inherit' | 'stderr' | ((text: string) => void)} [output] where its standard output goes; a function is
 *   given what it writes to either stream
 * @property {boolean} [background] whether everything else goes first on this machine
 */

/**
 * Runs Node in the repository's root, with this terminal as its own.
 *
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} its exit code; 1 where a signal ended it
 */
export function runNode(args, options) {
  return runProgram(process.execPath, args, options);
}

/**
 * As `runNode`, with another Node or another program.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function runProgram(program, args, { env, output = 'inherit', background } = {}) {
  return new Promise((resolve, reject) => {
    const piped = typeof output === 'function';
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: piped
        ? ['ignore', 'pipe', 'pipe']
        : ['inherit', output === 'stderr' ? process.stderr : output, 'inherit'],
    });
    if (piped) {
      child.stdout?.setEncoding('utf8').on('data', output);
      child.stderr?.setEncoding('utf8').on('data', output);
    }
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
    if (background && child.pid !== undefined) {
      os.setPriority(child.pid, belowOthers);
    }
  });
}

/**
 * Builds the targets of esbuild.mjs.
 *
 * @param {string[]} [only] all of them unless named
 * @param {RunOptions['output']} [output] where the build's standard output goes
 * @returns {Promise<void>}
 * @throws {Error} where one does not build; its messages are on standard error by then
 */
export async function build(only, output) {
  const args = only === undefined ? [] : [`--only=${only.join(',')}`];
  if ((await runNode(['esbuild.mjs', ...args], output === undefined ? {} : { output })) !== 0) {
    throw new Error('The build failed; the messages above say where.');
  }
}
