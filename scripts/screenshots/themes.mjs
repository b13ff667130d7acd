// What is photographed in every theme.
import { THEMES } from './window.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./window.mjs').Theme} Theme */

export const WINDOW = { width: 1280, height: 800 };
/** What a picture takes until everything in it has come to rest, milliseconds. */
export const REST_MS = 1500;

/**
 * @param {Window} window
 * @param {(theme: Theme) => Promise<void>} photograph
 */
export async function inEachTheme({ page, chooseTheme }, photograph) {
  await pointAtNothing(page);
  await page.waitForTimeout(REST_MS);
  for (const theme of /** @type {Theme[]} */ (Object.keys(THEMES))) {
    await chooseTheme(theme);
    await photograph(theme);
  }
}

/**
 * So that nothing explains itself: the middle of the status bar is empty.
 *
 * @param {import('playwright-core').Page} page
 */
export async function pointAtNothing(page) {
  const { width, height } = page.viewportSize() ?? WINDOW;
  await page.mouse.move(width / 2, height - 8);
}
