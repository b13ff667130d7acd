// Launches a headless Chromium: the one from npm, or one of the machine's.
import path from 'node:path';
import { chromium } from 'playwright-core';
import { fontsFor, installedFonts } from './fonts.mjs';
import { findOnPath } from './processes.mjs';

/** Flags under which it needs no GPU, no sandbox helper and no network beyond this machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--font-render-hinting=none',
  '--disable-gpu',
];

/**
 * Launches the Chromium that RNN_LAB_CHROMIUM names; else the first that starts of the one from npm,
 * an installed Google Chrome or Microsoft Edge, and a `chromium` on the PATH.
 *
 * @param {import('./install.mjs').Installation} installation
 * @returns {Promise<import('playwright-core').Browser>}
 * @throws {Error} that lists every browser tried, where none starts
 */
export async function launchBrowser(installation) {
  const attempts = [];
  for (const candidate of candidates(installation)) {
    try {
      return await chromium.launch({ args: FLAGS, ...candidate });
    } catch (error) {
      const reason = error instanceof Error ? error.message.trim() : String(error);
      attempts.push(`${candidate.executablePath ?? candidate.channel}: ${reason.slice(0, 1500)}`);
    }
  }
  throw new Error(
    `No browser could be started. Install Google Chrome, or name a Chromium in RNN_LAB_CHROMIUM.\n${attempts.join('\n')}`,
  );
}

/**
 * @param {import('./install.mjs').Installation} installation
 * @returns {import('playwright-core').LaunchOptions[]}
 */
function candidates({ chromium: folder }) {
  const named = process.env['RNN_LAB_CHROMIUM'];
  if (named) {
    return [{ executablePath: named }];
  }
  /** @type {import('playwright-core').LaunchOptions[]} */
  const found = [{ channel: 'chrome' }, { channel: 'msedge' }];
  const own = findOnPath('chromium') ?? findOnPath('chromium-browser');
  if (own !== undefined) {
    found.push({ executablePath: own });
  }
  if (folder !== undefined) {
    found.unshift({
      executablePath: path.join(folder, 'chromium'),
      env: {
        ...stringsOf(process.env),
        LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
        FONTCONFIG_PATH: fontsFor(folder, installedFonts()),
        XDG_CACHE_HOME: path.join(folder, 'cache'),
      },
    });
  }
  return found;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function stringsOf(env) {
  /** @type {Record<string, string>} */
  const strings = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) {
      strings[name] = value;
    }
  }
  return strings;
}
