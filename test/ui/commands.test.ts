import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
  answerInput,
  choose,
  editorText,
  notifications,
  openCommandPalette,
  openFile,
  panelFrame,
  question,
  runCommand,
  waitForStatusBar,
} from './support/actions';
import { extensionLoaded, figure, smallModel } from './support/panel';
import { until } from './support/wait';
import { useVSCode } from './support/vscode';

const line = 'It was the best of times, it was the worst of times.\n';

/** What a run keeps of its settings. */
interface Run {
  readonly settings: {
    readonly model: { readonly cell: string; readonly hidden: number; readonly layers: number };
    readonly training: { readonly seconds: number };
  };
}

function tab(page: Page, name: string | RegExp): Locator {
  return page.locator('.tabs-container .tab', { hasText: name });
}

/** Waits until the text of the editor with the focus has something in it. */
async function textThat(page: Page, has: RegExp): Promise<string> {
  let text = '';
  await until(`the editor has ${String(has)}`, async () =>
    has.test((text = await editorText(page))),
  );
  return text;
}

/** Every command of the palette that no other suite uses, by its title, its questions answered with the keyboard. */
describe('commands by the palette and the keyboard alone', () => {
  const vscode = useVSCode({
    files: { 'times.txt': line.repeat(200) },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.sampling.length': 40, 'rnnLab.sampling.seed': 5 },
  });
  function runFiles(): string[] {
    return fs
      .readdirSync(vscode.data, { recursive: true, encoding: 'utf8' })
      .filter((name) => path.basename(name) === 'run.json');
  }

  /** What the settings of the newest run are, by the file that it keeps. */
  function newestRun(): Run['settings'] {
    // The folders' names begin with the time.
    const newest = path.join(vscode.data, runFiles().sort().at(-1)!);
    return (JSON.parse(fs.readFileSync(newest, 'utf8')) as Run).settings;
  }

  it('Train RNN on this file with options… asks four questions', async () => {
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file with options…');
    await question(page, /\(1\/4\)/);
    await choose(page, 'gru');
    await question(page, /\(2\/4\)/);
    await choose(page, '24');
    await question(page, /\(3\/4\)/);
    await choose(page, '2');
    await question(page, /\(4\/4\)/);
    await choose(page, '1 h', '1 hour');
    await waitForStatusBar(page, 'training', /step (\d{2,}|\d+,\d+) /);
    const { model, training } = newestRun();
    assert.deepEqual([model.cell, model.hidden, model.layers], ['gru', 24, 2]);
    assert.equal(training.seconds, 3600);
  });

  it('Pause training, Resume training', async () => {
    const { page } = vscode;
    const frame = await panelFrame(page, '.phase');
    await runCommand(page, 'RNN Lab: Pause training');
    await frame.locator('.phase[data-phase="paused"]').waitFor();
    await runCommand(page, 'RNN Lab: Resume training');
    await frame.locator('.phase[data-phase="training"]').waitFor();
  });

  it('Set learning rate…', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Set learning rate…');
    await question(page, 'Learning rate of times.txt');
    await answerInput(page, '0.00123');
    const frame = await panelFrame(page, '.phase');
    await frame.waitForFunction(() => {
      const field = document.querySelector<HTMLInputElement>('#rate');
      return field?.value === '0.00123';
    });
    // The figure is that of the last step that was measured.
    await until('a step has it', async () => (await figure(frame, 'Learning rate')) === '0.00123');
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    assert.equal(await figure(frame, 'Learning rate'), '0.00123');
  });

  it('Train RNN on this selection', async () => {
    const { page } = vscode;
    await openFile(page, 'times.txt');
    await page.keyboard.press('Control+Home');
    for (let lines = 0; lines < 10; lines++) await page.keyboard.press('Shift+ArrowDown');
    await runCommand(page, 'RNN Lab: Train RNN on this selection');
    await tab(page, /^RNN Lab: times\.txt, lines 1–10$/).waitFor();
    await waitForStatusBar(page, 'training', /step (\d{2,}|\d+,\d+) /);
    await runCommand(page, 'RNN Lab: Stop training');
    const frame = await panelFrame(page, '.phase');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  it('Continue training, Continue training for longer…', async () => {
    const { page } = vscode;
    const frame = await panelFrame(page, '.phase');
    const step = async () => Number((await figure(frame, 'Step')).replaceAll(',', ''));
    const before = await step();
    await runCommand(page, 'RNN Lab: Continue training');
    await frame.locator('.phase[data-phase="training"]').waitFor();
    await until('it goes on', async () => (await step()) > before);
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    const between = await step();
    await runCommand(page, 'RNN Lab: Continue training for longer…');
    await question(page, /Continue training .* for longer/);
    await choose(page, '50 steps');
    await frame.locator('.phase[data-phase="finished"]').waitFor();
    assert.equal(await step(), between + 50);
  });

  it('Sample with options…', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Sample with options…');
    await question(page, 'Sample from the model');
    await choose(page, 'Prime');
    await question(page, 'Sample from the model: Prime');
    await answerInput(page, 'It was the ');
    await question(page, /^Sample from the model$/);
    await choose(page, 'Sample');
    // To the end: the text that was open begins in the same way.
    await textThat(page, /^It was the .{40}$/s);
  });

  it('Sample at the cursor', async () => {
    const { page } = vscode;
    // In the document of the sample before, which has the prime and 40 characters.
    await page.keyboard.press('Control+End');
    await runCommand(page, 'RNN Lab: Sample at the cursor');
    await textThat(page, /^It was the .{80}$/s);
  });

  it('Compare temperatures…', async () => {
    const { page } = vscode;
    // What is selected would be the prime.
    await openFile(page, 'times.txt');
    await page.keyboard.press('Control+Home');
    await runCommand(page, 'RNN Lab: Compare temperatures…');
    await question(page, 'Compare temperatures');
    await answerInput(page, '0.25, 1.5');
    await textThat(page, /## Temperature 0\.25[^]*## Temperature 1\.5\n+~~~~text[^]*~~~~/);
  });

  it('New cell…, Use this cell', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: New cell…');
    await choose(page, 'gru');
    await textThat(page, /h\[t\] =/);
    await tab(page, 'my-gru.rnn').waitFor();
    await page.keyboard.press('Control+s');
    await tab(page, 'my-gru.rnn').and(page.locator(':not(.dirty)')).waitFor();
    await runCommand(page, 'RNN Lab: Use this cell');
    const file = path.join(vscode.workspace, '.vscode/settings.json');
    const isSet = () =>
      fs.existsSync(file) &&
      fs.readFileSync(file, 'utf8').includes('"rnnLab.model.cell": "my-gru.rnn"');
    await until('the cell is set', isSet);
  });

  it('Open a sample…', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Open a sample…');
    await choose(page, 'reber');
    await tab(page, 'reber.txt').waitFor();
    await textThat(page, /B[TP]/);
  });

  it('Open run…, Open the text of the run, Show panel', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Open run…');
    await choose(page, 'gru');
    await tab(page, /^RNN Lab: times\.txt$/).waitFor();
    const frame = await panelFrame(page, '.phase');
    await frame.locator('h1 button').focus();
    await page.keyboard.press('Enter');
    await page.locator('.tabs-container .tab.active[data-resource-name="times.txt"]').waitFor();
    await runCommand(page, 'RNN Lab: Show panel');
    await tab(page, /^RNN Lab: times\.txt$/)
      .and(page.locator('.active'))
      .waitFor();
    await panelFrame(page, '.phase');
  });

  it('Rename run…, Delete run, Undo delete', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Rename run…');
    await choose(page, 'gru');
    await answerInput(page, 'Two layers');
    await tab(page, 'RNN Lab: Two layers').waitFor();
    await runCommand(page, 'RNN Lab: Delete run');
    await page.locator('.quick-input-widget:visible input[type="text"]').fill('Two layers');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await tab(page, 'RNN Lab: Two layers').waitFor({ state: 'detached' });
    await runCommand(page, 'RNN Lab: Undo delete');
    await until('it is back', () => !runFiles().some((name) => name.includes('.deleted')));
    await runCommand(page, 'RNN Lab: Open run…');
    await choose(page, 'Two layers');
    await tab(page, 'RNN Lab: Two layers').waitFor();
  });

  it('Copy path of run', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Copy path of run');
    await page.locator('.quick-input-widget:visible input[type="text"]').fill('Two layers');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    const input = await openCommandPalette(page);
    let pasted = '';
    // The answer is on its way to the clipboard.
    await until('a path is pasted', async () => {
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Control+v');
      pasted = await input.inputValue();
      return path.isAbsolute(pasted);
    });
    await page.keyboard.press('Escape');
    assert.ok(fs.existsSync(path.join(pasted, 'run.json')), pasted);
  });

  it('Show log, Get started', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Show log');
    await page.locator('.panel .output-view .view-line').first().waitFor();
    await runCommand(page, 'RNN Lab: Get started');
    await page.locator('.getting-started-step', { hasText: 'Watch it learn' }).waitFor();
  });

  it('bother with no message but those on what was deleted, and what is in use', async () => {
    assert.deepEqual(await notifications(vscode.page), [
      'Deleted Two layers.',
      'RNN Lab trains with my-gru.rnn from now on, in this workspace.',
    ]);
  });
});
