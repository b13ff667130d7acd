import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  editorText,
  notification,
  openFile,
  runCommand,
  screenshot,
  waitForStatusBar,
} from './support/actions';
import { extensionLoaded } from './support/panel';
import { useVSCode } from './support/vscode';

const line = 'the quick brown fox jumps over the lazy dog.';

/** Ghost text as it is drawn in the editor that has the focus. */
async function ghostText(page: Page): Promise<string> {
  const parts = page.locator(
    '.editor-group-container.active .ghost-text-decoration, .editor-group-container.active .ghost-text',
  );
  return (await parts.allTextContents()).join('').replaceAll('\u00a0', ' ');
}

/** So long a text stays as it is before it is taken for the answer: that of the key before may still be there, ms. */
const settling = 400;

/** Waits until there is ghost text that matches and stays. */
async function waitForGhost(page: Page, pattern: RegExp): Promise<string> {
  const deadline = Date.now() + 30_000;
  let text = '';
  while (Date.now() < deadline) {
    const before = text;
    text = await ghostText(page);
    const isSettled = text === before && pattern.test(text);
    if (isSettled) return text;
    await page.waitForTimeout(settling);
  }
  throw new Error(`The ghost text is '${text}', not ${String(pattern)}.`);
}

async function toTheEnd(page: Page): Promise<void> {
  await page.locator('.editor-group-container.active .monaco-editor .view-lines').click();
  await page.keyboard.press('Control+End');
}

describe('inline completion', () => {
  const vscode = useVSCode({
    files: { 'fox.txt': `${line}\n`.repeat(100), 'fox-too.txt': 'the laz' },
    open: 'fox.txt',
    settings: {
      'rnnLab.model.hidden': 48,
      'rnnLab.training.batch': 4,
      'rnnLab.training.sequence': 16,
      'rnnLab.training.threads': 1,
      'rnnLab.training.steps': 600,
      'rnnLab.training.seed': 1,
      'editor.wordBasedSuggestions': 'off',
      // As it is by default, VS Code gives ghost text up after 750 ms, which a busy machine may take.
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
    },
  });

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step 600 /);
    // At its end: what is typed while its weights give way to those of its checkpoint may be answered by neither.
    await waitForStatusBar(page, 'training', /^(?!.*tokens\/s)/);
    await openFile(page, 'fox.txt');
    await toTheEnd(page);
  });

  /** The file as it is on the disk, once it is saved with an end like this. */
  async function saved(name: string, end: RegExp): Promise<string> {
    const { page, workspace } = vscode;
    await page.keyboard.press('Control+S');
    const read = () => fs.readFileSync(path.join(workspace, name), 'utf8');
    for (let tries = 0; tries < 300 && !end.test(read()); tries++) await page.waitForTimeout(100);
    return read();
  }

  it('is drawn after what is typed, follows it, and is taken with Tab', async () => {
    const { page } = vscode;
    await toTheEnd(page);
    await page.keyboard.type('the qui', { delay: 30 });
    await waitForGhost(page, /^ck brown fox/);
    await page.keyboard.type('ck', { delay: 30 });
    await waitForGhost(page, /^ brown fox/);
    await screenshot(page, 'completion');
    await page.keyboard.press('Tab');
    // What is taken is as long as the model is sure, which newer weights may have changed meanwhile.
    await page
      .getByText(/^Ln 101, Col (?!10$)\d+$/)
      .first()
      .waitFor();
    const text = await saved('fox.txt', /\nthe quick brown fox[^\n]*$/);
    const taken = text.slice(text.lastIndexOf('\n') + 1);
    assert.match(taken, /^the quick brown fox/);
    assert.ok(line.startsWith(taken.trimEnd()), JSON.stringify(taken));
    assert.equal(text.slice(0, -taken.length), `${line}\n`.repeat(100));
  });

  it('has others to go through for those who ask', async () => {
    const { page } = vscode;
    await page.keyboard.press('Enter');
    await page.keyboard.type('the qui', { delay: 30 });
    const first = await waitForGhost(page, /^ck brown/);
    const seen = new Set([first[0]]);
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press('Alt+]');
      const next = await waitForGhost(page, new RegExp(`^[^${[...seen].join('')}]`));
      seen.add(next[0]);
    }
    assert.equal(seen.size, 3);
    await page.keyboard.press('Escape');
  });

  it('is in another text once a run is chosen for it', async () => {
    const { page } = vscode;
    await openFile(page, 'fox-too.txt');
    await toTheEnd(page);
    await page.keyboard.type('y ', { delay: 30 });
    await runCommand(page, 'RNN Lab: Use a run for this document…');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'fox.txt' }).first().waitFor();
    assert.equal(await rows.count(), 3);
    await page.locator('.quick-input-widget input[type="text"]').fill('fox.txt');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.keyboard.type('do', { delay: 30 });
    await waitForGhost(page, /^g\./);
    assert.equal((await editorText(page)).startsWith('the lazy do'), true);
  });

  it('tells what was suggested and taken', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Completion figures');
    const told = await notification(page, /suggestions shown/);
    const text = (await told.textContent()) ?? '';
    const [, shown, accepted] = /(\d+) suggestions shown, (\d+) accepted/.exec(text) ?? [];
    assert.equal(Number(accepted), 1);
    assert.ok(Number(shown) >= 3, text);
  });
});
