import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import {
  defaultStyle,
  recordThemes,
  themeVariables,
  usedVariables,
  type Variables,
} from '../panel/support/themes';
import {
  answerInput,
  notification,
  openFile,
  panelFrame,
  runCommand,
  screenshot,
  trainInFront,
} from './support/actions';
import { restless } from '../noise';
import { chooseTheme, openTab, pixelsOfColor, smallModel, themes } from './support/panel';
import { useVSCode } from './support/vscode';

/** The colours of the two lines of the loss, with the least number of their pixels. */
const lines = { '--vscode-charts-blue': 50, '--vscode-charts-yellow': 20 };

/** So many looks that all their columns together are more than VS Code sends one by one. */
const looks = 30;

/** What is the editor's part of the panel; all that its page does is tested in test/panel. */
describe('the panel in VS Code', () => {
  // Without a file in the address: VS Code then restores what was open.
  const vscode = useVSCode({
    files: { 'times.txt': restless('It was the best of times, it was the worst of times:', 200) },
    settings: {
      ...smallModel,
      'rnnLab.model.cell': 'lstm',
      'rnnLab.model.hidden': 16,
      // Looks take a share of the time: of a tiny model there are many.
      'rnnLab.inspection.observeEvery': 0.01,
      'rnnLab.inspection.observeWindow': 8,
    },
  });
  let frame: Frame;

  before(async () => {
    const { page } = vscode;
    await openFile(page, 'times.txt');
    await trainInFront(page);
    frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'gradients');
    await frame.waitForFunction(
      (enough) =>
        Number(document.querySelector<HTMLInputElement>('#view-gradients input')?.max) >= enough,
      looks,
    );
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  /** The rows of a table below a picture of the view of gradients. */
  async function tableOf(title: string): Promise<string[]> {
    const details = frame.locator('details', { hasText: `“${title}” as a table` });
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    await details.locator('tbody tr').first().waitFor();
    return details.locator('tr').allInnerTexts();
  }

  async function tables(): Promise<string[][]> {
    await openTab(frame, 'gradients');
    const all: string[][] = [];
    const titles = ['Gradient through time', 'Vanishing and exploding', 'Update-to-weight ratio'];
    for (const title of titles) all.push(await tableOf(title));
    return all;
  }

  it('has every look at the gradients when it is opened again', async () => {
    const { page } = vscode;
    const shown = await tables();
    assert.ok(shown[1]!.length > looks, `${shown[1]!.length} looks`);
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
    await runCommand(page, 'RNN Lab: Show panel');
    frame = await panelFrame(page, '#tab-gradients');
    assert.deepEqual(await tables(), shown);
  });

  it('saves a picture where its dialog is told to', async () => {
    const { page, workspace } = vscode;
    await openTab(frame, 'loss');
    await frame.locator('#view-loss .save-menu').getByRole('button').first().press('Enter');
    await frame.locator('#view-loss [data-format="png"]').first().click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget input')].some((box) =>
        box.value.endsWith('times.txt loss.png'),
      ),
    );
    const file = path.join(workspace, 'loss.png');
    await answerInput(page, file);
    await notification(page, /Saved loss\.png\./);
    const png = fs.readFileSync(file);
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  describe('in its themes', () => {
    const seen: Record<string, Variables> = {};
    let style = '';

    for (const theme of themes) {
      it(`is drawn in the colours of ${theme.name}`, async () => {
        style = (await frame.locator('#_defaultStyles').textContent()) ?? '';
        await chooseTheme(vscode.data, frame, theme);
        // The chart is drawn again in the frame after the change.
        await frame.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        for (const [name, least] of Object.entries(lines)) {
          const pixels = await pixelsOfColor(frame, `var(${name})`);
          assert.ok(pixels > least, `${pixels} pixels of ${name}`);
        }
        await screenshot(vscode.page, `panel-${theme.kind}`);
        seen[theme.kind] = await frame.evaluate((names) => {
          const { style } = document.documentElement;
          const values = names.map((name) => [name, style.getPropertyValue(name).trim()]);
          return Object.fromEntries(values.filter(([, value]) => value !== '')) as Variables;
        }, usedVariables(style));
      });
    }

    it('has what the tests of its page take for VS Code’s', () => {
      if (process.env['RNN_LAB_RECORD'] === '1') recordThemes(seen, style);
      assert.deepEqual(seen, themeVariables(), 'Record them with RNN_LAB_RECORD=1.');
      assert.equal(style, defaultStyle());
    });
  });

  it('breaks no rule of its page', () => {
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});
