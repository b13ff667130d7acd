import { runNode } from '../run.mjs';

/** What a check runs: a program of node_modules with its arguments, all of them native. */
const CHECKS = {
  'types and lint': ['oxlint/bin/oxlint'],
  format: ['oxfmt/bin/oxfmt', '--check'],
};

/**
 * Types, lint and format, one after the other.
 *
 * @param {(text: string) => void} print
 * @returns {Promise<import('./results.mjs').Counts>} a check that fails counts; one that does not is no test
 */
export async function runChecks(print) {
  const failing = [];
  for (const [name, [script, ...options]] of Object.entries(CHECKS)) {
    let said = '';
    const code = await runNode([`node_modules/${script}`, ...options], {
      output: (text) => (said += text),
      background: true,
    });
    print(code === 0 ? `  ✔ ${name}\n` : `  ✘ ${name}\n${said}`);
    if (code !== 0) failing.push(`${name}\n${said.slice(-2000)}`);
  }
  return { passed: 0, failed: failing.length, failing };
}
