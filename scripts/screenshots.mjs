// npm run screenshots: makes the pictures in media/pictures from a real VS Code that trains on a sample text.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './build/files.mjs';
import { build } from './run.mjs';
import { addressOf, installServer, launchBrowser, startServer } from './vscode-server/index.mjs';

const SAMPLE = 'hamlet.txt';
const PICTURES = path.join(root, 'media/pictures');
/** So large that the repository stays small, and a page loads at once. */
const LARGEST = 200_000;
const TIMEOUT_MS = 180_000;

const THEMES = {
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
  dark: 'Default Dark Modern',
};

const SETTINGS = {
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
};

/**
 * @param {string} data folder of the server's state
 * @param {string} theme
 */
function chooseTheme(data, theme) {
  const file = path.join(data, 'data/Machine/settings.json');
  const settings = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
}

/**
 * @param {import('playwright-core').Page} page
 * @returns {import('playwright-core').Frame | undefined} the panel's own frame
 */
function panelOf(page) {
  return page
    .frames()
    .find((frame) => frame.parentFrame()?.url().includes('/webview/browser/pre/index.html'));
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function take(page, name) {
  const file = path.join(PICTURES, `${name}.png`);
  await page.screenshot({ path: file, timeout: TIMEOUT_MS });
  const { size } = fs.statSync(file);
  console.log(`${path.relative(root, file)}  ${Math.round(size / 1000)} kB`);
  if (size > LARGEST) {
    throw new Error(`${name}.png is larger than ${LARGEST / 1000} kB.`);
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} data
 */
async function takeAll(page, data) {
  await page.locator('.editor-actions [aria-label^="Train RNN"]').first().waitFor();
  await page.keyboard.press('Control+b');
  await page.locator('.editor-actions [aria-label^="Train RNN"]').first().click();
  await page.getByText(/step \d{3}/).waitFor({ timeout: TIMEOUT_MS });
  const panel = panelOf(page);
  if (panel === undefined) {
    throw new Error('The panel is not open.');
  }
  await panel.getByText(/^0:(3\d|4\d)$/).waitFor({ timeout: TIMEOUT_MS });
  await take(page, 'training-dark');
  await panel.locator('.phase[data-phase="finished"]').waitFor({ timeout: TIMEOUT_MS });
  for (const [name, theme] of Object.entries(THEMES)) {
    chooseTheme(data, theme);
    await page.waitForTimeout(3000);
    await take(page, `panel-${name}`);
  }
  await panel.locator('[data-command="sample"]').click();
  await page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor();
  await page.waitForTimeout(5000);
  await take(page, 'sample-dark');
}

async function main() {
  await build(['extension', 'worker', 'thread', 'webview']);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-pictures-'));
  const data = path.join(folder, 'data');
  const workspace = path.join(folder, 'texts');
  fs.mkdirSync(workspace);
  fs.mkdirSync(PICTURES, { recursive: true });
  fs.copyFileSync(path.join(root, 'media/samples', SAMPLE), path.join(workspace, SAMPLE));
  const installation = await installServer(console.log);
  const settings = { ...SETTINGS, 'workbench.colorTheme': THEMES.dark };
  const server = await startServer(installation, { data, settings });
  try {
    const browser = await launchBrowser(installation);
    try {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 800 },
        locale: 'en-US',
      });
      const file = path.join(workspace, SAMPLE);
      await page.goto(addressOf(server.origin, { folder: workspace, file, extension: root }));
      await takeAll(page, data);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
