import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import {
  goTo,
  openFile,
  panelFrame,
  runCommand,
  screenshot,
  trainInFront,
  waitForStatusBar,
} from './support/actions';
import { inspectRun, newestRun, type InspectedToken } from './support/inspection';
import { chooseTheme, numberOf, openTab, smallModel, themes } from './support/panel';
import { fewWords, randomLines } from './support/texts';
import { useVSCode } from './support/vscode';

const { count, loss, percent } = formatFor('en');

const lines = randomLines(fewWords, 400, 8);
const text = `${lines.join('\n')}\n`;

/** Steps at which a training was looked at. */
function observedSteps(run: string): number[] {
  const text = fs.readFileSync(path.join(run, 'observations.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly step: number }).step);
}

/** Waits until the view tells of the token that is predicted what the engine says of it. */
async function toldOf(frame: Frame, { loss: nats, probability }: InspectedToken): Promise<void> {
  await frame
    .locator('.cursor-told')
    .getByText(`E = ${loss(nats!)} nats (p = ${percent(probability!)})`)
    .waitFor();
}

describe('the view of the text at the cursor', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text, 'other.txt': 'the age of the worst of times, zebra\n' },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.model.cell': 'lstm', 'rnnLab.model.hidden': 24 },
  });
  let frame: Frame;

  /** Waits until the view tells of a place of the text. */
  async function isAt(place: string): Promise<void> {
    await frame.locator('.cursor-head strong').getByText(place, { exact: true }).waitFor();
  }

  async function told(): Promise<string> {
    return (await frame.locator('.cursor-told').first().textContent()) ?? '';
  }

  /** What the engine makes of the token at a place: the model reads the text from its beginning. */
  async function engineAt(line: number, column: number): Promise<InspectedToken> {
    const before = [...lines.slice(0, line - 1), ''].join('\n') + lines[line - 1]!.slice(0, column);
    const tokens = await inspectRun(newestRun(vscode.data), before);
    return tokens.at(-1)!;
  }

  /** The chart of gradients by lag as a table. */
  function lagTable(): Locator {
    return frame.locator('.cursor-charts details', { hasText: 'through time” as a table' });
  }

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await trainInFront(page);
    frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'cursor');
    await isAt('times.txt, line 1, column 1');
  });

  it('follows the cursor while the model is trained', async () => {
    await goTo(vscode.page, '3:9');
    await isAt('times.txt, line 3, column 9');
    assert.match(await told(), /^\S+ is what comes: E = \d\.\d{3} nats \(p = /);
  });

  it('tells the loss, the probability and the candidates that the engine tells', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    await waitForStatusBar(page, 'training', /^(?!.*tokens\/s)/);
    await goTo(vscode.page, '5:12');
    await isAt('times.txt, line 5, column 12');
    const engine = await engineAt(5, 12);
    await toldOf(frame, engine);
    const before = await engineAt(5, 11);
    const shown = await frame.locator('.hidden-probability').allTextContents();
    assert.deepEqual(
      shown.slice(0, before.top.length),
      before.top.map(({ probability }) => percent(probability)),
    );
  });

  it('has a lag for every token that was read, and a memory', async () => {
    await frame
      .locator('.cursor-told')
      .getByText(/^Effective memory: /)
      .waitFor();
    await frame.locator('#cursor-lags-title').waitFor();
    const table = lagTable();
    await table.locator('summary').click();
    await table.locator('tbody tr').nth(20).waitFor();
    await table.locator('summary').click();
  });

  it('looks at what is selected, and no farther back, knowing all that comes before it', async () => {
    const { page } = vscode;
    await goTo(page, '5:4');
    for (let i = 0; i < 9; i++) await page.keyboard.press('Shift+ArrowRight');
    await isAt('times.txt, line 5, column 13');
    const engine = await engineAt(5, 13);
    await toldOf(frame, engine);
    const table = lagTable();
    await table.locator('summary').click();
    const rows = table.locator('tbody tr');
    await rows.nth(9).waitFor({ state: 'detached' });
    assert.equal(await rows.count(), 9);
    await table.locator('summary').click();
    await goTo(page, '5:12');
    await isAt('times.txt, line 5, column 12');
  });

  it('selects the token of a column, and stays where it looked', async () => {
    const { page } = vscode;
    const cells = frame.locator('#view-cursor .heatmap-cells');
    await cells.focus();
    await page.keyboard.press('End');
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

  it('shades the text by what the loss at the cursor depends on', async () => {
    const { page } = vscode;
    const shaded = page.locator('.view-overlays .cdr[class*="ced-"]');
    await shaded.first().waitFor();
    assert.ok((await shaded.count()) >= 1);
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
    assert.match(await told(), /^a is what comes/);
  });

  it('stays at a place that is pinned', async () => {
    const { page } = vscode;
    await frame.locator('#cursor-pin').click();
    await goTo(vscode.page, '1:1');
    await page.waitForTimeout(500);
    await isAt('other.txt, line 1, column 10');
    await frame.locator('#cursor-pin').click();
    await isAt('other.txt, line 1, column 1');
    // Where nothing comes before, nothing is shown of another place.
    await frame
      .locator('.cursor-told')
      .getByText('Nothing before the cursor to predict from.')
      .waitFor();
    assert.equal(await frame.locator('#view-cursor .heatmap').isVisible(), false);
  });

  it('looks at the model as it was at an earlier step, as the engine has kept it', async () => {
    const { page } = vscode;
    await goTo(vscode.page, '1:1');
    await openFile(page, 'times.txt');
    await goTo(vscode.page, '5:12');
    await isAt('times.txt, line 5, column 12');
    const now = await told();
    const slider = frame.locator('#travel');
    await slider.focus();
    await page.keyboard.press('Home');
    await frame
      .locator('.travel output')
      .getByText(/^step [\d,]+$/)
      .waitFor();
    const step = numberOf(/step ([\d,]+)/.exec(await frame.locator('.travel').innerText())?.[1]);
    const before = [...lines.slice(0, 4), ''].join('\n') + lines[4]!.slice(0, 12);
    const tokens = await inspectRun(newestRun(vscode.data), before, step);
    await toldOf(frame, tokens.at(-1)!);
    // The gradients are those of the look that is nearest.
    await frame.locator('#tab-gradients').click();
    const looks = observedSteps(newestRun(vscode.data));
    const [nearest] = looks.sort((a, b) => Math.abs(a - step) - Math.abs(b - step));
    const shown = frame.locator('.gradients .steps output');
    await shown.getByText(new RegExp(`\\b${count(nearest!)}\\b`)).waitFor();
    await frame.locator('#tab-cursor').click();
    await slider.focus();
    await page.keyboard.press('End');
    await frame.locator('.cursor-told').getByText(now, { exact: true }).waitFor();
  });

  it('is legible in every theme', async () => {
    const { page, data } = vscode;
    await goTo(vscode.page, '1:1');
    await openFile(page, 'times.txt');
    await goTo(vscode.page, '20:14');
    await isAt('times.txt, line 20, column 14');
    for (const theme of themes) {
      await chooseTheme(data, frame, theme);
      await screenshot(page, `cursor-${theme.kind}`);
    }
  });
});

