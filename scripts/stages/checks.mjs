import path from 'node:path';
import { root } from '../build/files.mjs';
import { runCommand } from '../vscode-server/processes.mjs';

const CHECKS = {
  'types: source and tests': ['typescript/bin/tsc', '-p', '.'],
  'types: webview': ['typescript/bin/tsc', '-p', 'webview'],
  'types: webview tests': ['typescript/bin/tsc', '-p', 'test/unit/webview'],
  'types: UI tests': ['typescript/bin/tsc', '-p', 'test/ui'],
  'types: scripts': ['typescript/bin/tsc', '-p', 'scripts'],
  lint: ['eslint/bin/eslint.js', '--max-warnings', '0', '.'],
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
};

/**
 * Types, lint and format, two at a time.
 *
 * @returns {Promise<import('./results.mjs').Counts>} a check that fails counts; one that does not is no test
 */
export async function runChecks() {
  const queue = Object.entries(CHECKS);
  let failed = 0;
  async function worker() {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [name, [script = '', ...args]] = next;
      try {
        await runCommand(process.execPath, [path.join('node_modules', script), ...args], {
          cwd: root,
        });
        console.log(`  ✔ ${name}`);
      } catch (error) {
        failed += 1;
        console.error(`  ✘ ${name}\n${error instanceof Error ? error.message : error}`);
      }
    }
  }
  await Promise.all([worker(), worker()]);
  return { passed: 0, failed };
}
