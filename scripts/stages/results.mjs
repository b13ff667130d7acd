import fs from 'node:fs';
import path from 'node:path';
import { root } from '../build/files.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} [failing] of each test that failed: its title, and then its error
 * @property {string[]} [unsteady] the same of each that failed at first, and not when its file was run again
 * @property {Record<string, { passed: number, failed: number }>} [files] the same counts of each file that ran
 */

/** Where more files than this fail, it is not the machine that was busy. */
const MOST_FILES_AGAIN = 3;

/** Where screenshots and logs of failures go. */
export const failuresFolder = path.join(root, 'out/failures');

/** The reporter that every suite uses. */
export const reporter = path.join(root, 'scripts/stages/reporter.cjs');

/**
 * A fresh place for a suite's counts.
 *
 * @param {string} name
 * @returns {string}
 */
export function resultsFile(name) {
  const folder = path.join(root, 'out/results');
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  fs.rmSync(file, { force: true });
  return file;
}

/**
 * @param {string} file
 * @returns {Counts} one failure where the suite ended before it could say how it went
 */
export function readCounts(file) {
  if (!fs.existsSync(file)) {
    return { passed: 0, failed: 1 };
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/**
 * Runs the files of a suite that failed once more, in a new VS Code: it shares a small machine with a browser
 * and a server, and may come too late for a test. What fails again has failed; what does not is told.
 *
 * @param {Counts} first
 * @param {(files: string[]) => Promise<Counts>} run
 * @returns {Promise<Counts>}
 */
export async function withSecondTry(first, run) {
  const failed = Object.entries(first.files ?? {}).filter(([, counts]) => counts.failed > 0);
  const inFiles = failed.reduce((sum, [, counts]) => sum + counts.failed, 0);
  // Not where the suite broke down outside of its files.
  if (failed.length === 0 || failed.length > MOST_FILES_AGAIN || inFiles !== first.failed) {
    return first;
  }
  console.log(`\nonce more: ${failed.map(([file]) => path.basename(file)).join(', ')}`);
  const again = await run(failed.map(([file]) => file));
  const before = failed.reduce((sum, [, counts]) => sum + counts.passed, 0);
  /** @param {string} text */
  const titleOf = (text) => text.split('\n', 1)[0];
  const titles = (again.failing ?? []).map(titleOf);
  return {
    passed: first.passed - before + again.passed,
    failed: again.failed,
    failing: again.failing ?? [],
    unsteady: (first.failing ?? []).filter((text) => !titles.includes(titleOf(text))),
  };
}