describe('the view of a text of bytes at the cursor', () => {
  const words = randomLines(['😀', 'né', '\tx', '日本'], 300, 4);
  const vscode = useVSCode({
    files: { 'faces.txt': `${words.join('\r\n')}\r\n` },
    open: 'faces.txt',
    settings: { ...smallModel, 'rnnLab.data.tokenizer': 'byte' },
  });

  it('tells of the bytes of a character, and selects it whole', async () => {
    const { page } = vscode;
    await trainInFront(page);
    const frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'cursor');
    await runCommand(page, 'RNN Lab: Stop training');
    await waitForStatusBar(page, 'training', /^(?!.*tokens\/s)/);
    const columns = { '😀': 2, né: 3, '\tx': 6, 日本: 3 };
    for (const [word, column] of Object.entries(columns)) {
      const line = words.findIndex((each) => each.startsWith(`${word} `));
      await goTo(page, String(line + 1));
      for (let i = 0; i < Array.from(word).length; i++) await page.keyboard.press('ArrowRight');
      const place = `faces.txt, line ${String(line + 1)}, column ${String(column)}`;
      await frame.locator('.cursor-head strong').getByText(place, { exact: true }).waitFor();
      const before = `${[...words.slice(0, line), word].join('\n')} `;
      const tokens = await inspectRun(newestRun(vscode.data), before);
      await toldOf(frame, tokens.at(-1)!);
      await frame.locator('#view-cursor .heatmap-cells').focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await runCommand(page, 'View: Focus First Editor Group');
      await page
        .getByText(`Ln ${String(line + 1)}, Col ${String(column)} (1 selected)`)
        .first()
        .waitFor();
    }
  });
});
