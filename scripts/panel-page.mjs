// The panel's page in a browser, with a host of one's own making: for its tests, and for its bench.
/* global window, document, sessionStorage, MessageEvent, MutationObserver, CSSStyleSheet -- of the page */
import fs from 'node:fs';
import path from 'node:path';
import { root } from './build/files.mjs';

/** Where the page is: as in VS Code, an address from which the clipboard may be used. */
export const ORIGIN = 'https://panel.test';

/**
 * @typedef {object} Theme
 * @property {string} kind `vscode-dark`
 * @property {Readonly<Record<string, string>>} variables
 */

/**
 * Opens a page that is an empty webview: scripts in it find VS Code's functions, and everything of `dist/webview` at
 * its address.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {object} options
 * @param {() => string} options.html what is loaded, when it is loaded
 * @param {string} [options.style] that of VS Code, before the page's own
 * @param {Theme} options.theme at its beginning
 * @param {(message: any) => void} options.receive what the page posts
 * @returns {Promise<import('playwright-core').Page>} on which nothing is loaded yet
 */
export async function openPanelPage(context, { html, style = '', theme, receive }) {
  const page = await context.newPage();
  await page.exposeFunction('postToHost', receive);
  await page.addInitScript(becomeWebview, { style, theme });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') {
      await route.fulfill({ contentType: 'text/html; charset=utf-8', body: html() });
      return;
    }
    const file = path.join(root, pathname);
    const isServed = pathname.startsWith('/dist/webview/') && fs.existsSync(file);
    await (isServed ? route.fulfill({ path: file }) : route.fulfill({ status: 404 }));
  });
  return page;
}

/**
 * Posts to the page as its host does.
 *
 * @param {import('playwright-core').Page} page
 * @param {unknown} message
 * @returns {Promise<void>}
 */
export async function postToPanel(page, message) {
  await page.evaluate((data) => {
    window.dispatchEvent(new MessageEvent('message', { data }));
  }, message);
}

/**
 * @param {import('playwright-core').Page} page
 * @param {Theme} theme
 */
export async function setTheme(page, theme) {
  await page.evaluate((next) => /** @type {any} */ (window).setTheme(next), theme);
}

/**
 * Runs in the page before any script of its own, and does what VS Code does there.
 *
 * @param {{ style: string, theme: Theme }} options
 */
function becomeWebview({ style, theme }) {
  const memory = 'state';
  /** @type {any} */ (window).acquireVsCodeApi = () => ({
    postMessage: (/** @type {unknown} */ message) =>
      /** @type {any} */ (window).postToHost(message),
    getState: () => JSON.parse(sessionStorage.getItem(memory) ?? 'null') ?? undefined,
    setState: (/** @type {unknown} */ state) =>
      sessionStorage.setItem(memory, JSON.stringify(state)),
  });

  /** @param {Theme} next */
  function setTheme({ kind, variables }) {
    const { documentElement, body } = document;
    documentElement.style.cssText = '';
    for (const [name, value] of Object.entries(variables)) {
      documentElement.style.setProperty(name, value);
    }
    body.className = [...body.classList].filter((name) => !name.startsWith('vscode-')).join(' ');
    // A light theme of high contrast is also one of high contrast.
    body.classList.add(kind, ...(kind.includes('high-contrast') ? ['vscode-high-contrast'] : []));
    body.dataset['vscodeThemeKind'] = kind;
  }
  /** @type {any} */ (window).setTheme = setTheme;

  // The parser lets an observer run before the first script in the body.
  const observer = new MutationObserver(() => {
    if (!document.body) return;
    observer.disconnect();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    setTheme(theme);
  });
  observer.observe(document, { childList: true, subtree: true });
}
