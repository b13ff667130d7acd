import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { panelFrame, runCommand, waitForStatusBar } from './support/actions';
import { extensionLoaded, openTab, smallModel } from './support/panel';
import { useVSCode } from './support/vscode';

/** So many looks that all their columns together are more than VS Code sends one by one. */
const looks = 30;

describe('a panel that is opened again', () => {
  const vscode = useVSCode({
    files: { 'times.txt': 'It was the best of times, it was the worst of times.\n'.repeat(200) },
    open: 'times.txt',
    settings: {
      ...smallModel,
      'rnnLab.model.cell': 'lstm',
      'rnnLab.model.hidden': 16,
      // Looks take a share of the time: of a tiny model there are many.
      'rnnLab.inspection.observeEvery': 0.01,
      'rnnLab.inspection.observeWindow': 8,
    },
  });

  /** The rows of a table below a picture of the view of gradients. */
  async function tableOf(frame: Frame, title: string): Promise<string[]> {
    const details = frame.locator('details', { hasText: `“${title}” as a table` });
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    await details.locator('tbody tr').first().waitFor();
    return details.locator('tr').allInnerTexts();
  }

  const titles = ['Gradient through time', 'Vanishing and exploding', 'Update-to-weight ratio'];

  async function tables(frame: Frame): Promise<string[][]> {
    await openTab(frame, 'gradients');
    const all: string[][] = [];
    for (const title of titles) all.push(await tableOf(frame, title));
    return all;
  }

  it('has every look at the gradients', async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    const before = await panelFrame(page, '.plot canvas');
    await openTab(before, 'gradients');
    await before.waitForFunction(
      (enough) =>
        Number(document.querySelector<HTMLInputElement>('#view-gradients input')?.max) >= enough,
      looks,
    );
    await runCommand(page, 'RNN Lab: Stop training');
    await before.locator('.phase[data-phase="stopped"]').waitFor();
    const shown = await tables(before);
    assert.ok(shown[1]!.length > looks, `${String(shown[1]!.length)} looks`);

    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
    await runCommand(page, 'RNN Lab: Show panel');
    const after = await panelFrame(page, '#tab-gradients');
    assert.deepEqual(await tables(after), shown);
  });
});
