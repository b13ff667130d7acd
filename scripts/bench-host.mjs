// npm run bench:host: what the extension costs the extension host of a real VS Code, while it trains on all cores.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './build/files.mjs';
import { build } from './run.mjs';
import { delay } from './vscode-server/processes.mjs';
import { addressOf, installServer, launchBrowser, startServer } from './vscode-server/index.mjs';

const TIMEOUT_MS = 3 * 60_000;

/** @param {string} folder for what the bench leaves */
async function measure(folder) {
  const results = path.join(folder, 'results.json');
  const installation = await installServer(console.log);
  const server = await startServer(installation, {
    data: path.join(folder, 'data'),
    env: { RNN_LAB_BENCH_RESULTS: results },
  });
  try {
    const browser = await launchBrowser(installation);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const tests = path.join(root, 'out/test/bench/host-delay.js');
      await page.goto(addressOf(server.origin, { folder, extension: root, tests }));
      const deadline = Date.now() + TIMEOUT_MS;
      while (!fs.existsSync(results)) {
        if (Date.now() > deadline) {
          throw new Error(`The bench did not end within ${TIMEOUT_MS / 60_000} minutes.`);
        }
        await delay(200);
      }
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
  return JSON.parse(fs.readFileSync(results, 'utf8'));
}

/** @param {any} figures `HostFigures` of test/bench/host-delay.ts */
function print(figures) {
  const { load, activate, idle, training, firstRow } = figures;
  const ms = (/** @type {number} */ value) => `${value.toFixed(1)} ms`;
  const delays = (/** @type {any} */ { p50, p99, max }) =>
    `p50 ${ms(p50)}   p99 ${ms(p99)}   max ${ms(max)}`;
  console.log(`cores ${figures.cores}, engine threads ${figures.threads}`);
  console.log(
    `activation            ${ms(load + activate)} (load ${ms(load)}, activate ${ms(activate)})`,
  );
  console.log(`event loop, idle      ${delays(idle)}`);
  console.log(`event loop, training  ${delays(training)}`);
  console.log(`first row after       ${ms(firstRow)}`);
  console.log(
    `training              ${Math.round(figures.tokensPerSecond)} tokens/s, ${figures.rows} rows`,
  );
}

async function main() {
  await build(['extension', 'worker', 'thread', 'webview', 'bench']);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-bench-'));
  try {
    print(await measure(folder));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
