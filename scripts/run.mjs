import { spawn } from 'node:child_process';
import { root } from './build/files.mjs';

/**
 * Runs Node in the repository's root, with this terminal as its own.
 *
 * @param {string[]} args
 * @param {Record<string, string>} [env] more environment variables
 * @param {'inherit' | 'stderr'} [output] where its standard output goes
 * @returns {Promise<number>} its exit code; 1 where a signal ended it
 */
export function runNode(args, env, output) {
  return runProgram(process.execPath, args, env, output);
}

/**
 * As `runNode`, with another Node or another program.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {'inherit' | 'stderr'} [output]
 * @returns {Promise<number>}
 */
export function runProgram(program, args, env, output = 'inherit') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', output === 'stderr' ? process.stderr : output, 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Builds the targets of esbuild.mjs.
 *
 * @param {string[]} [only] all of them unless named
 * @param {'inherit' | 'stderr'} [output] where the build's standard output goes
 * @returns {Promise<void>}
 * @throws {Error} where one does not build; its messages are on standard error by then
 */
export async function build(only, output) {
  const args = only === undefined ? [] : [`--only=${only.join(',')}`];
  if ((await runNode(['esbuild.mjs', ...args], {}, output)) !== 0) {
    throw new Error('The build failed; the messages above say where.');
  }
}
