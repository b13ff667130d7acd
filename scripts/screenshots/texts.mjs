// What is photographed of a text: Hamlet, on which four cells are trained.
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../build/files.mjs';
import {
  answer,
  answerInput,
  choose,
  goTo,
  openFile,
  openRun,
  openTab,
  panel,
  runCommand,
  train,
} from './actions.mjs';
import { debugging } from './debugging.mjs';
import { POLL_MS, REST_MS, WINDOW, inEachTheme, partOfPanel, pointAtNothing } from './frames.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./camera.mjs').Take} Take */

const TEXT = 'hamlet.txt';
/** What stands late in a long line. */
const LATE_IN_LINE = '(?<=^.{30,}).';
/** So high that no view scrolls. */
const TALL = { width: 1280, height: 1500 };
/** So wide that there is room beside the map of hidden states. */
const WIDE = { width: 1800, height: 900 };

/** Empty, to be written. */
const DRAFT = 'draft.txt';
const BEGINNING = 'Ham.\nMy good lords!\n\n[Exeunt Rosencrantz and Gu';

/** The workspace. */
export const files = () => ({
  [TEXT]: fs.readFileSync(path.join(root, 'media/samples', TEXT), 'utf8'),
  [DRAFT]: '',
  'explode.rnn': `# Elman 1990, begun where gradients explode
s[t] = tanh(U x[t] + W s[t-1] + b)
init W = orthogonal(2.5)
`,
  'elman.rnn': `# Elman 1990
s[t] = tanh(U x[t] + W s[t-1] + b)
`,
  'theme.txt': 'the theme of the thesis\n',
  'lstm.rnn': fs.readFileSync(path.join(root, 'src/core/cells/lstm.rnn'), 'utf8'),
  'mistake.rnn': `# An update gate that is too narrow
z[t] = sigmoid(Wz x[t] + bz)
h[t] = (1 - z[t]) * h[t-1] + z[t] * tanh(U x[t])
size z = 64
`,
});

/** The scenes, in their order, with the cells that must have been trained; the last of them is in the panel. */
export const scenes = {
  // While the last one trains: see `prepare`.
  training: { cells: ['vanilla'] },
  hidden: { cells: ['lstm'], show: hidden },
  cursor: { cells: ['lstm'], show: cursor },
  neuron: { cells: ['lstm'], show: neuron },
  completion: { cells: ['lstm'], show: completion },
  gradients: { cells: ['explode.rnn'], show: gradients },
  samples: { cells: ['gru'], show: samples },
  model: { cells: ['lstm'], show: model },
  // Of a network of its own: how long the run was trained is not seen.
  worksheet: { cells: ['vanilla'], steps: 40, show: worksheet },
  runs: { cells: ['explode.rnn', 'gru', 'lstm', 'vanilla'], show: runs },
  sample: { cells: ['vanilla'], show: sample },
  cells: { cells: [], show: cells },
  debugging: { cells: [], show: debugging },
};

/**
 * Trains the cells that the scenes need, and photographs the training of the last.
 *
 * @param {Window} window
 * @param {Take} take
 * @param {readonly (keyof typeof scenes)[]} names
 * @param {number} steps of each training: of time, a busy machine would make something else
 */
export async function prepare(window, take, names, steps) {
  const { page, set } = window;
  await page.setViewportSize(WINDOW);
  await runCommand(page, 'View: Close Primary Side Bar');
  /** @param {keyof typeof scenes} name */
  const stepsOf = (name) => {
    const scene = scenes[name];
    return 'steps' in scene ? Math.min(scene.steps, steps) : steps;
  };
  const needed = new Set(names.flatMap((name) => scenes[name].cells));
  for (const cell of ['explode.rnn', 'gru', 'lstm', 'vanilla'].filter((cell) => needed.has(cell))) {
    await openFile(page, TEXT);
    await set({ 'rnnLab.model.cell': cell });
    const needing = names.filter((name) => scenes[name].cells.some((each) => each === cell));
    await set({ 'rnnLab.training.steps': Math.max(...needing.map(stepsOf)) });
    const isPhotographed = cell === 'vanilla' && names.includes('training');
    await train(page, isPhotographed ? () => training(window, take, steps) : undefined);
  }
}

/**
 * The whole window while the network trains, which it may have done before the last theme has its turn.
 *
 * @param {Window} window
 * @param {Take} take
 * @param {number} steps
 */
