import path from 'node:path';
import { findFiles, root } from '../build/files.mjs';
import { runNode } from '../run.mjs';
import { readCounts, reporter, resultsFile } from './results.mjs';

/** A slow machine under load must not fail a test: these only end what hangs. */
const TIMEOUT_MS = { unit: 120_000, ui: 180_000 };

/**
 * Runs a suite whose tests run in Node.
 *
 * @param {'unit' | 'ui'} suite
 * @returns {Promise<import('./results.mjs').Counts>}
 */
export async function runMocha(suite) {
  const results = resultsFile(suite);
  const code = await runNode(
    [
      '--enable-source-maps',
      'node_modules/mocha/bin/mocha.js',
      `--reporter=${reporter}`,
      `--timeout=${TIMEOUT_MS[suite]}`,
      '--forbid-only',
      '--forbid-pending',
      // A handle that a test leaves open must not hang the run.
      '--exit',
      ...builtTests(suite),
    ],
    { RNN_LAB_TEST_RESULTS: results },
  );
  const counts = readCounts(results);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {'unit' | 'ui'} suite
 * @returns {string[]} what the build has made of the suite's sources, and nothing it made before
 */
function builtTests(suite) {
  return findFiles(path.join(root, 'test', suite), '.test.ts').map((file) => {
    const relative = path.relative(root, file).replace(/\.ts$/, suite === 'ui' ? '.mjs' : '.js');
    return path.join('out', relative);
  });
}
