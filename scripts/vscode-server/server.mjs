// Starts and stops a VS Code server, and makes the addresses at which it shows a folder.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLanguagePack } from './language.mjs';
import { delay } from './processes.mjs';

/**
 * Settings under which nothing pops up, phones home or changes by itself. They are the machine's:
 * a user's or a folder's go before them.
 */
const QUIET_SETTINGS = {
  'chat.commandCenter.enabled': false,
  // Where this is true, VS Code never asks an extension for inline completions.
  'chat.disableAIFeatures': false,
  'extensions.autoCheckUpdates': false,
  // VS Code makes this of `false` by itself, and writes over what a test sets meanwhile.
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  // What was used before would come before what is typed.
  'workbench.commandPalette.history': 0,
  'workbench.editor.languageDetection': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 6000;

/**
 * @typedef {object} ServerOptions
 * @property {boolean} [bare] without the code of VS Code's own extensions: much of what a window needs to start is
 *   theirs, and no test is about them
 * @property {string} data folder of the server's state; made where it does not exist
 * @property {Record<string, unknown>} [settings] more machine settings
 * @property {Record<string, string>} [env] more environment variables; the extension host sees them
 * @property {string} [locale] VS Code's display language for extensions, such as zh-cn
 * @property {number} [port] 0, which is the default, takes a free one
 */

/**
 * @typedef {object} Server
 * @property {string} origin such as http://127.0.0.1:34567
 * @property {string} data
 * @property {() => string} output all that the server has written so far
 * @property {Promise<void>} ended settles when the process has ended, for whatever reason
 * @property {() => Promise<void>} stop ends the server and everything it started
 */

/**
 * Starts the server and waits until it answers.
 *
 * @param {import('./install.mjs').Installation} installation
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 * @throws {Error} with the server's output, where it ends or stays silent instead
 */
export async function startServer(
  installation,
  { data, bare = false, settings, env, locale, port = 0 },
) {
  writeSettings(data, { ...QUIET_SETTINGS, ...settings });
  const options = ['--port', String(port)];
  if (bare) options.push('--builtin-extensions-dir', declareExtensions(installation, data));
  if (locale !== undefined) {
    writeLanguagePack(data, locale);
    options.push('--locale', locale);
  }
  const child = spawnServer(installation, data, options, env ?? {});
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));

  const ended = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      child.on('exit', () => resolve());
      child.on('error', (error) => {
        output += error.message;
        resolve();
      });
    })
  );
  let running = true;
  void ended.then(() => (running = false));

  async function stop() {
    child.stdin.end();
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }

  const deadline = Date.now() + START_TIMEOUT_MS;
  while (running && Date.now() < deadline) {
    const listening = /listening on (\d+)/.exec(output);
    if (listening && (await answers(`http://127.0.0.1:${listening[1]}/version`))) {
      return {
        origin: `http://127.0.0.1:${listening[1]}`,
        data,
        output: () => output,
        ended,
        stop,
      };
    }
    await delay(50);
  }
  await stop();
  throw new Error(`The VS Code server did not start.\n${output.slice(-4000)}`);
}

/**
 * @param {import('./install.mjs').Installation} installation
 * @param {string} data
 * @param {readonly string[]} options
 * @param {Record<string, string>} env
 */
function spawnServer(installation, data, options, env) {
  const supervisor = fileURLToPath(new URL('./supervisor.mjs', import.meta.url));
  const args = [
    ...[supervisor, installation.node, path.join(installation.server, 'out/server-main.js')],
    ...['--host', '127.0.0.1', '--without-connection-token', ...options],
    // Without it the page ignores which extension to develop and which tests to run.
    '--enable-smoke-test-driver',
    ...['--accept-server-license-terms', '--disable-telemetry', '--disable-workspace-trust'],
    ...['--server-data-dir', data, '--extensions-dir', path.join(data, 'extensions')],
  ];
  return spawn(process.execPath, args, {
    env: { ...withoutEditor(process.env), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/**
 * Makes a folder with what VS Code's own extensions declare, their languages and themes above all. It must have all of
 * them: the page has each as well, and runs there what the server has not.
 *
 * @param {import('./install.mjs').Installation} installation
 * @param {string} data
 * @returns {string}
 */
function declareExtensions({ server }, data) {
  const own = path.join(server, 'extensions');
  const folder = path.join(data, 'own-extensions');
  fs.rmSync(folder, { recursive: true, force: true });
  for (const name of fs.readdirSync(own)) {
    const file = path.join(own, name, 'package.json');
    if (!fs.existsSync(file)) continue;
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (const code of ['main', 'browser', 'activationEvents']) delete manifest[code];
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    for (const entry of fs.readdirSync(path.join(own, name), { withFileTypes: true })) {
      const from = path.join(own, name, entry.name);
      const to = path.join(folder, name, entry.name);
      if (entry.isDirectory()) fs.symlinkSync(from, to, 'junction');
      else fs.copyFileSync(from, to);
    }
    manifest.extensionKind = ['workspace'];
    fs.writeFileSync(path.join(folder, name, 'package.json'), JSON.stringify(manifest));
  }
  return folder;
}

/**
 * A server that is started from a VS Code's own terminal must not take itself for that one.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutEditor(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)),
  );
}

/**
 * @param {string} data
 * @param {Record<string, unknown>} settings
 */
function writeSettings(data, settings) {
  const folder = path.join(data, 'data/Machine');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/**
 * @typedef {object} View
 * @property {string} [folder] to open, absolute
 * @property {string} [file] to open in an editor, absolute
 * @property {string} [extension] folder of an extension to run in development mode, absolute
 * @property {string} [tests] module whose exported `run()` the extension host is to call, absolute
 */

/**
 * @param {string} origin
 * @param {View} view
 * @returns {string} the address that shows it
 */
export function addressOf(origin, { folder, file, extension, tests }) {
  const remote = (/** @type {string} */ name) =>
    `vscode-remote://${new URL(origin).host}${toUriPath(name)}`;
  const payload = [];
  if (extension !== undefined) {
    payload.push(['extensionDevelopmentPath', remote(extension)]);
  }
  if (tests !== undefined) {
    payload.push(['extensionTestsPath', remote(tests)]);
  }
  if (file !== undefined) {
    payload.push(['openFile', remote(file)]);
  }
  const query = new URLSearchParams();
  if (folder === undefined) {
    query.set('ew', 'true');
  } else {
    query.set('folder', toUriPath(folder));
  }
  query.set('payload', JSON.stringify(payload));
  return `${origin}/?${query.toString()}`;
}

/** @param {string} name */
function toUriPath(name) {
  const slashes = name.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}
