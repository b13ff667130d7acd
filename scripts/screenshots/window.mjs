// The VS Code that is photographed: quiet, with a few texts, in a theme that can be changed.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../build/files.mjs';
import {
  addressOf,
  installServer,
  launchBrowser,
  newContext,
  startServer,
} from '../vscode-server/index.mjs';

/** How long anything may take on a busy machine, milliseconds. */
const PATIENCE_MS = 600_000;
/** How long colours take to reach everything that is painted, milliseconds. */
const SETTLING_MS = 1500;

/**
 * Everything is photographed in each of these; `body` is what VS Code tells a webview of it. By their older names,
 * such as Default Dark Modern, VS Code would write the new ones into the settings, over what is set meanwhile.
 */
export const THEMES = /** @type {const} */ ({
  light: { name: 'Light Modern', body: 'vscode-light' },
  dark: { name: 'Dark Modern', body: 'vscode-dark' },
  'high-contrast': { name: 'Default High Contrast', body: 'vscode-high-contrast' },
});

/** @typedef {keyof typeof THEMES} Theme */

/** Nothing is in a picture but what it is about. */
const SETTINGS = {
  'debug.internalConsoleOptions': 'neverOpen',
  'editor.autoClosingBrackets': 'never',
  'editor.lineNumbersMinChars': 3,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.wordBasedSuggestions': 'off',
  'editor.wordWrap': 'on',
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
  'breadcrumbs.enabled': false,
};

/**
 * @typedef {object} Window
 * @property {import('playwright-core').Page} page
 * @property {(theme: Theme) => Promise<void>} chooseTheme returns when everything has its colours
 * @property {(settings: Readonly<Record<string, unknown>>) => Promise<void>} set changes settings
 * @property {() => Promise<void>} close
 */

/**
 * Opens a VS Code with the extension and a workspace of these files, the first of them in the editor.
 *
 * @param {Readonly<Record<string, string>>} files by name
 * @returns {Promise<Window>}
 */
export async function openWindow(files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-pictures-'));
  const data = path.join(folder, 'data');
  const workspace = path.join(folder, 'texts');
  fs.mkdirSync(workspace);
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(workspace, name), text);
  }
  const installation = await installServer(console.log);
  const settings = { ...SETTINGS, 'workbench.colorTheme': THEMES.dark.name };
  const server = await startServer(installation, { data, settings });
  const browser = await launchBrowser(installation);

  async function close() {
    await browser.close();
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  try {
    const context = await newContext(browser, {
      deviceScaleFactor: 2,
      locale: 'en-US',
      pictured: true,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const file = path.join(workspace, Object.keys(files)[0] ?? '');
    await page.goto(addressOf(server.origin, { folder: workspace, file, extension: root }));
    await page.locator('.editor-actions [aria-label^="Train RNN"]').first().waitFor();

    /** @param {Readonly<Record<string, unknown>>} changed */
    async function set(changed) {
      const machine = path.join(data, 'data/Machine/settings.json');
      const before = JSON.parse(fs.readFileSync(machine, 'utf8'));
      fs.writeFileSync(machine, JSON.stringify({ ...before, ...changed }));
      await page.waitForTimeout(SETTLING_MS);
    }

    /** @param {Theme} theme */
    async function chooseTheme(theme) {
      const { name, body } = THEMES[theme];
      await set({ 'workbench.colorTheme': name });
      await panelOf(page)?.locator(`body[data-vscode-theme-kind="${body}"]`).waitFor();
    }

    return { page, chooseTheme, set, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {import('playwright-core').Frame | undefined} the panel's own frame
 */
export function panelOf(page) {
  return page
    .frames()
    .find((frame) => frame.parentFrame()?.url().includes('/webview/browser/pre/index.html'));
}