async function training(window, take, steps) {
  const { page } = window;
  const frame = panel(page);
  const step = frame.locator('.figure', { has: frame.getByText('Step', { exact: true }) });
  while (Number((await step.locator('.value').innerText()).replaceAll(',', '')) < steps / 3) {
    await page.waitForTimeout(POLL_MS);
  }
  await inEachTheme(window, (theme) => take(page, `training-${theme}`));
}

/**
 * @param {Window} window
 * @param {Take} take
 */
async function hidden(window, take) {
  const { page } = window;
  await page.setViewportSize(WIDE);
  await openRun(page, `${TEXT} · lstm`);
  await openTab(page, 'hidden');
  await choose(page, 'hidden-sorting', 'Similarity');
  const cellsOfMap = panel(page).locator('.hidden .heatmap-cells');
  await cellsOfMap.waitFor();
  await cellsOfMap.click({ position: { x: 275, y: 130 } });
  await partOfPanel(window, take, 'hidden', '.hidden', '.hidden-position-text');
  await page.keyboard.press('Escape');
}

/**
 * The text at the cursor, and the same text under the surprise lens with a hover.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function cursor(window, take) {
  const { page } = window;
  await page.setViewportSize({ ...WINDOW, height: 1080 });
  await openRun(page, `${TEXT} · lstm`);
  await openTab(page, 'cursor');
  await goTo(page, '2206:13');
  await panel(page).getByText('hamlet.txt, line 2206, column 13').waitFor();
  await inEachTheme(window, (theme) => take(page, `cursor-${theme}`));
  await openTab(page, 'loss');
  await page.setViewportSize({ width: 1280, height: 560 });
  await runCommand(page, 'RNN Lab: Surprise lens');
  await goTo(page, '2216:1');
  const line = page.locator('.view-line').filter({ hasText: 'outrageous' }).first();
  await inEachTheme(window, async (theme) => {
    const box = await line.boundingBox();
    if (box === null) {
      throw new Error('The text is not in sight.');
    }
    // On a letter of a line that is high enough for what is said of it.
    await page.mouse.move(box.x + 60, box.y + box.height / 2, { steps: 4 });
    await page.locator('.monaco-hover-content:visible').first().waitFor();
    await page.waitForTimeout(REST_MS);
    const editor = page.locator('.editor-group-container').first();
    await take(page, `surprise-${theme}`, { from: editor, to: editor });
    await pointAtNothing(page);
  });
  await runCommand(page, 'RNN Lab: Surprise lens');
}

/**
 * The same text, coloured by the unit that knows best how long a line has become.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function neuron(window, take) {
  const { page } = window;
  await page.setViewportSize({ width: 1280, height: 560 });
  await openRun(page, `${TEXT} · lstm`);
  await goTo(page, '2216:1');
  await runCommand(page, 'RNN Lab: Find units that track the selection…');
  await answerInput(page, /A regular expression/, LATE_IN_LINE);
  const best = page.locator('.quick-input-list .monaco-list-row').first();
  await best.getByText('AUC').waitFor();
  await page.keyboard.press('Enter');
  await page
    .locator('.statusbar-item')
    .getByText(/unit \d+/)
    .waitFor();
  const editor = page.locator('.editor-group-container').first();
  await inEachTheme(window, (theme) => take(page, `neuron-${theme}`, { from: editor, to: editor }));
  await runCommand(page, 'RNN Lab: Neuron lens…');
}

/**
 * Ghost text in a document for which the run was chosen, and what else the model expects there.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function completion(window, take) {
  const { page } = window;
  await page.setViewportSize({ width: 1280, height: 300 });
  await runCommand(page, 'View: Focus First Editor Group');
  await openFile(page, DRAFT);
  await runCommand(page, 'RNN Lab: Use a run for this document…');
  await page.getByText('Use a run for this document', { exact: true }).waitFor();
  await answer(page, `${TEXT} · lstm`);
  await page.keyboard.type(BEGINNING, { delay: 50 });
  const ghost = page.locator('.ghost-text-decoration').first();
  await ghost.waitFor();
  await inEachTheme(window, async (theme) => {
    const box = await ghost.boundingBox();
    if (box === null) {
      throw new Error('There is no suggestion.');
    }
    // What one may do with it.
    await page.mouse.move(box.x - 3, box.y + box.height / 2, { steps: 4 });
    await page.locator('.monaco-hover-content:visible').first().waitFor();
    await page.waitForTimeout(REST_MS);
    await take(page, `completion-${theme}`);
    await pointAtNothing(page);
  });
  await openFile(page, TEXT);
}

/**
 * @param {Window} window
 * @param {Take} take
 */
