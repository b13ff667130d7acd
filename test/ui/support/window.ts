import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  addressOf,
  installExtension,
  installServer,
  launchBrowser,
  newContext,
  startServer,
} from '../../../scripts/vscode-server/index.mjs';
import { writeFiles } from './files';

/** The repository's root; npm runs every suite there. */
export const root = process.cwd();

/** A slow machine under load must not fail a test: this only ends what hangs. In milliseconds. */
const patience = 90_000;

let browser: Promise<Browser> | undefined;

/** What a suite wants of its VS Code. */
export interface Options {
  /** Files of the workspace, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The file of the workspace that is open from the start. */
  readonly open?: string;
  /** More settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /**
   * More environment variables of the extension host. `$WORKSPACE` in a value stands for the
   * workspace's folder.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** VS Code's display language as extensions see it, such as `zh-cn`; what is its own stays English. */
  readonly locale?: string;
  /** A package of the extension to install; without it, the extension runs from the repository. */
  readonly vsix?: string;
}

/** A real VS Code with the extension in it, shown by a headless browser. */
export interface VSCode {
  readonly page: Page;
  /** The folder that is open, absolute. */
  readonly workspace: string;
  /** The folder of the server's state, extension storage and logs included. */
  readonly data: string;
  /** Closes the page and shows the same workspace in a new one, with a new extension host. */
  reopen(): Promise<void>;
  /** Every line that the page wrote to its console. */
  consoleLines(): readonly string[];
  close(): Promise<void>;
  /** Leaves a screenshot and all logs in out/failures/NAME. */
  keepEvidence(name: string): Promise<void>;
}

/** Ends the browser that all of them are shown by. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/**
 * Opens a VS Code; whoever calls this closes it. In most suites `useVSCode` is what you want.
 *
 * @throws {Error} where the server, the browser or the workbench does not start
 */
export async function openVSCode(options: Options = {}): Promise<VSCode> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-ui-'));
  const workspace = path.join(folder, 'workspace');
  const data = path.join(folder, 'data');
  writeFiles(workspace, options.files ?? {});

  const installation = await installServer();
  if (options.vsix !== undefined) await installExtension(installation, data, options.vsix);
  const server = await startServer(installation, {
    data,
    bare: true,
    settings: { ...options.settings },
    ...(options.locale === undefined ? {} : { locale: options.locale }),
    env: Object.fromEntries(
      Object.entries(options.env ?? {}).map(([name, value]) => [
        name,
        value.replaceAll('$WORKSPACE', workspace),
      ]),
    ),
  });
  const context = await newContext(await (browser ??= launchBrowser(installation)), {
    viewport: { width: 1280, height: 800 },
  });
  context.setDefaultTimeout(patience);
  const lines: string[] = [];
  const address = addressOf(server.origin, {
    folder: workspace,
    ...(options.vsix === undefined ? { extension: root } : {}),
    ...(options.open === undefined ? {} : { file: path.join(workspace, options.open) }),
  });

  async function show(): Promise<Page> {
    const page = await context.newPage();
    page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => lines.push(`uncaught: ${error.stack ?? error.message}`));
    await page.goto(address);
    await page.locator('.monaco-workbench .statusbar').waitFor();
    return page;
  }

  async function close(): Promise<void> {
    await context.close();
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  let page: Page;
  try {
    page = await show();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    get page() {
      return page;
    },
    workspace,
    data,
    async reopen() {
      await page.close();
      page = await show();
    },
    consoleLines: () => lines,
    close,
    async keepEvidence(name) {
      const target = path.join(root, 'out/failures', fileName(name));
      fs.mkdirSync(target, { recursive: true });
      // A page that cannot be painted any more should not fail the tests that follow.
      await page.screenshot({ path: path.join(target, 'screenshot.png') }).catch(() => undefined);
      fs.writeFileSync(path.join(target, 'console.txt'), lines.join('\n'));
      fs.writeFileSync(path.join(target, 'server.txt'), server.output());
      fs.cpSync(path.join(data, 'data/logs'), path.join(target, 'logs'), { recursive: true });
    },
  };
}

/** A test's title as a file's name, on every system. */
function fileName(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120);
}
