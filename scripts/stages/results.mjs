import fs from 'node:fs';
import path from 'node:path';
import { root } from '../build/files.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} [failing] of each test that failed: its title, and then its error
 */

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
