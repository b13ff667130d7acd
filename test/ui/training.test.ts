import assert from 'node:assert/strict';
import {
  editorText,
  notifications,
  openCommandPalette,
  openFile,
  panelFrame,
  runCommand,
  statusBarItem,
  waitForStatusBar,
} from './support/actions';
import {
  extensionLoaded,
  figure,
  inkOf,
  lossPlot,
  numberOf,
  smallModel,
  statusNumbers,
} from './support/panel';
import { useVSCode } from './support/vscode';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);
describe('training, as a person does it', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text },
    open: 'times.txt',
    settings: smallModel,
  });

  it('begins from the palette and shows a curve', async () => {
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', statusNumbers);
    const frame = await panelFrame(page, '.plot canvas');
    await frame.locator('.phase[data-phase="training"]').waitFor();
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    assert.ok((await inkOf(frame)) > 500);
    assert.equal(await frame.locator('h1').textContent(), 'times.txt');
  });

  it('hides commands that mean nothing now', async () => {
    const { page } = vscode;
    const input = await openCommandPalette(page);
    const offers = page.locator('.quick-input-list .label-name');
    const offer = (title: string) => offers.getByText(`RNN Lab: ${title}`, { exact: true });
    for (const [meaningful, meaningless] of [
      ['Pause training', 'Resume training'],
      ['Stop training', 'Continue training'],
    ] as const) {
      // What both have in common is asked for: the one that is offered shows that the list is there.
      await input.fill(`>RNN Lab: ${meaningless.split(' ')[1]!}`);
      await offer(meaningful).waitFor();
      assert.equal(await offer(meaningless).count(), 0, meaningless);
    }
    await page.keyboard.press('Escape');
  });

  it('pauses and resumes by the buttons of the panel, and keeps the focus there', async () => {
    const frame = await panelFrame(vscode.page, '.plot canvas');
    await frame.locator('[data-command="pause"]').focus();
    await vscode.page.keyboard.press('Enter');
    await frame.locator('.phase[data-phase="paused"]').waitFor();
    await frame.locator('[data-command="resume"]:focus').waitFor();
    await vscode.page.keyboard.press('Enter');
    await frame.locator('.phase[data-phase="training"]').waitFor();
  });

  it('samples into an untitled document while it goes on', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Sample from the model');
    await page.locator('.tabs-container .tab.active[data-resource-name^="Untitled"]').waitFor();
    await page.waitForFunction(() => {
      const lines = document.querySelectorAll('.editor-group-container.active .view-line');
      const shown = [...lines].reduce((length, line) => length + line.textContent.length, 0);
      return shown >= 70;
    });
    assert.ok((await editorText(page)).length >= 70);
  });

  it('stops from the palette, with the same numbers everywhere', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    const frame = await panelFrame(page, '.plot canvas');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    await page.waitForTimeout(600);
    const [, step, loss] = await waitForStatusBar(page, 'training', statusNumbers);
    assert.equal(await figure(frame, 'Training loss'), loss);
    assert.equal(await figure(frame, 'Step'), step);
    const plot = lossPlot(frame);
    await plot.focus();
    await page.keyboard.press('End');
    const spoken = (await plot.getAttribute('aria-valuetext')) ?? '';
    assert.match(spoken, new RegExp(`^step ${step!}, training ${loss!}`));
    assert.equal(await plot.getAttribute('aria-valuenow'), String(numberOf(step)));
    assert.ok(await plot.locator('.bubble').isVisible());
    await page.keyboard.press('Escape');
    assert.ok(await plot.locator('.bubble').isHidden());
  });

  it('has its numbers as a table', async () => {
    const frame = await panelFrame(vscode.page, '.plot canvas');
    const table = frame.locator('#view-loss .table');
    await table.locator('summary').click();
    const last = table.locator('tbody tr').last();
    const loss = await figure(frame, 'Training loss');
    assert.equal(await last.locator('th').textContent(), await figure(frame, 'Step'));
    assert.equal(await last.locator('td').nth(1).textContent(), loss);
    await table.locator('summary').click();
  });

  it('is brought back by a click on the status bar, whole, after the panel was closed', async () => {
    const { page } = vscode;
    const before = await panelFrame(page, '.plot canvas');
    const step = await figure(before, 'Step');
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
    await statusBarItem(page, 'training').click();
    const after = await panelFrame(page, '.plot canvas');
    await after.locator('.phase[data-phase="stopped"]').waitFor();
    assert.equal(await figure(after, 'Step'), step);
    assert.ok((await inkOf(after)) > 500);
  });

  it('is whole after it was hidden by another editor', async () => {
    const { page } = vscode;
    const step = await figure(await panelFrame(page, '.plot canvas'), 'Step');
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click();
    await openFile(page, 'times.txt');
    await tab.and(page.locator(':not(.active)')).waitFor();
    await tab.click();
    const frame = await panelFrame(page, '.plot canvas');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    assert.equal(await figure(frame, 'Step'), step);
    assert.ok((await inkOf(frame)) > 500);
  });

  it('bothers with no notification, and breaks no rule of its page', async () => {
    assert.deepEqual(await notifications(vscode.page), []);
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});

describe('a window that is reloaded in the middle of training', () => {
  // Without a file in the address: VS Code then restores what was open.
  const vscode = useVSCode({ files: { 'times.txt': text }, settings: smallModel });

  it('brings the panel back with its history', async () => {
    const { page } = vscode;
    await openFile(page, 'times.txt');
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await panelFrame(page, '.plot canvas');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    const [, step] = await waitForStatusBar(page, 'training', statusNumbers);
    const stepBefore = numberOf(step);
    await runCommand(page, 'Developer: Reload Window');
    await page.waitForEvent('load');
    await page.locator('.monaco-workbench .statusbar').waitFor();

    const frame = await panelFrame(page, '.plot canvas');
    await frame.locator('.phase:not([data-phase="elsewhere"])').waitFor();
    const phase = await frame.locator('.phase').getAttribute('data-phase');
    assert.ok(phase === 'stopped' || phase === 'interrupted', String(phase));
    assert.ok(numberOf(await figure(frame, 'Step')) >= stepBefore);
    assert.ok((await inkOf(frame)) > 500);
  });

  it('continues where it was', async () => {
    const { page } = vscode;
    const [, before] = await waitForStatusBar(page, 'training', statusNumbers);
    await runCommand(page, 'RNN Lab: Continue training');
    const frame = await panelFrame(page, '.phase[data-phase="training"]');
    const deadline = Date.now() + 60_000;
    let step = 0;
    while (step <= numberOf(before) && Date.now() < deadline) {
      step = numberOf(await figure(frame, 'Step'));
      await page.waitForTimeout(50);
    }
    assert.ok(step > numberOf(before));
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  it('samples from the newest run after VS Code was closed, without training again', async () => {
    await vscode.reopen();
    const { page } = vscode;
    await waitForStatusBar(page, 'training', statusNumbers);
    await runCommand(page, 'RNN Lab: Sample from the model');
    await page.locator('.tabs-container .tab.active[data-resource-name^="Untitled"]').waitFor();
    await page.waitForFunction(() => {
      const lines = document.querySelectorAll('.editor-group-container.active .view-line');
      return [...lines].some((line) => line.textContent.length > 10);
    });
  });
});
