// What a person does in VS Code and in the panel.
import { panelOf } from './window.mjs';

/** A palette that does not open within this time was asked for by a key that nobody heard, milliseconds. */
const PALETTE_MS = 5000;

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {Page} page
 * @returns {import('playwright-core').Frame}
 * @throws {Error} where the panel is not open
 */
export function panel(page) {
  const frame = panelOf(page);
  if (frame === undefined) {
    throw new Error('The panel is not open.');
  }
  return frame;
}

/**
 * Runs a command by its title, typed into the palette.
 *
 * @param {Page} page
 * @param {string} title
 */
export async function runCommand(page, title) {
  const input = await openPalette(page);
  await input.fill(`>${title}`);
  const first = page.locator('.quick-input-list .monaco-list-row .label-name').first();
  await first.getByText(title, { exact: true }).waitFor();
  await page.keyboard.press('Enter');
}

/**
 * Puts the cursor of the first editor at a place, `line:column`.
 *
 * @param {Page} page
 * @param {string} place
 */
export async function goTo(page, place) {
  await runCommand(page, 'View: Focus First Editor Group');
  const input = await openPalette(page);
  await input.fill(`:${place}`);
  await page.keyboard.press('Enter');
}

/**
 * Opens a file of the workspace by its name.
 *
 * @param {Page} page
 * @param {string} name
 */
export async function openFile(page, name) {
  const input = await openPalette(page);
  await input.fill(name);
  await page
    .locator('.quick-input-list .label-name')
    .getByText(name, { exact: true })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
}

/** @param {Page} page */
async function openPalette(page) {
  const input = page.locator('.quick-input-widget:visible input[type="text"]');
  for (;;) {
    await page.keyboard.press('F1');
    try {
      await input.waitFor({ timeout: PALETTE_MS });
      return input;
    } catch {
      // Asked again.
    }
  }
}

/**
 * Answers a list that is open.
 *
 * @param {Page} page
 * @param {string} text begins what is offered
 */
export async function answer(page, text) {
  const input = page.locator('.quick-input-widget:visible input[type="text"]');
  await input.fill(text);
  await page.locator('.quick-input-list .label-name').filter({ hasText: text }).first().waitFor();
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
}

/**
 * Types into an input that is open.
 *
 * @param {Page} page
 * @param {RegExp} prompt what it asks
 * @param {string} text
 */
export async function answerInput(page, prompt, text) {
  const widget = page.locator('.quick-input-widget:visible');
  await widget.getByText(prompt).waitFor();
  await widget.locator('input[type="text"]').fill(text);
  await page.keyboard.press('Enter');
}

/**
 * Trains on the text in the editor to the end, or to where `meanwhile` says.
 *
 * @param {Page} page
 * @param {() => Promise<void>} [meanwhile] called once the panel shows the training
 */
export async function train(page, meanwhile) {
  await runCommand(page, 'RNN Lab: Train RNN on this file');
  await page
    .locator('.statusbar')
    .getByText(/step \d+/)
    .waitFor();
  await panelWith(page, '.phase[data-phase="training"]');
  await meanwhile?.();
  await panel(page).locator('.phase[data-phase="finished"]').waitFor();
}

/**
 * Waits until the panel is open and has something.
 *
 * @param {Page} page
 * @param {string} selector
 */
async function panelWith(page, selector) {
  while (panelOf(page) === undefined) {
    await page.waitForTimeout(100);
  }
  await panel(page).locator(selector).waitFor();
}

/**
 * Brings a view of the panel to the front, its beginning in sight.
 *
 * @param {Page} page
 * @param {'loss' | 'hidden' | 'cursor' | 'gradients' | 'samples' | 'model' | 'worksheet' | 'results' | 'projector'} name
 */
export async function openTab(page, name) {
  const frame = panel(page);
  await frame.locator(`#tab-${name}`).click();
  await frame.locator('html').evaluate((page) => page.scrollTo(0, 0));
  await frame.locator(`#view-${name} > *`).first().waitFor();
}

/**
 * Shows one of the runs in the panel.
 *
 * @param {Page} page
 * @param {string} name as the Runs view calls it
 */
export async function openRun(page, name) {
  await runCommand(page, 'RNN Lab: Open run…');
  await answer(page, name);
  const cell = name.split(' · ')[1] ?? '';
  await panel(page).locator('.title').getByText(cell, { exact: true }).waitFor();
}

/**
 * Chooses from a list of the panel.
 *
 * @param {Page} page
 * @param {string} id
 * @param {string} option
 */
export async function choose(page, id, option) {
  const list = panel(page).locator(`#${id}`);
  await list.click();
  await list.locator('vscode-option').getByText(option, { exact: true }).click();
}
