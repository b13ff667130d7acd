// What is photographed of examples: first names, female or male, read letter by letter.
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../build/files.mjs';
import { goTo, openFile, openTab, panel, runCommand, train } from './actions.mjs';
import { WINDOW, inEachTheme, partOfPanel } from './frames.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./camera.mjs').Take} Take */

const TABLE = 'first-names.csv';
const STEPS = 400;
/** So high that no view scrolls. */
const TALL = { width: 1280, height: 1150 };
/** A name whose letters change the answer, and whose line is amid others. */
const LINE = 1207;

export const files = () => ({
  [TABLE]: fs.readFileSync(path.join(root, 'media/samples', TABLE), 'utf8'),
});

export const scenes = { rows: { show: rows }, projector: { show: projector } };

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
 * The file under the score lens, beside what the model makes of one row.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function rows(window, take) {
  const { page } = window;
  await openTab(page, 'cursor');
  await goTo(page, `${LINE}:1`);
  await panel(page)
    .getByText(`${TABLE}, line ${LINE.toLocaleString('en')}`)
    .waitFor();
  await runCommand(page, 'RNN Lab: Score lens');
  await page.locator('.statusbar').getByText('score after each token').waitFor();
  await inEachTheme(window, (theme) => take(page, `rows-${theme}`));
  await runCommand(page, 'RNN Lab: Score lens');
}

/**
 * The states after each letter, by the class of the name.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function projector(window, take) {
  const { page } = window;
  await page.setViewportSize(TALL);
  await openTab(page, 'projector');
  await panel(page).locator('.projector-legend li').first().waitFor();
  await partOfPanel(window, take, 'projector', '.projector', '.scatter');
}
