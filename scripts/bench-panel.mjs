// npm run bench:panel: what the panel's page costs with a million recorded steps, in a real browser.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './build/files.mjs';
import { runNode } from './run.mjs';
import { installServer, launchBrowser } from './vscode-server/index.mjs';

const STEPS = 1_000_000;
const COMPARED = 2;
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

/** @param {import('playwright-core').Browser} browser */
async function openPanel(browser) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await page.setContent(
    `<!doctype html><html lang="en"><head><style>${read('test/bench/page/theme.css')}</style>` +
      `<style>${read('dist/webview/main.css')}</style></head><body class="vscode-dark"></body></html>`,
  );
  await page.addScriptTag({ content: read('out/bench-page/panel.js') });
  await page.addScriptTag({ content: read('dist/webview/main.js') });
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
  const errors = await call(page, 'errors');
  if (errors.length > 0) throw new Error(`The panel reported errors:\n${errors.join('\n')}`);
}

async function main() {
  const targets = '--only=webview,benchPage';
  if ((await runNode(['esbuild.mjs', targets])) !== 0) throw new Error('The build failed.');
  const browser = await launchBrowser(await installServer(console.log));
  console.log(
    `${os.cpus()[0]?.model ?? 'unknown processor'}, ${browser.version()}, software rendering`,
  );
  try {
    await measure(await openPanel(browser));
  } finally {
    await browser.close();
  }
}

await main();
