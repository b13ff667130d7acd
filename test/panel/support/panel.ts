// The panel as a page in a browser, without VS Code around it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openPanelPage, ORIGIN, postToPanel, setTheme } from '../../../scripts/panel-page.mjs';
import { installServer, launchBrowser } from '../../../scripts/vscode-server/index.mjs';
import {
  EventEmitter,
  screen,
  setLanguage,
  TextDocument,
  TextEditor,
  Uri,
  window as editorWindow,
  type Webview,
} from './editor';
import type { FromPanel, ToPanel } from '../../../src/protocol/panel';
import { createHost, type Host } from './host';
import { recordDrawnText } from './legible';
import { defaultStyle, themeVariables, type ThemeKind } from './themes';

/** A slow machine under load must not fail a test: this only ends what hangs. In milliseconds. */
const patience = 60_000;

/** As wide as it is beside an editor in a window of 1280 pixels. */
const viewport = { width: 640, height: 760 };

let browser: Promise<Browser> | undefined;

// Of the whole suite: one browser for all files.
after(async () => {
  await (await browser)?.close();
});

export interface TestPanel {
  readonly page: Page;
  readonly host: Host;
  /** Shows the page in another theme, and waits until it is drawn. */
  theme(kind: ThemeKind): Promise<void>;
  /** Another editor hides the panel: its page ends. */
  hide(): Promise<void>;
  /** Shows it again, with what the page has left. */
  show(): Promise<void>;
  /** Closes the panel and opens another one. */
  reopen(): Promise<void>;
  /** Opens a text in the editor, in place of the one that is there. */
  edit(name: string, text: string): TextEditor;
  /** Keeps from the page what is posted from now on, until the function that it returns is called. */
  hold(): () => void;
  /** Waits until what was posted to the page has come there. */
  settled(): Promise<void>;
  /** As `settled`, and every question of the page about the text is answered. */
  answered(): Promise<void>;
  /** Saves a picture in out/screenshots where somebody wants to look. */
  screenshot(name: string): Promise<void>;
}

/**
 * Declares that the suite around this call uses a panel, which is opened before its first test. After its last, nothing
 * may have gone wrong in the page.
 */
export function usePanel({ language = 'en' }: { readonly language?: string } = {}): TestPanel {
  let opened: (TestPanel & { close(): Promise<void> }) | undefined;

  before(async function () {
    this.timeout(180_000);
    opened = await openPanel(language);
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || !opened) return;
    const name = this.currentTest.titlePath().join(' ');
    const folder = path.resolve(
      'out/failures',
      name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120),
    );
    await opened.page.screenshot({ path: path.join(folder, 'screenshot.png') });
    fs.writeFileSync(path.join(folder, 'errors.txt'), opened.host.errors.join('\n'));
  });

  after(async () => {
    await opened?.close();
    assert.deepEqual(opened?.host.errors ?? [], []);
  });

  return new Proxy({} as TestPanel, {
    get(_, name: keyof TestPanel) {
      if (!opened) throw new Error('The panel is not open yet: use it inside a test or a hook.');
      return opened[name];
    },
  });
}

async function openPanel(language: string): Promise<TestPanel & { close(): Promise<void> }> {
  browser ??= installServer().then(launchBrowser);
  const context = await (await browser).newContext({ viewport, reducedMotion: 'reduce' });
  context.setDefaultTimeout(patience);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: ORIGIN });
  await context.addInitScript(recordDrawnText);
  setLanguage(language);
  const host = createHost();
  const received = new EventEmitter<unknown>();
  const variables = themeVariables();
  const themeOf = (kind: ThemeKind) => ({ kind, variables: variables[kind] });
  /** All that was posted and loaded, one after the other. */
  let line: Promise<unknown> = Promise.resolve();
  let page = await newPage(context);
  let isShown = false;
  /** The numbers of the page's last question, and of the last answer that it was posted. */
  let asked = 0;
  let answered = 0;
  const answers = new EventEmitter<undefined>();
  received.event((message) => {
    const { type, request } = message as FromPanel & { readonly request?: number };
    if (type === 'ready') answered = asked = 0;
    if (type === 'inspect') asked = request!;
  });

  async function newPage(context: BrowserContext): Promise<Page> {
    const made = await openPanelPage(context, {
      html: () => editorWindow.panels.at(-1)!.webview.html,
      style: defaultStyle(),
      theme: themeOf('vscode-dark'),
      receive: (message) => received.fire(message),
    });
    made.on('console', (message) => {
      if (message.type() === 'error') host.errors.push(message.text());
    });
    made.on('pageerror', (error) => host.errors.push(error.stack ?? error.message));
    return made;
  }

  function inLine(work: () => Promise<unknown>): Promise<void> {
    const done = line.then(work).then(() => undefined);
    line = done.catch((error: unknown) => host.errors.push(String(error)));
    return done;
  }

  screen.webview = (): Webview => ({
    html: '',
    options: {},
    cspSource: ORIGIN,
    asWebviewUri: ({ fsPath }) =>
      Uri.parse(`${ORIGIN}/${path.relative(process.cwd(), fsPath).replaceAll('\\', '/')}`),
    postMessage(message) {
      void inLine(async () => {
        if (isShown) await postToPanel(page, message);
        const { type, request } = message as ToPanel & { readonly request?: number };
        if (type !== 'inspection') return;
        answered = request!;
        answers.fire(undefined);
      });
      return Promise.resolve(true);
    },
    onDidReceiveMessage: received.event,
  });

  const load = () =>
    inLine(async () => {
      isShown = true;
      await page.goto(`${ORIGIN}/`);
    });

  const settled = () => inLine(() => twoFrames(page));

  host.show();
  await load();
  return {
    get page() {
      return page;
    },
    host,
    async theme(kind) {
      await setTheme(page, themeOf(kind));
      await twoFrames(page);
    },
    async hide() {
      editorWindow.panels.at(-1)!.setVisible(false);
      await inLine(async () => {
        isShown = false;
        await page.goto('about:blank');
      });
    },
    async show() {
      editorWindow.panels.at(-1)!.setVisible(true);
      await load();
    },
    async reopen() {
      host.close();
      await inLine(async () => {
        await page.close();
        page = await newPage(context);
      });
      host.show();
      await load();
    },
    edit(name, text) {
      const editor = new TextEditor(new TextDocument(name, text));
      editorWindow.show(editor);
      return editor;
    },
    hold() {
      let release!: () => void;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      void inLine(() => held);
      return release;
    },
    settled,
    async answered() {
      await settled();
      while (answered < asked) {
        await new Promise<void>((resolve) => {
          const waiting = answers.event(() => {
            if (answered < asked) return;
            waiting.dispose();
            resolve();
          });
        });
        await settled();
      }
    },
    async screenshot(name) {
      if (process.env['RNN_LAB_SCREENSHOTS'] !== '1') return;
      await page.screenshot({ path: path.resolve('out/screenshots', `${name}.png`) });
    },
    async close() {
      editorWindow.show(undefined);
      await host.dispose();
      await line;
      await context.close();
    },
  };
}

/** What was told to the page before is drawn after two frames. */
export async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}
