import path from 'node:path';
import { findFiles, root } from '../build/files.mjs';
import { ensureNewestNode } from '../node.mjs';
import { runProgram } from '../run.mjs';
import { readCounts, reporter, resultsFile, withSecondTry } from './results.mjs';

/** A slow machine under load must not fail a test: these only end what hangs. */
const TIMEOUT_MS = { unit: 120_000, ui: 180_000 };

/** Unit tests of what depends on the runtime: its SIMD, its threads. */
const OF_THE_RUNTIME = /^test\/unit\/(kernels|training|worker)\//;

/**
 * Runs a suite whose tests run in Node.
 *
 * @param {'unit' | 'ui'} suite
 * @returns {Promise<import('./results.mjs').Counts>}
 */
export async function runMocha(suite) {
  const files = testsOf(suite).map((file) => builtFrom(file, suite));
  const counts = await runWith(process.execPath, suite, suite, files);
  if (suite !== 'ui') return counts;
  return withSecondTry(counts, (again) => runWith(process.execPath, suite, 'ui-again', again));
}

/**
 * Runs the tests of the engine once more in the newest Node, which knows more of the processor than the oldest
 * that the product supports.
 *
 * @returns {Promise<import('./results.mjs').Counts>} none where the newest Node has run all of them before
 */
export async function runNewest() {
  const node = await ensureNewestNode(console.log);
  if (node === process.execPath) return { passed: 0, failed: 0 };
  return runWith(
    node,
    'unit',
    'newest',
    testsOf('unit')
      .filter((file) => OF_THE_RUNTIME.test(file))
      .map((file) => builtFrom(file, 'unit')),
  );
}

/**
 * @param {string} node
 * @param {'unit' | 'ui'} suite
 * @param {string} name of the file of results
 * @param {string[]} files what the build has made of the tests
 * @returns {Promise<import('./results.mjs').Counts>}
 */
async function runWith(node, suite, name, files) {
  const results = resultsFile(name);
  const code = await runProgram(
    node,
    [
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      `--reporter=${reporter}`,
      `--timeout=${TIMEOUT_MS[suite]}`,
      '--forbid-only',
      '--forbid-pending',
      // A handle that a test leaves open must not hang the run.
      '--exit',
      ...files,
    ],
    { RNN_LAB_TEST_RESULTS: results },
  );
  const counts = readCounts(results);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {'unit' | 'ui'} suite
 * @returns {string[]} the suite's sources, relative to the root, with slashes on every system
 */
function testsOf(suite) {
  return findFiles(path.join(root, 'test', suite), '.test.ts').map((file) =>
    path.relative(root, file).replaceAll('\\', '/'),
  );
}

/**
 * @param {string} file a source
 * @param {'unit' | 'ui'} suite
 * @returns {string} what the build has made of it
 */
function builtFrom(file, suite) {
  return path.join('out', file.replace(/\.ts$/, suite === 'ui' ? '.mjs' : '.js'));
}
