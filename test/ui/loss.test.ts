import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import {
  notifications,
  openFile,
  panelFrame,
  runCommand,
  screenshot,
  waitForStatusBar,
} from './support/actions';
import {
  chooseTheme,
  extensionLoaded,
  figure,
  lossPlot,
  numberOf,
  openTab,
  pixelsOfColor,
  smallModel,
  themes,
} from './support/panel';
import { useVSCode } from './support/vscode';

const text = 'To be, or not to be, that is the question.\n'.repeat(300);

/** Entropies of a text's characters, nats: alone, and given the one before. */
function entropies(of: string): { unigram: number; bigram: number } {
  const singles = countsOf(Array.from(of));
  const pairs = countsOf(Array.from({ length: of.length - 1 }, (_, i) => of.slice(i, i + 2)));
  const heads = countsOf(Array.from(of.slice(0, -1)));
  const entropy = (counts: Map<string, number>) => {
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return -[...counts.values()].reduce((sum, n) => sum + (n / all) * Math.log(n / all), 0);
  };
  return { unigram: entropy(singles), bigram: entropy(pairs) - entropy(heads) };
}

function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

describe('the view of the loss', () => {
  const vscode = useVSCode({
    files: { 'hamlet.txt': text },
    settings: { ...smallModel, 'rnnLab.data.validation': 0.1 },
  });
  let frame: Frame;

  /** What the plot says at a place: `Home`, `End`. */
  async function spokenAt(key: string): Promise<string> {
    await lossPlot(frame).focus();
    await vscode.page.keyboard.press(key);
    return (await lossPlot(frame).getAttribute('aria-valuetext')) ?? '';
  }

  async function choose(list: string, option: string): Promise<void> {
    await frame.locator(`#${list}`).click();
    await frame.locator(`#${list} vscode-option`).getByText(option, { exact: true }).click();
  }

  /** Saves the loss with the dialog's proposal in the workspace; the file's bytes. */
  async function save(format: string): Promise<Buffer> {
    const { page } = vscode;
    const file = path.join(vscode.workspace, `loss.${format}`);
    const button = frame.locator('#view-loss .save-menu vscode-button').first();
    await button.focus();
    await page.keyboard.press('Enter');
    await frame.locator(`#view-loss [data-format="${format}"]`).first().click();
    const input = page.locator('.quick-input-widget:visible input[type="text"]');
    await input.waitFor();
    const proposed = new RegExp(`hamlet\\.txt loss\\.${format}$`);
    while (!proposed.test(await input.inputValue())) await page.waitForTimeout(50);
    await input.fill(file);
    await page.keyboard.press('Enter');
    const deadline = Date.now() + 30_000;
    while (!fs.existsSync(file) && Date.now() < deadline) await page.waitForTimeout(50);
    await page.getByText(`Saved loss.${format}.`).first().waitFor();
    await runCommand(page, 'Notifications: Clear All Notifications');
    return fs.readFileSync(file);
  }

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await openFile(page, 'hamlet.txt');
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    frame = await panelFrame(page, '.plot canvas');
    await frame.getByText(/at step/).waitFor();
  });

  it('sets the learning rate of the training', async () => {
    const field = frame.locator('#rate input');
    await field.fill('0.00125');
    await field.press('Enter');
    await frame.getByText('set by hand').waitFor();
    await frame.locator('#view-loss').waitFor();
    await assertRate('0.00125');
    await frame.locator('vscode-button[title="Double the learning rate"]').click();
    await assertRate('0.0025');
    await frame.locator('vscode-button[aria-label="Back to the schedule"]').click();
    await frame.getByText('as scheduled').waitFor();
    await field.fill('-1');
    await field.press('Enter');
    await frame.getByText('Type a number above 0').waitFor();
    await field.press('Escape');
    assert.equal(await frame.getByText('Type a number above 0').count(), 0);
  });

  /** Waits until a row of metrics, which comes from the engine, has a learning rate. */
  async function assertRate(rate: string): Promise<void> {
    await frame.waitForFunction(
      (wanted) =>
        document
          .querySelector('#view-loss .rate-chart .plot')
          ?.getAttribute('aria-valuetext')
          ?.endsWith(`learning rate ${wanted}`),
      rate,
    );
  }

  it('draws nothing that is behind another tab', async () => {
    await frame.evaluate(() => {
      const counter = window as unknown as { drawn: number };
      counter.drawn = 0;
      const plain = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        if (this.canvas.closest('#view-loss')) counter.drawn++;
        plain.apply(this, box);
      };
    });
    const drawn = () => frame.evaluate(() => (window as unknown as { drawn: number }).drawn);
    const stepOn = async () => {
      const before = numberOf(await figure(frame, 'Step'));
      while (numberOf(await figure(frame, 'Step')) < before + 20) {
        await vscode.page.waitForTimeout(50);
      }
    };
    await stepOn();
    assert.ok((await drawn()) > 0);
    await openTab(frame, 'model');
    await vscode.page.waitForTimeout(100);
    const before = await drawn();
    await stepOn();
    assert.equal(await drawn(), before);
    await openTab(frame, 'loss');
  });

  it('shows the entropies of the text, in every unit', async () => {
    await runCommand(vscode.page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    const { unigram, bigram } = entropies(text);
    const help = async () => (await frame.locator('#loss-chart-help').textContent()) ?? '';
    const told = (await help()).matchAll(/(ln C|unigram entropy|bigram entropy) (\d\.\d{3})/g);
    const values = new Map([...told].map(([, name, value]) => [name!, Number(value)]));
    assert.ok(Math.abs(values.get('ln C')! - Math.log(new Set(text).size)) < 0.001);
    // The part that is trained on is nine tenths of the same sentence over and over.
    assert.ok(Math.abs(values.get('unigram entropy')! - unigram) < 0.01);
    assert.ok(Math.abs(values.get('bigram entropy')! - bigram) < 0.01);
    const loss = Number(await figure(frame, 'Training loss'));

    await choose('loss-unit', 'bits/character');
    const bits = Number(/training (\d+\.\d+)/.exec(await spokenAt('End'))?.[1]);
    assert.ok(Math.abs(bits - loss / Math.LN2) < 0.002, `${bits} of ${loss}`);
    const uniform = Number(/log₂ C (\d+\.\d+)/.exec(await help())?.[1]);
    assert.ok(Math.abs(uniform - Math.log2(new Set(text).size)) < 0.001);

    await choose('loss-unit', 'perplexity');
    const perplexity = Number(/training (\d+\.?\d*)/.exec(await spokenAt('End'))?.[1]);
    assert.ok(Math.abs(perplexity / Math.exp(loss) - 1) < 0.01, `${perplexity} of ${loss}`);
    await choose('loss-unit', 'nats/token');
  });

  it('is drawn over steps and over time', async () => {
    assert.match(await spokenAt('End'), /^step [\d,]+, training .*, time \d+:\d\d/);
    await choose('loss-axis', 'over time');
    const spoken = await spokenAt('End');
    assert.match(spoken, /^time \d+:\d\d, training .*, step [\d,]+/);
    assert.equal(/, step ([\d,]*\d)/.exec(spoken)?.[1], await figure(frame, 'Step'));
    await choose('loss-axis', 'over steps');
  });

  it('zooms by keyboard and by pointer, and back', async () => {
    const { page } = vscode;
    const plot = lossPlot(frame);
    const reset = frame.locator('#view-loss .reset').first();
    const end = Number(await plot.getAttribute('aria-valuemax'));
    await spokenAt('End');
    await page.keyboard.press('+');
    await reset.waitFor();
    await page.keyboard.press('ArrowLeft');
    assert.ok(Number(await plot.getAttribute('aria-valuemin')) > end / 3);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await reset.waitFor({ state: 'hidden' });

    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await reset.waitFor();
    await spokenAt('Home');
    assert.ok(Number(await plot.getAttribute('aria-valuemax')) < end * 0.7);
    await page.keyboard.press('Escape');
    await reset.click();
    await reset.waitFor({ state: 'hidden' });
  });

  it('hides a line by its name in the legend', async () => {
    const blue = () => pixelsOfColor(frame, 'var(--vscode-charts-blue)');
    const training = frame.locator('#view-loss .legend button', { hasText: 'training' });
    assert.ok((await blue()) > 50);
    await training.focus();
    await vscode.page.keyboard.press('Enter');
    assert.equal(await training.getAttribute('aria-pressed'), 'false');
    assert.equal(await blue(), 0);
    await vscode.page.keyboard.press('Enter');
    assert.ok((await blue()) > 50);
  });

  it('is saved as PNG, SVG and CSV', async () => {
    const png = await save('png');
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const width = await lossPlot(frame).evaluate((plot) => plot.clientWidth);
    assert.equal(png.readUInt32BE(16), 2 * Math.max(480, width));

    const svg = (await save('svg')).toString('utf8');
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(svg, /unigram entropy \d\.\d{3}/);
    assert.ok((svg.match(/<path /g) ?? []).length >= 4);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined|color\(/);

    const csv = (await save('csv')).toString('utf8').replace(/^\uFEFF/, '');
    const [header, ...rows] = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    assert.deepEqual(header!.slice(0, 5), [
      'run',
      'step',
      'epoch',
      'seconds',
      'training (nats/token)',
    ]);
    const trained = rows.filter((row) => row[4] !== '');
    assert.equal(Number(trained.at(-1)![1]), numberOf(await figure(frame, 'Step')));
    assert.equal(Number(trained.at(-1)![4]).toFixed(3), await figure(frame, 'Training loss'));
    const best = Math.min(...rows.filter((row) => row[7] !== '').map((row) => Number(row[7])));
    assert.equal(best.toFixed(3), await figure(frame, 'Best validation loss'));
  });

  it('looks right in every theme, and narrow', async function () {
    this.timeout(120_000);
    const { page } = vscode;
    await lossPlot(frame).hover();
    for (const theme of themes) {
      await chooseTheme(vscode.data, frame, theme);
      await frame.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      assert.ok((await pixelsOfColor(frame, 'var(--vscode-charts-blue)')) > 50, theme.name);
      await screenshot(page, `loss-${theme.kind}`);
    }
    const overflow = await frame.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0);
  });

  it('keeps its tab, unit and axes when the window is reloaded', async function () {
    this.timeout(120_000);
    const { page } = vscode;
    await choose('loss-unit', 'bits/character');
    await choose('loss-axis', 'over time');
    await frame.locator('#loss-logLoss').click();
    await openTab(frame, 'model');
    await runCommand(page, 'Developer: Reload Window');
    await page.waitForEvent('load');
    frame = await panelFrame(page, '.tabs');
    await frame.locator('#tab-model[aria-selected="true"]').waitFor();
    await openTab(frame, 'loss');
    assert.match(await spokenAt('End'), /^time \d+:\d\d/);
    assert.match((await frame.locator('#loss-chart-help').textContent()) ?? '', /log₂ C/);
    assert.equal(await frame.locator('#loss-logLoss').getAttribute('aria-checked'), 'true');
  });

  it('told nothing that went wrong', async () => {
    assert.deepEqual(await notifications(vscode.page), []);
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});
