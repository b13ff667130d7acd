import assert from 'node:assert/strict';
import {
  editorText,
  notifications,
  openCommandPalette,
  openFile,
  panelFrame,
  runCommand,
  statusBarItem,
  trainInFront,
  waitForStatusBar,
} from './support/actions';
import {
  chooseOption,
  figure,
  inkOf,
  lossPlot,
  numberOf,
  openTab,
  smallModel,
  statusNumbers,
} from './support/panel';
import { until } from './support/wait';
import { useVSCode } from './support/vscode';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);

describe('training, as a person does it', () => {
  // Without a file in the address: VS Code then restores what was open.
  const vscode = useVSCode({
    files: { 'times.txt': text, 'other.txt': 'It was the best of times, '.repeat(20) },
    settings: smallModel,
  });

  it('begins from the palette and shows a curve', async () => {
    const { page } = vscode;
    await openFile(page, 'times.txt');
    await page.getByText('It was the best of times').first().waitFor();
    assert.match(await editorText(page), /^It was the best of times/);
    await trainInFront(page);
    const frame = await panelFrame(page, '.plot canvas');
    await frame.locator('.phase[data-phase="training"]').waitFor();
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

  it('samples into an untitled document while it goes on, without scrolling sideways', async () => {
    const { page } = vscode;
    // Beside the panel, which has the focus, not over it.
    await page.keyboard.press('Control+1');
    await openFile(page, 'other.txt');
    await page.keyboard.press('Control+a');
    await runCommand(page, 'RNN Lab: Sample from the model');
    await page.locator('.tabs-container .tab.active[data-resource-name^="Untitled"]').waitFor();
    await page.waitForFunction(() => {
      const lines = document.querySelectorAll('.editor-group-container.active .view-line');
      const shown = [...lines].reduce((length, line) => length + line.textContent.length, 0);
      return shown >= 20 * 26 + 70;
    });
    // The line that grows is longer than the editor is wide.
    const lines = page.locator('.editor-group-container.active .lines-content').first();
    assert.equal(await lines.evaluate((element) => getComputedStyle(element).left), '0px');
  });

  it('stops from the palette, with the same numbers everywhere', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    const frame = await panelFrame(page, '.phase[data-phase="stopped"]');
    const step = await figure(frame, 'Step');
    const loss = await figure(frame, 'Training loss');
    const same = new RegExp(`step ${step} · loss ${loss.replace('.', '\\.')} nats/token`);
    await waitForStatusBar(page, 'training', same);
  });

  it('is brought back by a click on the status bar, whole, after the panel was closed', async () => {
    const { page } = vscode;
    const before = await panelFrame(page, '.plot canvas');
    const step = await figure(before, 'Step');
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
    await statusBarItem(page, 'training').click();
    const after = await panelFrame(page, '.phase[data-phase="stopped"]');
    assert.equal(await figure(after, 'Step'), step);
    await until('the curve is drawn', async () => (await inkOf(after)) > 500);
  });

  it('is whole after it was hidden by another editor', async () => {
    const { page } = vscode;
    const step = await figure(await panelFrame(page, '.plot canvas'), 'Step');
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click();
    await openFile(page, 'other.txt');
    await tab.and(page.locator(':not(.active)')).waitFor();
    await tab.click();
    const frame = await panelFrame(page, '.phase[data-phase="stopped"]');
    assert.equal(await figure(frame, 'Step'), step);
    await until('the curve is drawn', async () => (await inkOf(frame)) > 500);
  });

  it('bothers with no notification, and breaks no rule of its page', async () => {
    assert.deepEqual(await notifications(vscode.page), []);
    const broken = vscode
      .consoleLines()
      .filter((line) =>
        /Content Security Policy|dist\/webview|^uncaught|rnn-lab.*(error|failed)/i.test(line),
      );
    assert.deepEqual(broken, []);
  });

  describe('in a window that is reloaded meanwhile', () => {
    it('brings the panel back with its history, tab, unit and axes', async () => {
      const { page } = vscode;
      await runCommand(page, 'RNN Lab: Continue training');
      const before = await panelFrame(page, '.phase[data-phase="training"]');
      await chooseOption(before, 'loss-unit', 'bits/character');
      await chooseOption(before, 'loss-axis', 'over time');
      await before.locator('#loss-logLoss').click();
      await openTab(before, 'gradients');
      const looks = before.locator('.gradients .range');
      await looks.press('Home');
      const first = await looks.getAttribute('aria-valuetext');
      await before.evaluate(() => window.scrollTo(0, 400));
      const [, step] = await waitForStatusBar(page, 'training', statusNumbers);
      const loaded = page.waitForEvent('load');
      await runCommand(page, 'Developer: Reload Window');
      await loaded;
      await page.locator('.monaco-workbench .statusbar').waitFor();

      const frame = await panelFrame(page, '.tabs');
      await frame.locator('.phase:not([data-phase="elsewhere"])').waitFor();
      await frame.locator('#tab-gradients[aria-selected="true"]').waitFor();
      const again = frame.locator('.gradients .range');
      await until('the step is chosen', async () => {
        return (await again.getAttribute('aria-valuetext')) === first;
      });
      await frame.waitForFunction(() => Math.abs(window.scrollY - 400) <= 1);
      const phase = await frame.locator('.phase').getAttribute('data-phase');
      assert.ok(phase === 'stopped' || phase === 'interrupted', String(phase));
      assert.ok(numberOf(await figure(frame, 'Step')) >= numberOf(step));
      await openTab(frame, 'loss');
      await until('the curve is drawn', async () => (await inkOf(frame)) > 500);
      await lossPlot(frame).press('End');
      assert.match((await lossPlot(frame).getAttribute('aria-valuetext')) ?? '', /^time \d+:\d\d/);
      assert.match((await frame.locator('#loss-chart-help').textContent()) ?? '', /log₂ C/);
      assert.equal(await frame.locator('#loss-logLoss').getAttribute('aria-checked'), 'true');
    });

    it('continues where it was', async () => {
      const { page } = vscode;
      const [, before] = await waitForStatusBar(page, 'training', statusNumbers);
      await runCommand(page, 'RNN Lab: Continue training');
      const frame = await panelFrame(page, '.phase[data-phase="training"]');
      await until(
        'it goes on',
        async () => numberOf(await figure(frame, 'Step')) > numberOf(before),
      );
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
});
