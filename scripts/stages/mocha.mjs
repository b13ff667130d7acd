import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findFiles, root } from '../build/files.mjs';
import { ensureNewestNode } from '../node.mjs';
import { runProgram } from '../run.mjs';
import { readCounts, reporter, resultsFile } from './results.mjs';

/**
 * @typedef {object} Suite
 * @property {string} targets of esbuild.mjs that its tests start, separated by commas
 * @property {number} timeout of a test, ms; it only ends what hangs
 * @property {boolean} [parallel] whether its files run side by side, in as many processes as there are cores
 */

/**
 * The suites whose tests run in Node, in test/NAME.
 *
 * @satisfies {Record<string, Suite>}
 */
export const SUITES = {
  unit: { targets: 'worker,cli', timeout: 300_000, parallel: true },
  panel: { targets: 'worker,cli,webview,renderer', timeout: 180_000 },
  ui: { targets: 'extension,worker,cli,webview,renderer', timeout: 300_000 },
};

/** @typedef {keyof typeof SUITES} SuiteName */

/** Unit tests of what another runtime does differently: its kernels, their SIMD and threads, and the bits they give. */
const OF_THE_RUNTIME =
  /^test\/unit\/(kernels\/|guards\/parameters|training\/wasm|worker\/(background|wide))/;

/**
 * @param {SuiteName} suite
 * @param {(text: string) => void} print
 * @returns {Promise<import('./results.mjs').Counts>}
 */
export function runMocha(suite, print) {
  return runWith(process.execPath, suite, suite, testsOf(suite), print);
}

/**
 * Runs the tests of the kernels in the newest Node too, which knows more of the processor than the oldest that the
 * product supports: of the builds of the kernels, those that need it.
 *
 * @param {(text: string) => void} print
 * @returns {Promise<import('./results.mjs').Counts>} none where the newest Node has run all of them before
 */
export async function runNewest(print) {
  const node = await ensureNewestNode((message) => print(`${message}\n`));
  if (node === process.execPath) return { passed: 0, failed: 0 };
  const files = testsOf('unit').filter((file) => OF_THE_RUNTIME.test(file));
  return runWith(node, 'unit', 'newest', files, print, { RNN_LAB_NEWEST: '1' });
}

/**
 * @param {SuiteName} suite
 * @returns {string[]} the suite's sources, relative to the root, with slashes on every system
 */
export function testsOf(suite) {
  return findFiles(path.join(root, 'test', suite), '.test.ts').map((file) =>
    path.relative(root, file).replaceAll('\\', '/'),
  );
}

/**
 * @param {SuiteName} suite
 * @param {readonly string[]} sources of tests, relative to the root
 * @returns {string[]} the arguments with which Node runs them
 */
export function mochaArguments(suite, sources) {
  /** @type {Suite} */
  const { timeout, parallel = false } = SUITES[suite];
  const sideBySide = parallel && sources.length > 1;
  return [
    '--enable-source-maps',
    'node_modules/mocha/bin/mocha.js',
    `--timeout=${timeout}`,
    // A handle that a test leaves open must not hang the run.
    '--exit',
    ...(sideBySide ? ['--parallel', `--jobs=${os.availableParallelism()}`] : []),
    ...(sideBySide ? longestFirst(sources) : sources).map((file) =>
      path.join('out', file.replace(/\.ts$/, '.mjs')),
    ),
  ];
}

/**
 * So that no process is left with a long file when the others have nothing more to do. Nothing is known of a file
 * before it has run; a long source has many tests, and those of the command line start processes.
 *
 * @param {readonly string[]} sources
 */
function longestFirst(sources) {
  const weight = (/** @type {string} */ file) =>
    fs.statSync(path.join(root, file)).size * (file.startsWith('test/unit/cli/') ? 10 : 1);
  return sources.toSorted((a, b) => weight(b) - weight(a));
}

/**
 * @param {string} node
 * @param {SuiteName} suite
 * @param {string} name of the file of results
 * @param {readonly string[]} sources
 * @param {(text: string) => void} print
 * @param {Record<string, string>} [env]
 * @returns {Promise<import('./results.mjs').Counts>}
 */
async function runWith(node, suite, name, sources, print, env = {}) {
  const results = resultsFile(name);
  const options = [`--reporter=${reporter}`, '--forbid-only', '--forbid-pending'];
  const code = await runProgram(node, [...mochaArguments(suite, sources), ...options], {
    env: { ...env, RNN_LAB_TEST_RESULTS: results },
    output: print,
    // A window that a person would look at goes before sums.
    background: suite === 'unit',
  });
  const counts = readCounts(results);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
