// The debugger's scene.
import { openFile, runCommand } from './actions.mjs';
import { inEachTheme, REST_MS } from './frames.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./camera.mjs').Take} Take */

/**
 * A cell gone through over a short text, where the backward pass has begun.
 *
 * @param {Window} window
 * @param {Take} take
 */
export async function debugging(window, take) {
  const { page } = window;
  await page.setViewportSize({ width: 1280, height: 720 });
  await runCommand(page, 'View: Close All Editors');
  await openFile(page, 'theme.txt');
  await openFile(page, 'elman.rnn');
  await page.locator('.editor-actions [aria-label^="Debug this cell"]').first().click();
  await page.locator('.debug-toolbar').waitFor();
  await page.keyboard.press('Control+Shift+D');
  // Room for what has something in it.
  for (const pane of ['Watch', 'Breakpoints']) {
    await page.locator(`.pane-header[aria-label^="${pane}"]`).first().click();
  }
  const frames = page.locator('.debug-call-stack .monaco-list-row');
  await frames.filter({ hasText: "s[1] 't'" }).waitFor();
  await page.keyboard.press('F5');
  await frames.filter({ hasText: "s[22] 'i'" }).waitFor();
  await page.keyboard.press('F10');
  await page.locator('.view-line').filter({ hasText: 'tanh' }).first().waitFor();
  await page.waitForTimeout(REST_MS);
  await inEachTheme(window, async (theme) => {
    await take(page, `debugger-${theme}`);
  });
  await page.keyboard.press('Shift+F5');
}