async function gradients(window, take) {
  const { page } = window;
  await page.setViewportSize(TALL);
  await openRun(page, `${TEXT} · explode.rnn`);
  await openTab(page, 'gradients');
  const second = '#view-gradients .figure-frame >> nth=1';
  await partOfPanel(window, take, 'gradients', '.gradients', `${second} >> .figure-foot`);
}

/**
 * @param {Window} window
 * @param {Take} take
 */
async function samples(window, take) {
  const { page } = window;
  await page.setViewportSize(TALL);
  await openRun(page, `${TEXT} · gru`);
  await openTab(page, 'samples');
  await partOfPanel(window, take, 'samples', '.samples', '.sample-entry:nth-child(-n + 4)');
}

/**
 * @param {Window} window
 * @param {Take} take
 */
async function worksheet(window, take) {
  const { page } = window;
  // So wide that all steps are seen beside each other.
  await page.setViewportSize({ width: 1800, height: 1500 });
  await openRun(page, `${TEXT} · vanilla`);
  await openTab(page, 'worksheet');
  const forward = '.sheet-section:has(h3:text("Forward pass"))';
  await partOfPanel(window, take, 'worksheet', forward, `${forward} >> tbody tr:nth-child(5)`);
}

/**
 * @param {Window} window
 * @param {Take} take
 */
async function model(window, take) {
  const { page } = window;
  await page.setViewportSize(TALL);
  await openRun(page, `${TEXT} · lstm`);
  await openTab(page, 'model');
  await partOfPanel(
    window,
    take,
    'model',
    '.model',
    '.figure-frame:has(.unrolled-picture) .figure-foot',
  );
}

/**
 * Three runs compared, from the Runs view.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function runs(window, take) {
  const { page } = window;
  await page.setViewportSize({ ...WINDOW, height: 880 });
  await openTab(page, 'loss');
  await runCommand(page, 'RNN Lab: Focus on Runs View');
  const rows = page.locator('.pane-body .monaco-list-row');
  await rows.nth(0).click();
  for (const place of [1, 2]) {
    await rows.nth(place).click({ modifiers: ['ControlOrMeta'] });
  }
  await rows.nth(1).click({ button: 'right' });
  const compare = page.locator('.context-view').getByText('Compare runs');
  await compare.waitFor();
  // A menu takes no click that comes as quick as the one that opened it.
  await page.waitForTimeout(REST_MS);
  await compare.click();
  await panel(page).getByText('Clear comparison').waitFor();
  await inEachTheme(window, (theme) => take(page, `runs-${theme}`));
  await runCommand(page, 'RNN Lab: Clear comparison');
  await runCommand(page, 'View: Close Primary Side Bar');
}

/**
 * Text that the model wrote into a new document.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function sample(window, take) {
  const { page, set } = window;
  await page.setViewportSize(WINDOW);
  await set({
    'rnnLab.sampling.length': 800,
    'rnnLab.sampling.prime': 'Ham.\nTo be, or not to be, ',
    'rnnLab.sampling.seed': 7,
  });
  await inEachTheme(window, async (theme) => {
    await runCommand(page, 'View: Focus First Editor Group');
    await openFile(page, TEXT);
    await runCommand(page, 'RNN Lab: Sample from the model');
    const document = page.locator('.editor-group-container').first().locator('.view-lines');
    await page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor();
    await document.locator('.view-line').nth(20).waitFor();
    await page.waitForTimeout(REST_MS);
    await take(page, `sample-${theme}`);
    await runCommand(page, 'View: Revert and Close Editor');
  });
}

/**
 * The editor of cells: a hover with a derivative, and a mistake.
 *
 * @param {Window} window
 * @param {Take} take
 */
async function cells(window, take) {
  const { page } = window;
  await page.setViewportSize({ width: 900, height: 350 });
  await runCommand(page, 'View: Close All Editors');
  const state = page.locator('.view-line').filter({ hasText: 'f[t] * c[t-1]' });
  const mistake = page.locator('.squiggly-error');
  for (const { file, name, place, share } of [
    { file: 'lstm.rnn', name: 'cell', place: state, share: 0.005 },
    { file: 'mistake.rnn', name: 'mistake', place: mistake, share: 0.6 },
  ]) {
    await openFile(page, file);
    await inEachTheme(window, async (theme) => {
      const box = await place.first().boundingBox();
      if (box === null) {
        throw new Error(`${file} is not shown.`);
      }
      await page.mouse.move(box.x + share * box.width, box.y + box.height / 2, { steps: 4 });
      await page.locator('.monaco-hover-content:visible').first().waitFor();
      await page.waitForTimeout(REST_MS);
      await take(page, `${name}-${theme}`);
      await pointAtNothing(page);
    });
  }
}
