// A scene is set once and photographed in every theme.
import { panel } from './actions.mjs';
import { THEMES } from './window.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./window.mjs').Theme} Theme */
/** @typedef {import('./camera.mjs').Take} Take */

export const WINDOW = { width: 1280, height: 800 };
/** What a picture takes until everything in it has come to rest, milliseconds. */
export const REST_MS = 1500;
export const POLL_MS = 200;

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
 * So that nothing explains itself: the status bar is empty behind the last of its items on the left.
 *
 * @param {import('playwright-core').Page} page
 */
export async function pointAtNothing(page) {
  const box = await page.locator('.statusbar-item.left:visible').last().boundingBox();
  if (box === null) {
    throw new Error('The status bar is empty.');
  }
  await page.mouse.move(box.x + box.width + 12, box.y + box.height / 2);
}

/**
 * A part of the panel in every theme, from one place to another.
 *
 * @param {Window} window
 * @param {Take} take
 * @param {string} name
 * @param {string} from
 * @param {string} to
 */
export async function partOfPanel(window, take, name, from, to) {
  const { page } = window;
  await inEachTheme(window, async (theme) => {
    const frame = panel(page);
    const shot = { from: frame.locator(from).first(), to: frame.locator(to).last() };
    await take(page, `${name}-${theme}`, shot);
  });
}
