// What is photographed of a table: dates in twenty formats, written again as ISO 8601.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../build/files.mjs';
import { openFile, openTab, runCommand, train } from './actions.mjs';
import { WINDOW, inEachTheme } from './frames.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./camera.mjs').Take} Take */

const TABLE = 'dates.csv';
const ROWS = 6000;
const STEPS = 700;

export const files = () => ({
  [TABLE]: execFileSync(
    process.execPath,
    [path.join(root, 'dist/cli.js'), 'generate', 'dates', '--rows', String(ROWS)],
    { encoding: 'utf8' },
  ),
});

export const scenes = { results: { show: results } };

/** @param {Window} window */
export async function prepare({ page, set }) {
  await page.setViewportSize(WINDOW);
  await runCommand(page, 'View: Close Primary Side Bar');
  await set({
    'rnnLab.model.cell': 'gru',
    'rnnLab.model.hidden': 64,
    'rnnLab.training.batch': 64,
    'rnnLab.training.steps': STEPS,
  });
  await openFile(page, TABLE);
  await train(page);
}

/**
 * @param {Window} window
 * @param {Take} take
 */
async function results(window, take) {
  await openTab(window.page, 'results');
  await inEachTheme(window, (theme) => take(window.page, `results-${theme}`));
}
