// The host suite: mocha inside the extension host of a real VS Code.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../build/files.mjs';
import { delay } from '../vscode-server/processes.mjs';
import {
  addressOf,
  installServer,
  launchBrowser,
  newContext,
  startServer,
} from '../vscode-server/index.mjs';
import { failuresFolder, readCounts, resultsFile } from './results.mjs';

const TESTS = path.join(root, 'out/test/host/index.js');
/** No test takes so long: where nothing is written for this time, the extension host is gone. */
const SILENCE_MS = 3 * 60_000;

/**
 * @typedef {object} Place
 * @property {string} workspace an empty folder, open in VS Code
 * @property {string} data where VS Code keeps its state
 * @property {string} results where the suite leaves its counts
 * @property {string} log where the suite writes what it would print
 * @property {(text: string) => void} print
 */

/**
 * Runs the suite in the VS Code server, or with `RNN_LAB_DESKTOP=1` in a desktop VS Code that is
 * downloaded.
 *
 * @param {(text: string) => void} print
 * @returns {Promise<import('./results.mjs').Counts>}
 */
export async function runHost(print) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-host-'));
  const place = {
    workspace: path.join(folder, 'workspace'),
    data: path.join(folder, 'data'),
    results: resultsFile('host'),
    log: path.join(folder, 'log.txt'),
    print,
  };
  fs.mkdirSync(place.workspace);
  const follower = follow(place.log, print);
  try {
    await (process.env['RNN_LAB_DESKTOP'] === '1' ? runOnDesktop(place) : runOnServer(place));
  } catch (error) {
    print(`${error instanceof Error ? error.message : error}\n`);
  } finally {
    follower.end();
  }
  const counts = readCounts(place.results);
  if (counts.failed > 0) {
    keepLogs(place);
  }
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return counts;
}

/** @param {Place} place */
function environment({ results, log }) {
  return { RNN_LAB_TEST_RESULTS: results, RNN_LAB_TEST_LOG: log };
}

/** @param {Place} place */
async function runOnServer(place) {
  const installation = await installServer((message) => place.print(`${message}\n`));
  const server = await startServer(installation, {
    data: place.data,
    bare: true,
    env: environment(place),
  });
  try {
    const browser = await launchBrowser(installation);
    try {
      // Nobody looks at it: a quarter of the points is painted in a quarter of the time.
      const context = await newContext(browser, {
        viewport: { width: 1280, height: 800 },
        deviceScaleFactor: 0.5,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const address = { folder: place.workspace, extension: root, tests: TESTS };
      await page.goto(addressOf(server.origin, address));
      await waitForResults(place, server);
      if (readCounts(place.results).failed > 0) {
        fs.mkdirSync(path.join(failuresFolder, 'host'), { recursive: true });
        await page.screenshot({ path: path.join(failuresFolder, 'host/screenshot.png') });
      }
    } finally {
      await browser.close();
    }
  } finally {
    fs.writeFileSync(path.join(place.data, 'server-output.txt'), server.output());
    await server.stop();
  }
}

/**
 * @param {Place} place
 * @param {{ ended: Promise<void> }} server
 */
async function waitForResults({ results, log }, server) {
  let running = true;
  void server.ended.then(() => (running = false));
  let written = 0;
  let deadline = Date.now() + SILENCE_MS;
  while (!fs.existsSync(results)) {
    const size = fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    if (size > written) {
      written = size;
      deadline = Date.now() + SILENCE_MS;
    }
    if (!running) {
      throw new Error('The VS Code server ended before the host suite did.');
    }
    if (Date.now() > deadline) {
      throw new Error(`The host suite has said nothing for ${SILENCE_MS / 60_000} minutes.`);
    }
    await delay(100);
  }
}

/** @param {Place} place */
async function runOnDesktop(place) {
  const { runTests } = await import('@vscode/test-electron');
  await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: TESTS,
    extensionTestsEnv: environment(place),
    launchArgs: [
      place.workspace,
      '--disable-workspace-trust',
      '--disable-extensions',
      '--skip-welcome',
      '--skip-release-notes',
      `--user-data-dir=${place.data}`,
    ],
  });
}

/**
 * Prints what is appended to a file.
 *
 * @param {string} file
 * @param {(text: string) => void} write
 * @returns {{ end: () => void }}
 */
function follow(file, write) {
  let printed = 0;
  function print() {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    write(text.slice(printed));
    printed = text.length;
  }
  const timer = setInterval(print, 200);
  return {
    end() {
      clearInterval(timer);
      print();
    },
  };
}

/** @param {Place} place */
function keepLogs({ data, print }) {
  const target = path.join(failuresFolder, 'host');
  fs.mkdirSync(target, { recursive: true });
  for (const logs of ['data/logs', 'logs', 'server-output.txt']) {
    const source = path.join(data, logs);
    if (fs.existsSync(source)) {
      fs.cpSync(source, path.join(target, path.basename(logs)), { recursive: true });
    }
  }
  print(`Logs and a screenshot are in ${path.relative(root, target)}.\n`);
}
