import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { englishIn, isEnglish } from '../panel/support/english';
import {
  openCommandPalette,
  openFile,
  panelFrame,
  screenshot,
  statusBarItem,
  statusBarText,
  waitForStatusBar,
} from './support/actions';
import { openTab, smallModel } from './support/panel';
import { useVSCode } from './support/vscode';
import { root } from './support/window';

const chinese = JSON.parse(
  fs.readFileSync(path.join(root, 'package.nls.zh-cn.json'), 'utf8'),
) as Record<string, string>;

describe('the display language zh-cn', () => {
  const vscode = useVSCode({
    files: {
      '诗.txt': '白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n'.repeat(100),
      '短.txt': '白日依山尽，黄河入海流',
      '单字.txt': '啊'.repeat(500),
      '单元.rnn': 'h[t] = tanh(U x[t] + W stat[t-1])\nstate[t] = h[t]\n',
    },
    open: '诗.txt',
    settings: smallModel,
    locale: 'zh-cn',
  });
  let frame: Frame;

  async function runChinese(key: string): Promise<void> {
    const { page } = vscode;
    const title = `${chinese['category']!}: ${chinese[key]!}`;
    const input = await openCommandPalette(page);
    await input.fill(`>${title}`);
    const row = page.locator('.quick-input-list .monaco-list-row').first();
    await row.locator('.label-name').getByText(title, { exact: true }).waitFor();
    await page.keyboard.press('Enter');
  }

  it('is that of the titles in the palette', async () => {
    const { page } = vscode;
    await page.locator(`.editor-actions [aria-label^="${chinese['command.train']!}"]`).waitFor();
    const input = await openCommandPalette(page);
    await input.fill(`>RNN Lab: ${chinese['command.train']!}`);
    // Below a translated title, the palette shows the original.
    const rows = page.locator('.quick-input-list .quick-input-list-row:first-child .label-name');
    const train = rows.getByText(`RNN Lab: ${chinese['command.train']!}`, { exact: true });
    await train.first().waitFor();
    // Of all commands the list has only those in its page that are in sight.
    await input.fill('>RNN Lab');
    await rows.nth(6).waitFor();
    const titles = (await rows.allTextContents()).filter((title) => title.startsWith('RNN Lab: '));
    assert.deepEqual(
      titles.filter((title) => !/\p{Script=Han}/u.test(title)),
      [],
    );
    await page.keyboard.press('Escape');
  });

  it('is that of the page that says how to begin', async () => {
    await runChinese('command.showPanel');
    frame = await panelFrame(vscode.page, '.welcome');
    assert.deepEqual(await englishIn(frame), []);
  });

  it('is that of the status bar', async () => {
    await runChinese('command.train');
    await waitForStatusBar(vscode.page, 'training', /\d{3}/);
    const text = await statusBarText(vscode.page, 'training');
    assert.match(text, /\p{Script=Han}/u);
    assert.ok(!isEnglish(text), text);
    await statusBarItem(vscode.page, 'training').waitFor();
    frame = await panelFrame(vscode.page, '.plot canvas');
    await runChinese('command.stop');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  it('is that of the panel, whose other tabs are tested in test/panel', async () => {
    await openTab(frame, 'gradients');
    assert.deepEqual(await englishIn(frame), []);
  });

  it('is that of what the engine refuses', async () => {
    await openFile(vscode.page, '单字.txt');
    await runChinese('command.train');
    await assertTold(
      '文本中只有一种符号 "啊"：没有可学习的内容。请给出至少含有两种不同字符的文本。',
    );
  });

  it('is that of what the engine warns of', async () => {
    await openFile(vscode.page, '短.txt');
    await runChinese('command.train');
    frame = await panelFrame(vscode.page, '.warnings li');
    const warnings = frame.locator('.warnings li');
    await warnings.filter({ hasText: '11' }).first().waitFor();
    assert.deepEqual(await warnings.allTextContents(), [
      '文本太短，无法留出其中的 10 %；全部 11 个词元都用于训练。',
      '文本有 11 个词元可供训练，不足以支持批次 8 和序列长度 16：改用批次 1 和序列长度 10。',
    ]);
    assert.deepEqual(await englishIn(frame), []);
    await runChinese('command.stop');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  it('is that of what is wrong in equations, where it stands and where the cell is used', async () => {
    const { page } = vscode;
    const problem = '没有方程定义 stat。';
    const hint =
      '是想写 state 吗？请添加方程 stat[t] = …；如果 stat 是可学习的偏置，请去掉时间下标。';
    await openFile(page, '单元.rnn');
    await page.locator('.editor-group-container.active .squiggly-error').first().waitFor();
    await page.keyboard.press('F8');
    const told = page.locator('.marker-widget .message');
    await told.filter({ hasText: '。' }).waitFor();
    const shown = (await told.innerText()).replaceAll('\u00a0', ' ');
    assert.ok(shown.includes(problem) && shown.includes(hint), shown);
    await screenshot(page, 'zh-cn-equations');
    await page.keyboard.press('Escape');
    await runChinese('command.useCell');
    await assertTold(`单元.rnn:1:24：${problem}${hint}`);
  });

  /** Waits for a notification of exactly these words in the notification centre, where each stays. */
  async function assertTold(message: string): Promise<void> {
    const { page } = vscode;
    const bell = page.locator('[id="status.notifications"]');
    await bell.click();
    const told = page.locator('.notifications-center .notification-list-item-message');
    await told.getByText(message, { exact: true }).waitFor();
    await bell.click();
    await told.first().waitFor({ state: 'hidden' });
  }
});
