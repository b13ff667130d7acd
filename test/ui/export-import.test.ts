import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
  answerInput,
  chooseFromMenu,
  editorText,
  notification,
  openFile,
  panelFrame,
  runCommand,
  screenshot,
  waitForStatusBar,
} from './support/actions';
import { extensionLoaded, figure, smallModel } from './support/panel';
import { useVSCode } from './support/vscode';

const text = 'It is a far, far better thing that I do, than I have ever done.\n'.repeat(200);

/** A row of a quick pick. */
function row(page: Page, label: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
}

/**
 * Waits for the dialog that asks for a file, with a name in it. Where the last model is not the best, it is
 * asked before which one is meant: the last.
 */
async function saveDialog(page: Page, name: string): Promise<Locator> {
  const last = row(page, 'The last');
  await last.or(page.locator('.quick-input-title', { hasText: /^Export$/ })).waitFor();
  if (await last.isVisible()) {
    await screenshot(page, 'export-checkpoint');
    await answerInput(page, 'The last');
  }
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget input')].some((box) =>
        box.value.endsWith(wanted),
      ),
    name,
  );
  return page.locator('.quick-input-widget:visible input[type="text"]');
}

describe('a model that leaves VS Code and comes back', () => {
  const vscode = useVSCode({ files: { 'cities.txt': text }, settings: smallModel });

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await openFile(page, 'cities.txt');
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    await runCommand(page, 'RNN Lab: Stop training');
    await panelFrame(page, '.phase[data-phase="stopped"]');
  });

  it('is exported as a program that is opened from the message, and runs', async () => {
    const { page, workspace } = vscode;
    await runCommand(page, 'RNN Lab: Export…');
    await row(page, 'JavaScript').waitFor();
    await answerInput(page, 'JavaScript');
    const input = await saveDialog(page, 'cities-vanilla.js');
    await screenshot(page, 'export-where');
    assert.equal(await input.inputValue(), path.join(workspace, 'cities-vanilla.js'));
    await page.keyboard.press('Enter');
    const told = await notification(page, /Exported cities-vanilla\.js \(\d+ kB\)/);
    await screenshot(page, 'export-done');
    await told.getByRole('button', { name: 'Open', exact: true }).click();
    await page.locator('.tab.active[data-resource-name="cities-vanilla.js"]').waitFor();
    await page.locator('.view-line', { hasText: 'A recurrent network that' }).waitFor();
    assert.match(await editorText(page), /^\/\/ A recurrent network that writes text/);
    await screenshot(page, 'export-script');
    const file = path.join(workspace, 'cities-vanilla.js');
    const run = spawnSync(process.execPath, [file, '--length', '40'], { encoding: 'utf8' });
    assert.equal(run.stdout.length, 41, run.stderr);
  });

  it('is exported as safetensors, and imported from the explorer’s menu', async () => {
    const { page, workspace } = vscode;
    await runCommand(page, 'RNN Lab: Export…');
    await row(page, 'safetensors').waitFor();
    await answerInput(page, 'safetensors');
    await saveDialog(page, '.safetensors');
    const file = path.join(workspace, 'theirs.safetensors');
    await answerInput(page, file);
    await notification(page, /Exported theirs\.safetensors/);
    assert.ok(fs.existsSync(file));
    await runCommand(page, 'View: Show Explorer');
    const item = page.locator('.explorer-folders-view .monaco-list-row', {
      hasText: 'theirs.safetensors',
    });
    await item.click();
    await item.and(page.locator('.focused')).waitFor();
    await chooseFromMenu(page, 'Import model…');
    await notification(page, /Imported theirs: vanilla, [\d,]+ parameters\./);
    const frame = await panelFrame(page, '.phase');
    await frame.getByText('theirs').first().waitFor();
    // The model says what it is, and how far it had been trained.
    await frame.locator('.phase', { hasText: 'Imported' }).waitFor();
    const message = frame.locator('.message', { hasText: /after [\d,]+ steps of training/ });
    await message.waitFor();
    const [, steps] = /after ([\d,]+) steps/.exec((await message.textContent()) ?? '')!;
    assert.equal(await figure(frame, 'Step'), steps);
    await screenshot(page, 'import-done');
  });
});
