import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import {
  goTo,
  openFile,
  panelFrame,
  runCommand,
  trainInFront,
  waitForStatusBar,
} from './support/actions';
import { inspectRun, newestRun } from './support/inspection';
import { openTab, smallModel } from './support/panel';
import { opacities } from './support/shades';
import { fewWords, randomLines } from './support/texts';
import { useVSCode } from './support/vscode';

const { loss, percent } = formatFor('en');

const lines = randomLines(fewWords, 400, 8);
const text = `${lines.join('\n')}\n`;
/** Characters of one and two units, and a tab. */
const wide = '😀 né\t日本 x\r\n';

/** What is the editor's part of that view; all that its page shows is tested in test/panel. */
describe('the cursor of VS Code, and the view of the text at the cursor', () => {
  const vscode = useVSCode({
    files: {
      'times.txt': text,
      'other.txt': 'the age of the worst of times, zebra\n',
      'wide.txt': wide,
    },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.model.cell': 'lstm', 'rnnLab.model.hidden': 24 },
  });
  let frame: Frame;

  /** Waits until the view tells of a place of the text. */
  async function isAt(place: string): Promise<void> {
    await frame.locator('.cursor-head strong').getByText(place, { exact: true }).waitFor();
  }

  before(async () => {
    const { page } = vscode;
    await trainInFront(page);
    frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'cursor');
    await isAt('times.txt, line 1, column 1');
  });

  it('goes with it while the model is trained', async () => {
    await goTo(vscode.page, '3:9');
    await isAt('times.txt, line 3, column 9');
    const told = (await frame.locator('.cursor-told').first().textContent()) ?? '';
    assert.match(told, /^Next comes \S+: E = [\d.]+(E-\d+)? nats \(p = /);
  });

  it('tells what the engine tells, and shades what that depends on', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    await waitForStatusBar(page, 'training', /^(?!.*tokens\/s)/);
    await goTo(vscode.page, '5:12');
    await isAt('times.txt, line 5, column 12');
    const before = [...lines.slice(0, 4), lines[4]!.slice(0, 12)].join('\n');
    const engine = (await inspectRun(newestRun(vscode.data), before)).at(-1)!;
    await frame
      .locator('.cursor-told')
      .getByText(`E = ${loss(engine.loss!)} nats (p = ${percent(engine.probability!)})`)
      .waitFor();
    await page.locator('.view-overlays .cdr[class*="ced-"]').first().waitFor();
    const shades = await opacities(page, '229, 20, 0');
    // The strongest of all is as opaque as it gets; what comes after the predicted token is bare.
    assert.ok(Math.abs(Math.max(...shades.flat()) - 0.6) < 2e-3);
    assert.deepEqual(new Set([...shades[4]!.slice(12), ...shades.slice(5).flat()]), new Set([0]));
  });

  it('selects the token of a column, and stays where it looked', async () => {
    const { page } = vscode;
    const cells = frame.locator('#view-cursor .heatmap-cells');
    await cells.press('End');
    await page.keyboard.press('Enter');
    await runCommand(page, 'View: Focus First Editor Group');
    await page.getByText('Ln 5, Col 12 (1 selected)').first().waitFor();
    await isAt('times.txt, line 5, column 12');
  });

  it('colours the text by the unit of a cell', async () => {
    const { page } = vscode;
    await frame.locator('#view-cursor .heatmap-cells').focus();
    for (const key of ['Control+Home', 'ArrowDown', 'ArrowDown', 'u']) {
      await page.keyboard.press(key);
    }
    const legend = page.locator('.statusbar-item', { hasText: 'h, unit 3' });
    await legend.first().waitFor();
    await runCommand(page, 'RNN Lab: Neuron lens…');
    await legend.first().waitFor({ state: 'hidden' });
  });

  it('follows what is typed, and reads other texts', async () => {
    const { page } = vscode;
    // So that it does not open where the panel is.
    await goTo(vscode.page, '1:1');
    await openFile(page, 'other.txt');
    await goTo(vscode.page, '1:5');
    await isAt('other.txt, line 1, column 5');
    await page.keyboard.type('best ');
    await isAt('other.txt, line 1, column 10');
    const told = (await frame.locator('.cursor-told').first().textContent()) ?? '';
    assert.match(told, /^Next comes a:/);
  });

  it('counts columns as VS Code does', async () => {
    const { page } = vscode;
    await openFile(page, 'wide.txt');
    await goTo(page, '1:1');
    for (const column of [1, 2, 3, 4, 5, 9, 10, 11]) {
      await page.getByText(`Ln 1, Col ${column}`, { exact: true }).first().waitFor();
      await isAt(`wide.txt, line 1, column ${column}`);
      await page.keyboard.press('ArrowRight');
    }
  });
});
