import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { notifications, panelFrame, runCommand, waitForStatusBar } from './support/actions';
import { extensionLoaded, figure, inkOf, openTab, smallModel, tabs } from './support/panel';
import { useVSCode } from './support/vscode';
import { root } from './support/window';

const vsix = path.join(root, 'out/rnn-lab.vsix');

describe('the package', () => {
  // Mocha runs a suite's hooks in their order: this one must come before that of useVSCode.
  before(function () {
    this.timeout(300_000);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(root, 'scripts/package.mjs'), `--out=${vsix}`],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(status, 0, `${stdout}\n${stderr}`);
  });

  const vscode = useVSCode({
    files: { 'times.txt': 'It was the best of times, it was the worst of times.\n'.repeat(200) },
    open: 'times.txt',
    settings: smallModel,
    vsix,
  });

  it('is smaller than two megabytes', () => {
    assert.ok(fs.statSync(vsix).size < 2_000_000);
  });

  it('holds no sources, no source maps, no tests and no pictures', () => {
    const installed = fs
      .readdirSync(path.join(vscode.data, 'extensions'), { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.startsWith('rnn-lab.'));
    assert.ok(installed.some((name) => name.endsWith('/dist/worker.js')));
    const names = installed.map((name) => name.slice(name.indexOf('/') + 1));
    assert.deepEqual(
      names.filter((name) => /\.(ts|map|mjs|wasm)$|node_modules|pictures|^(src|test)\//.test(name)),
      [],
    );
  });

  it('has pages in both languages without links that lead nowhere', () => {
    const extensions = path.join(vscode.data, 'extensions');
    const folder = fs.readdirSync(extensions).find((name) => name.startsWith('rnn-lab.'))!;
    const pages = fs
      .readdirSync(path.join(extensions, folder))
      .filter((name) => /\.md$/i.test(name));
    assert.deepEqual(pages.map((name) => name.toLowerCase()).toSorted(), [
      'changelog.md',
      'readme.md',
      'readme.zh-cn.md',
    ]);
    for (const name of pages) {
      const page = fs.readFileSync(path.join(extensions, folder, name), 'utf8');
      assert.match(page, /^# \S/);
      assert.deepEqual(page.match(/<img|<picture|!\[|\]\((?!https:|#)[^)]*\)/g) ?? [], []);
    }
  });

  it('trains, and shows the loss in the panel and in the status bar', async () => {
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    const frame = await panelFrame(page, '.plot canvas');
    assert.ok(Number(await figure(frame, 'Training loss')) < Math.log(20));
    assert.ok((await inkOf(frame)) > 500);
    for (const tab of tabs) await openTab(frame, tab);
  });

  it('samples', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Sample from the model');
    await page.locator('.tabs-container .tab.active[data-resource-name^="Untitled"]').waitFor();
    // The panel may keep the focus: what counts is the text, in whichever group it is.
    await page.waitForFunction(() => {
      const lines = document.querySelectorAll(
        '.editor-group-container:has(.tab.active[data-resource-name^="Untitled"]) .view-line',
      );
      return [...lines].some((line) => line.textContent.length > 20);
    });
  });

  it('bothers with no notification, and breaks no rule of its page', async () => {
    // The sample above may still show that it is under way, which bothers nobody.
    const told = await notifications(vscode.page);
    assert.deepEqual(
      told.filter((text) => !text.includes('sampling')),
      [],
    );
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});
