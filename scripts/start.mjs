// npm start [-- FILE] [--no-open] [--server] [--port N]: shows RNN Lab in a real VS Code.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build/files.mjs';
import { openInBrowser, openInDesktop } from './open.mjs';
import { ensureDependencies } from './npm.mjs';
import { build } from './run.mjs';

const SAMPLE = path.join(root, 'media/samples/hamlet.txt');

const USAGE = `Use: npm start [-- FILE] [--no-open] [--server] [--port N]
  FILE        the text to train on; a copy of a sample unless said otherwise
  --no-open   only print the address of the VS Code server
  --server    use the VS Code server even where \`code\` is installed
  --port N    the server's port; a free one unless said otherwise`;

/** A mistake of the caller's: told in one line, without a stack. */
class UsageError extends Error {}

/** @returns {{ file: string | undefined, open: boolean, server: boolean, port: number }} */
function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        'no-open': { type: 'boolean', default: false },
        server: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) {
    throw new UsageError(`One text at a time, please.\n${USAGE}`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`A port is a number from 0 to 65535, not '${values.port}'.`);
  }
  return {
    file: existingFile(positionals[0]),
    open: !values['no-open'],
    server: values.server || values['no-open'],
    port,
  };
}

/**
 * @param {string | undefined} name
 * @returns {string | undefined} undefined: none was named
 */
function existingFile(name) {
  if (name === undefined) {
    return undefined;
  }
  // npm runs us in the repository's root, and says where it was called.
  const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`There is no file ${file}.`);
  }
  return file;
}

/** The sample in a folder of its own: what is typed into it, or saved beside it, is nothing that Git follows. */
function copyOfSample() {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'rnn-lab-sample-'));
  const file = path.join(folder, path.basename(SAMPLE));
  fs.copyFileSync(SAMPLE, file);
  return file;
}

async function main() {
  const { file: named, open, server, port } = readArguments();
  await ensureDependencies(root);
  await build(['extension', 'worker', 'cli', 'webview', 'renderer']);
  const file = named ?? copyOfSample();
  // The desktop's VS Code stays open when this ends, and so does what it shows.
  if (!server && (await openInDesktop(file))) {
    console.log(`VS Code opens with ${file} and trains on it.`);
    return;
  }
  try {
    await serve(file, open, port);
  } finally {
    if (named === undefined) {
      fs.rmSync(path.dirname(file), { recursive: true, force: true });
    }
  }
}

/**
 * Runs until Ctrl-C, or until the server ends.
 *
 * @param {string} file
 * @param {boolean} open
 * @param {number} port
 */
async function serve(file, open, port) {
  const { addressOf, installServer, startServer } = await import('./vscode-server/index.mjs');
  const installation = await installServer(console.log);
  const server = await startServer(installation, {
    data: path.join(root, '.cache/vscode-data'),
    env: { RNN_LAB_START: file },
    port,
  });
  const address = addressOf(server.origin, { folder: path.dirname(file), file, extension: root });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => void server.stop());
  }
  console.log(`\nRNN Lab trains on ${file} in a VS Code at\n\n  ${address}\n\nCtrl-C stops it.`);
  if (open) {
    openInBrowser(address);
  }
  await server.ended;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
