import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { addressOf, installServer, startServer } from '../../scripts/vscode-server/index.mjs';
import { root } from './support/window';

describe('the VS Code server', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-server-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('answers while it runs and is gone after stop', async () => {
    const server = await startServer(await installServer(), { data: folder });
    assert.equal((await fetch(`${server.origin}/version`)).status, 200);
    await server.stop();
    await assert.rejects(fetch(`${server.origin}/version`));
  });

  it('ends when the process that started it is killed', async () => {
    const library = pathToFileURL(path.join(root, 'scripts/vscode-server/index.mjs')).href;
    const script = `
      const { installServer, startServer } = await import(${JSON.stringify(library)});
      const server = await startServer(await installServer(), { data: ${JSON.stringify(folder)} });
      console.log(server.origin);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    const origin = await new Promise<string>((resolve) => {
      owner.stdout.on('data', (chunk: Buffer) => {
        resolve(chunk.toString().trim());
      });
    });
    assert.equal((await fetch(`${origin}/version`)).status, 200);
    owner.kill('SIGKILL');
    await waitUntil(async () => !(await isReachable(origin)));
  });

  it('says what went wrong where it cannot start', async () => {
    const installation = await installServer();
    await assert.rejects(
      startServer({ ...installation, server: folder }, { data: path.join(folder, 'data') }),
      /did not start[^]*server-main\.js/,
    );
  });

  it('is asked for a folder, a file and an extension by address', () => {
    const address = new URL(
      addressOf('http://127.0.0.1:8123', { folder: '/w s', file: '/w s/a.txt', extension: '/e' }),
    );
    assert.equal(address.searchParams.get('folder'), '/w s');
    assert.deepEqual(JSON.parse(address.searchParams.get('payload') ?? ''), [
      ['extensionDevelopmentPath', 'vscode-remote://127.0.0.1:8123/e'],
      ['openFile', 'vscode-remote://127.0.0.1:8123/w s/a.txt'],
    ]);
  });
});

async function isReachable(origin: string): Promise<boolean> {
  try {
    await fetch(`${origin}/version`);
    return true;
  } catch {
    return false;
  }
}

/** Ends when the condition holds; mocha's own timeout ends a wait that is in vain. */
async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
