// What a person does in VS Code: with the keyboard where there is a key for it.
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { extensionLoaded } from './panel';
import { root } from './window';

/** The extension's identifier, as VS Code writes it in front of a status bar item's own. */
const EXTENSION = 'rnn-lab.rnn-lab';

/** Opens the command palette with its key and waits for its input. */
export async function openCommandPalette(page: Page): Promise<Locator> {
  const input = page.locator('.quick-input-widget:visible input[type="text"]');
  for (let tries = 0; ; tries++) {
    await page.keyboard.press('F1');
    try {
      await input.waitFor({ timeout: 10_000 });
      // A dialog that goes may take with it a palette that opens meanwhile.
      await input.fill('>', { timeout: 10_000 });
      return input;
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

/**
 * Runs a command by typing its title into the command palette.
 *
 * @param title as the palette shows it, category included: `RNN Lab: Stop Training`
 * @throws {Error} where the palette does not offer a command of exactly that title
 */
export async function runCommand(page: Page, title: string): Promise<void> {
  const row = page
    .locator('.quick-input-list .monaco-list-row')
    .filter({ has: page.locator('.label-name').getByText(title, { exact: true }) })
    .first();
  for (let tries = 0; ; tries++) {
    try {
      const input = await openCommandPalette(page);
      await input.fill(`>${title}`, { timeout: 15_000 });
      await row.waitFor({ timeout: 15_000 });
      // What matches better than its very title is above it.
      await goDownTo(page, row, 10);
      break;
    } catch (error) {
      // Something that took the focus has closed the palette, or the extension is not there yet.
      if (tries < 2) continue;
      const offered = await page.locator('.quick-input-list .label-name').allTextContents();
      throw new Error(
        `The palette has no '${title}'; it offers: ${offered.join(' | ') || 'nothing'}`,
        { cause: error },
      );
    }
  }
  await page.keyboard.press('Enter');
}

/** Goes down in a list until a row is the one that Enter takes; so far at most. */
async function goDownTo(page: Page, row: Locator, most: number): Promise<void> {
  const isFocused = () => row.evaluate((element) => element.classList.contains('focused'));
  for (let presses = most; presses > 0 && !(await isFocused()); presses--) {
    await page.keyboard.press('ArrowDown');
  }
}

/**
 * Answers a quick input that is open: an input box, or a pick list.
 *
 * @param text what to type; nothing takes what is offered
 */
export async function answerInput(page: Page, text = ''): Promise<void> {
  const input = page.locator('.quick-input-widget:visible input[type="text"]');
  await input.waitFor();
  if (text !== '') {
    await input.fill(text);
  }
  await page.keyboard.press('Enter');
}

/** The question that is asked now, by the title above it. */
export async function question(page: Page, title: string | RegExp): Promise<void> {
  await page
    .locator('.quick-input-widget:visible .quick-input-title', { hasText: title })
    .waitFor();
}

/** Types into the question until what is meant comes first, and takes it. */
export async function choose(
  page: Page,
  typed: string,
  offered: string | RegExp = typed,
): Promise<void> {
  await page.locator('.quick-input-widget:visible input[type="text"]').fill(typed);
  const first = page.locator('.quick-input-list .monaco-list-row.focused').first();
  await first.and(page.locator('.monaco-list-row', { hasText: offered })).waitFor();
  await page.keyboard.press('Enter');
}

/**
 * @param id the identifier that the extension gave the item, without the extension's own
 * @returns the item in the status bar
 */
export function statusBarItem(page: Page, id: string): Locator {
  return page.locator(`.statusbar [id="${EXTENSION}.${id}"]`);
}

/** The text that a status bar item shows, waiting for the item where it is not there yet. */
export async function statusBarText(page: Page, id: string): Promise<string> {
  return ((await statusBarItem(page, id).textContent()) ?? '').trim();
}

/**
 * Waits until a status bar item's text matches.
 *
 * @returns the match
 * @throws {Error} that has the last text, where it does not within `timeout` milliseconds
 */
export async function waitForStatusBar(
  page: Page,
  id: string,
  pattern: RegExp,
  timeout = 120_000,
): Promise<RegExpExecArray> {
  const deadline = Date.now() + timeout;
  const item = statusBarItem(page, id);
  let text = '';
  while (Date.now() < deadline) {
    text = (await item.count()) > 0 ? ((await item.first().textContent()) ?? '').trim() : '';
    const match = pattern.exec(text);
    if (match) {
      return match;
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`The status bar item ${id} does not show ${String(pattern)} but '${text}'.`);
}

/**
 * A webview's own frame: VS Code puts it into a frame of its own, inside the page.
 *
 * @param selector of something that the wanted webview holds; others are passed over
 * @throws {Error} where no webview holds it within `timeout` milliseconds
 */
export async function panelFrame(
  page: Page,
  selector = 'body *',
  timeout = 120_000,
): Promise<Frame> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) {
      if (isWebview(frame) && (await holds(frame, selector))) {
        return frame;
      }
    }
    await page.waitForTimeout(50);
  }
  throw new Error(`No webview that holds ${selector} is open.`);
}

/** The inner frame of a webview is a child of the one that loads VS Code's own `pre/index.html`. */
function isWebview(frame: Frame): boolean {
  return frame.parentFrame()?.url().includes('/webview/browser/pre/index.html') ?? false;
}

async function holds(frame: Frame, selector: string): Promise<boolean> {
  try {
    return (await frame.locator(selector).count()) > 0;
  } catch {
    // The frame went away while it was asked.
    return false;
  }
}

/** The text of the editor that has the focus, as far as it is rendered. */
export async function editorText(page: Page): Promise<string> {
  const lines = page.locator('.editor-group-container.active .view-lines .view-line');
  // Monaco keeps the lines in the order it made them: their place on the screen is what counts.
  const placed = await lines.evaluateAll((elements) =>
    elements.map((element) => ({
      top: element.getBoundingClientRect().top,
      text: element.textContent.replaceAll('\u00a0', ' '),
    })),
  );
  return placed
    .sort((a, b) => a.top - b.top)
    .map(({ text }) => text)
    .join('\n');
}

/** Puts the cursor of the first editor at a place, `line:column`. */
export async function goTo(page: Page, place: string): Promise<void> {
  await runCommand(page, 'View: Focus First Editor Group');
  await page.keyboard.press('Control+g');
  await page.keyboard.type(place);
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/** Trains on the text in front, from the start of the window until there is something to see of the model. */
export async function trainInFront(page: Page): Promise<void> {
  await extensionLoaded(page);
  await runCommand(page, 'RNN Lab: Train RNN on this file');
  await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
}

/**
 * Opens a file of the workspace by name, through Quick Open: what is typed next goes into it.
 *
 * @param selector of the editor that shows it, where that is none of texts
 */
export async function openFile(page: Page, name: string, selector?: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first();
  const tab = page.locator(
    `.editor-group-container.active .tab.active[data-resource-name="${name}"]`,
  );
  // The tab is there before its text, and the editor with the text of before has the focus until then.
  const editor = page.locator(
    selector ?? `.monaco-editor.focused[data-uri$="/${encodeURIComponent(name)}"]`,
  );
  for (let tries = 0; ; tries++) {
    try {
      const input = await openCommandPalette(page);
      await input.fill(name, { timeout: 10_000 });
      await row.waitFor({ timeout: 10_000 });
      // Until it has looked for the name, the files of before are above it.
      await goDownTo(page, row, 20);
      await page.keyboard.press('Enter');
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      await tab.waitFor({ timeout: 15_000 });
      await editor.waitFor({ timeout: 15_000 });
      return;
    } catch (error) {
      // Quick Open answers from the files that there were when it was open last, and goes when something takes the focus.
      if (tries === 3) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Chooses from the context menu of what has the focus, with the keyboard. */
export async function chooseFromMenu(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Shift+F10');
  const items = page.locator('.monaco-menu .action-item');
  const item = items.filter({ hasText: title }).first();
  await item.waitFor();
  await goDownTo(page, item, await items.count());
  await page.keyboard.press('Enter');
}

/** The notification centre, open: VS Code shows no toasts while its smoke-test driver is on. */
async function notificationCentre(page: Page): Promise<Locator> {
  const centre = page.locator('.notifications-center.visible');
  for (let tries = 0; !(await centre.isVisible()); tries++) {
    await runCommand(page, 'Notifications: Show Notifications');
    try {
      await centre.waitFor({ timeout: 10_000 });
    } catch (error) {
      // What opens just then, such as a walkthrough, takes the focus and with it the palette's Enter.
      if (tries === 3) throw error;
    }
  }
  return centre;
}

/** With its last notification the centre goes by itself, and with it the button that would hide it. */
async function hideNotifications(centre: Locator): Promise<void> {
  const button = centre.locator('.notifications-center-header .codicon-notifications-hide');
  while (await centre.isVisible()) await button.click({ timeout: 5000 }).catch(() => undefined);
}

/** The messages of all notifications that there are, the newest first. */
export async function notifications(page: Page): Promise<string[]> {
  const centre = await notificationCentre(page);
  const messages = await centre.locator('.notification-list-item-message').allTextContents();
  await hideNotifications(centre);
  return messages;
}

/** Waits for a notification, which stays on show with its buttons. */
export async function notification(page: Page, message: RegExp): Promise<Locator> {
  for (let tries = 0; ; tries++) {
    const centre = await notificationCentre(page);
    const found = centre.locator('.notification-list-item').filter({ hasText: message }).first();
    try {
      await found.waitFor({ timeout: 5000 });
      return found;
    } catch (error) {
      // A window that has just been opened may have closed the centre again.
      if (tries === 15) throw error;
    }
  }
}

/** Saves a picture of the whole window in out/screenshots where somebody wants to look: it takes seconds. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env['RNN_LAB_SCREENSHOTS'] !== '1') return;
  await page.screenshot({ path: path.join(root, 'out/screenshots', `${name}.png`) });
}
