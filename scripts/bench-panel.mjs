// npm run bench:panel: what the panel's page costs with a million recorded steps, in a real browser.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './build/files.mjs';
import { openPanelPage, ORIGIN } from './panel-page.mjs';
import { runNode } from './run.mjs';
import { installServer, launchBrowser } from './vscode-server/index.mjs';

const STEPS = 1_000_000;
const COMPARED = 2;
const KIND = 'vscode-dark';
const TABS = ['loss', 'hidden', 'gradients', 'samples', 'model'];
const RATES = [
  { perSecond: 10, seconds: 10 },
  { perSecond: 60, seconds: 5 },
];

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

/** @param {number} value */
const ms = (value) => `${value.toFixed(1)} ms`.padStart(9);

/**
 * Calls one of the page's functions: `Bench` of test/bench/page/panel.ts.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {number[]} values
 * @returns {Promise<any>}
 */
function call(page, name, ...values) {
  return page.evaluate(
    ([method, numbers]) =>
      /** @type {any} */ (globalThis).bench[/** @type {string} */ (method)](
        .../** @type {number[]} */ (numbers),
      ),
    [name, values],
  );
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string[]} errors what the panel reports goes here
 */
async function openPanel(browser, errors) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const variables = JSON.parse(read('test/fixtures/editor/themes.json'))[KIND];
  const page = await openPanelPage(context, {
    html: () =>
      '<!doctype html><html lang="en"><head><link rel="stylesheet" href="/dist/webview/main.css"></head>' +
      '<body><script src="/dist/webview/main.js"></script></body></html>',
    theme: { kind: KIND, variables },
    receive({ type, message }) {
      if (type === 'error') errors.push(message);
    },
  });
  await page.addInitScript(read('out/bench-page/panel.js'));
  await page.goto(`${ORIGIN}/`);
  return page;
}

/** @param {import('playwright-core').Page} page */
async function heap(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = /** @type {any} */ (
    await session.send('Runtime.getHeapUsage')
  );
  await session.detach();
  return (usedSize + backingStorageSize) / 1e6;
}

/** @param {import('playwright-core').Page} page */
async function measure(page) {
  console.log(`empty page            heap ${(await heap(page)).toFixed(1)} MB`);
  for (const compared of [0, COMPARED]) {
    const { apply, draw } = await call(page, 'hydrate', STEPS, compared);
    console.log(
      `${STEPS.toLocaleString('en')} steps, ${compared} compared   ` +
        `decode and keep ${ms(apply)}   draw ${ms(draw)}   heap ${(await heap(page)).toFixed(1)} MB`,
    );
  }
  console.log('\nwork within a frame, while rows come');
  for (const tab of TABS) {
    await page.locator(`#tab-${tab}`).click();
    for (const { perSecond, seconds } of RATES) {
      const times = await call(page, 'stream', seconds, perSecond);
      console.log(
        `${tab.padEnd(10)} ${String(perSecond).padStart(2)}/s   p50 ${ms(times.p50)}   ` +
          `p99 ${ms(times.p99)}   longest ${ms(times.longest)}   ` +
          `frame to frame p50 ${ms(times.intervalP50)} p99 ${ms(times.intervalP99)}`,
      );
    }
  }
  console.log(`\nat the end            heap ${(await heap(page)).toFixed(1)} MB`);
}

async function main() {
  const targets = '--only=webview,benchPage';
  if ((await runNode(['esbuild.mjs', targets])) !== 0) throw new Error('The build failed.');
  const browser = await launchBrowser(await installServer(console.log));
  console.log(
    `${os.cpus()[0]?.model ?? 'unknown processor'}, ${browser.version()}, software rendering`,
  );
  try {
    /** @type {string[]} */
    const errors = [];
    await measure(await openPanel(browser, errors));
    if (errors.length > 0) throw new Error(`The panel reported errors:\n${errors.join('\n')}`);
  } finally {
    await browser.close();
  }
}

await main();
