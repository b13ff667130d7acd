import path from 'node:path';
import { findFiles, root } from '../build/files.mjs';
import { runNode } from '../run.mjs';

/** Every folder with a tsconfig.json of its own, and the root. */
const typedFolders = [
  '.',
  ...['scripts', 'src', 'test', 'webview'].flatMap((folder) =>
    findFiles(path.join(root, folder), 'tsconfig.json').map((file) =>
      path.relative(root, path.dirname(file)).replaceAll('\\', '/'),
    ),
  ),
];

/**
 * What a check runs: a script relative to node_modules, and its arguments. All are native programs; the types of all
 * folders are one run, as they share files.
 */
const CHECKS = {
  types: { script: 'typescript-native/bin/tsc', args: ['--build', ...typedFolders] },
  lint: { script: 'oxlint/bin/oxlint', args: [] },
  format: { script: 'oxfmt/bin/oxfmt', args: ['--check'] },
};

/**
 * One of the checks, with this terminal as its own.
 *
 * @param {keyof typeof CHECKS} name
 * @returns {Promise<number>} its exit code
 */
export function runCheck(name) {
  return runNode(commandOf(CHECKS[name]));
}

/**
 * Types, lint and format, one after the other.
 *
 * @param {(text: string) => void} print
 * @returns {Promise<import('./results.mjs').Counts>} a check that fails counts; one that does not is no test
 */
export async function runChecks(print) {
  const failing = [];
  for (const [name, command] of Object.entries(CHECKS)) {
    let said = '';
    const code = await runNode(commandOf(command), {
      output: (text) => (said += text),
      background: true,
    });
    print(code === 0 ? `  ✔ ${name}\n` : `  ✘ ${name}\n${said}`);
    if (code !== 0) failing.push(`${name}\n${said.slice(-2000)}`);
  }
  return { passed: 0, failed: failing.length, failing };
}

/** @param {{ script: string, args: string[] }} command */
function commandOf({ script, args }) {
  return [path.join('node_modules', script), ...args];
}
