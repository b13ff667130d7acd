import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { installServer, launchBrowser } from '../../scripts/vscode-server/index.mjs';
import { panelFrame, waitForStatusBar } from './support/actions';
import { root } from './support/window';

describe('npm start', () => {
  let folder: string;
  let browser: Browser | undefined;
  let started: ChildProcess | undefined;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-start-'));
  });

  afterEach(async () => {
    await browser?.close();
    started?.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('opens a text, trains on it by itself, and ends with Ctrl-C', async () => {
    const file = path.join(folder, 'text.txt');
    fs.writeFileSync(file, 'the quick brown fox jumps over the lazy dog\n'.repeat(400));
    const { address, child } = await start(['--no-open', file]);
    started = child;
    browser = await launchBrowser(await installServer());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(address);
    await page.locator('.tab[data-resource-name="text.txt"]').waitFor();
    await waitForStatusBar(page, 'training', /step \d+ · loss \d/);
    await panelFrame(page, 'canvas');

    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    assert.equal(await ended, 0);
    await assert.rejects(fetch(address));
  });

  it('opens a copy of the sample outside the clone, and leaves nothing behind', async () => {
    const before = gitStatus();
    const { address, child } = await start(['--no-open']);
    started = child;
    folder = new URL(address).searchParams.get('folder') ?? '';
    assert.ok(path.relative(root, folder).startsWith('..'), folder);
    assert.deepEqual(fs.readdirSync(folder), ['hamlet.txt']);
    const sample = fs.readFileSync(path.join(root, 'media/samples/hamlet.txt'));
    assert.ok(fs.readFileSync(path.join(folder, 'hamlet.txt')).equals(sample));
    fs.appendFileSync(path.join(folder, 'hamlet.txt'), 'typed');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    assert.equal(await ended, 0);
    assert.ok(!fs.existsSync(folder));
    assert.equal(gitStatus(), before);
  });

  it('says what is wrong with its arguments', async () => {
    for (const [args, message] of [
      [['/no/such/file'], /There is no file .*file\./],
      [['--port', 'x'], /A port is a number from 0 to 65535, not 'x'\./],
      [['a', 'b'], /One text at a time/],
      [['--frobnicate'], /Use: npm start/],
    ] as const) {
      const { code, output } = await finish(args);
      assert.equal(code, 2, output);
      assert.match(output, message);
    }
  });
});

function gitStatus(): string {
  return execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
}

function spawnStart(args: readonly string[]) {
  return spawn(process.execPath, [path.join(root, 'scripts/start.mjs'), ...args], { cwd: root });
}

/** Starts it and waits for the address that it prints. */
async function start(args: readonly string[]): Promise<{ address: string; child: ChildProcess }> {
  const child = spawnStart(args);
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /http:\/\/127\.0\.0\.1\S+/.exec(output);
      if (match) {
        resolve(match[0]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      reject(new Error(`npm start ended before it printed an address:\n${output}`));
    });
  });
  return { address, child };
}

/** Runs it to its end. */
async function finish(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawnStart(args);
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
