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
 * What a check runs: options of Node, a script relative to node_modules, and its arguments. The types of all folders
 * are one run, as they share files, of the native compiler, which takes half the time; ESLint's rules need the API of
 * TypeScript 6. ESLint makes much that soon is garbage, of which a larger nursery copies less.
 */
const CHECKS = {
  types: { script: 'typescript-native/bin/tsc', args: ['--build', ...typedFolders] },
  lint: {
    options: ['--max-semi-space-size=64'],
    script: 'eslint/bin/eslint.js',
    args: ['--max-warnings', '0', '.'],
  },
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

/** @param {{ options?: string[], script: string, args: string[] }} command */
function commandOf({ options = [], script, args }) {
  return [...options, path.join('node_modules', script), ...args];
}
