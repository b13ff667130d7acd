// npm run bench:host [-- completion | scroll | large | kill]: what the extension costs the extension host of a real VS
// Code while it trains on all cores, how long its ghost text is waited for, how smoothly a large text scrolls under a lens,
// how long 1 GB is waited for, or what a killed engine costs.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './build/files.mjs';
import { build } from './run.mjs';
import { delay } from './vscode-server/processes.mjs';
import { addressOf, installServer, launchBrowser, startServer } from './vscode-server/index.mjs';

const TIMEOUT_MS = 9 * 60_000;

/* global requestAnimationFrame */

/** Runs in the window: notes when each of its frames begins, milliseconds since 1970. */
function noteFrames() {
  /** @type {number[]} */
  const frames = [];
  Object.assign(globalThis, { frames });
  const note = () => {
    frames.push(Date.now());
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}

/**
 * @typedef {object} Bench
 * @property {string} module under test/bench
 * @property {(results: any, frames: number[]) => void} print
 * @property {boolean} [notesFrames] of the window; they are more work for it, so not where nobody asks
 */

/** @type {Record<string, Bench>} */
const benches = {
  delay: { module: 'host-delay', print: printDelay },
  completion: { module: 'host-completion', print: printCompletion },
  large: { module: 'host-large', print: printLarge },
  kill: { module: 'host-kill', print: printKill },
  scroll: { module: 'host-scroll', print: printScroll, notesFrames: true },
};

/**
 * @param {string} folder for what the bench leaves
 * @param {Bench} bench
 */
async function measure(folder, { module, print, notesFrames = false }) {
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
      if (notesFrames) await page.addInitScript(noteFrames);
      const tests = path.join(root, `out/test/bench/${module}.js`);
      await page.goto(addressOf(server.origin, { folder, extension: root, tests }));
      const deadline = Date.now() + TIMEOUT_MS;
      while (!fs.existsSync(results)) {
        if (Date.now() > deadline) {
          throw new Error(`The bench did not end within ${TIMEOUT_MS / 60_000} minutes.`);
        }
        await delay(200);
      }
      const frames = notesFrames ? await page.evaluate('frames') : [];
      print(JSON.parse(fs.readFileSync(results, 'utf8')), frames);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(1)} ms`;
}

/** @param {{ p50: number, p99: number, max: number }} spread */
function delays({ p50, p99, max }) {
  return `p50 ${ms(p50)}   p99 ${ms(p99)}   max ${ms(max)}`;
}

/** @param {any} figures `CompletionFigures` of test/bench/host-completion.ts */
function printCompletion(figures) {
  const { cores, characters, first, idle, training, look, lookTraining, shown, length, delay } =
    figures;
  console.log(`cores ${cores}, ${characters} characters typed`);
  console.log(`first answer          ${ms(first)}`);
  console.log(`answer, idle          ${delays(idle)}`);
  console.log(`answer, training      ${delays(training)}`);
  console.log(
    `look back, idle       ${delays(look.fromEvent)}; from the edit on ${delays(look.fromEdit)}`,
  );
  console.log(
    `look back, training   ${delays(lookTraining.fromEvent)}; from the edit on ${delays(lookTraining.fromEdit)}`,
  );
  console.log(`event loop, training  ${delays(delay)}`);
  console.log(`shown at ${(100 * shown).toFixed(1)} % of places, ${length.toFixed(1)} characters`);
}

/**
 * @param {any[]} scrolled `Scrolled` of test/bench/host-scroll.ts
 * @param {readonly number[]} frames
 */
function printScroll(scrolled, frames) {
  for (const { lens, from, to, delay } of scrolled) {
    const times = frames
      .map((time, i) => ({ time, length: time - (frames[i - 1] ?? time) }))
      .filter(({ time }) => time > from && time <= to)
      .map(({ length }) => length)
      .sort((a, b) => a - b);
    const at = (/** @type {number} */ share) =>
      times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN;
    const name = `lens: ${lens}`.padEnd(16);
    console.log(`${name} frames     ${delays({ p50: at(0.5), p99: at(0.99), max: at(1) })}`);
    console.log(`${''.padEnd(16)} event loop ${delays(delay)}`);
  }
}

/** @param {any} figures `LargeFigures` of test/bench/host-large.ts */
function printLarge({ bytes, firstRow, before, most, delay }) {
  const gigabytes = (/** @type {number} */ value) => `${(value / 1e9).toFixed(2)} GB`;
  console.log(`text                  ${gigabytes(bytes)}`);
  console.log(`first row after       ${(firstRow / 1000).toFixed(1)} s`);
  console.log(`memory of the host    ${gigabytes(before)} before, ${gigabytes(most)} at most`);
  console.log(`event loop            ${delays(delay)}`);
}

/** @param {any} figures `KillFigures` of test/bench/host-kill.ts */
function printKill(figures) {
  const { kills, recovered, processes, stepsLost, lost, away, characters } = figures;
  const { edit, answer, shownAgain, delay } = figures;
  console.log(
    `killed                ${kills} times in ${processes} processes, recovered ${recovered}`,
  );
  console.log(`steps lost            ${stepsLost.join(', ')}`);
  console.log(`work lost             ${delays(lost)}`);
  console.log(`to the next row       ${delays(away)}`);
  console.log(`suggested again after ${delays(shownAgain)}`);
  console.log(`${characters} characters   edit ${delays(edit)}`);
  console.log(`answers               ${delays(answer)}`);
  console.log(`event loop            ${delays(delay)}`);
}

/** @param {any} figures `HostFigures` of test/bench/host-delay.ts */
function printDelay(figures) {
  const { load, activate, idle, training, firstRow } = figures;
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
  const bench = benches[process.argv[2] ?? 'delay'];
  if (bench === undefined) {
    console.error(`Say one of ${Object.keys(benches).join(', ')}, or nothing for delay.`);
    process.exitCode = 1;
    return;
  }
  await build(['extension', 'worker', 'webview', 'bench']);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-bench-'));
  try {
    await measure(folder, bench);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await main();
