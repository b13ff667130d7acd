import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import { panelFrame, runCommand, screenshot, trainInFront } from './support/actions';
import { inspectRun, newestRun } from './support/inspection';
import { chooseTheme, numberOf, openTab, smallModel, themes } from './support/panel';
import { useVSCode } from './support/vscode';

const { percent } = formatFor('en');
const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);
/** As the view reads before the tokens that it shows. */
const context = 128;

describe('the view of the model', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text },
    open: 'times.txt',
    settings: {
      ...smallModel,
      'rnnLab.model.cell': 'lstm',
      'rnnLab.model.hidden': 20,
      'rnnLab.model.layers': 2,
    },
  });
  let frame: Frame;

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await trainInFront(page);
    frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'model');
  });

  it('has the equations as mathematics beside their source, with sizes', async () => {
    const equations = frame.locator('.equation');
    const sources = await equations.locator('.equation-source').allTextContents();
    assert.equal(sources.length, 7);
    assert.equal(sources[0], 'i[t] = sigmoid(Wi x[t] + Ri h[t-1] + bi)');
    assert.match(sources[6]!, /^y\[t\] = softmax\(V h\[t\] \+ c\)$/);
    const mathematics = await equations.locator('math').allTextContents();
    // Function application stands for itself in MathML, and is not seen.
    assert.equal(mathematics[5]!.replaceAll('\u2061', ''), 'ht=ot⊙tanh(ct)');
    const isTall = await equations
      .locator('math')
      .evaluateAll((all) => all.every((math) => math.getBoundingClientRect().height > 10));
    assert.ok(isTall);
    const vocabulary = new Set(text).size;
    const sizes = (await equations.first().locator('.equation-sizes').textContent()) ?? '';
    assert.ok(sizes.includes(`Wi 20 × ${String(vocabulary)}, from layer 2 20 × 20`), sizes);
  });

  it('counts the parameters', async () => {
    const run = newestRun(vscode.data);
    const kept = fs.readFileSync(path.join(run, 'run.json'), 'utf8');
    const total = await frame.locator('.parameters tfoot .number').last().textContent();
    const vocabulary = new Set(text).size;
    const layer = (input: number) => 4 * (20 * input + 20 * 20 + 20);
    const all = layer(vocabulary) + layer(20) + vocabulary * 20 + vocabulary;
    assert.equal(numberOf(total ?? ''), all);
    assert.ok(kept.includes(String(all)));
    const rows = await frame
      .locator('.parameters tbody tr')
      .evaluateAll((found) =>
        found.map((row) => [...row.children].map((cell) => cell.textContent)),
      );
    assert.equal(rows.length, 26);
    const counted = rows.reduce((sum, row) => sum + numberOf(row[3]), 0);
    assert.equal(counted, all);
    assert.deepEqual(rows[1]?.toSpliced(4, 1), ['Ri', 'layer 1', '20 × 20', '400', 'h[t-1]']);
  });

  it('draws the network over the text, and says what the engine says', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    const start = Math.floor(text.length * 0.9);
    const read = await inspectRun(newestRun(vscode.data), text.slice(start - context, start + 40));
    const figure = frame.locator('[aria-labelledby="model-unrolled-title"]');
    const wanted = (count: number) =>
      read.slice(context, context + count).map(({ token, top }, i) => {
        const next = read[context + i + 1]!;
        const [best] = top;
        return [
          ...[token, best!.token, percent(best!.probability)],
          ...[next.token, percent(next.probability!)],
        ];
      });
    // The last answer during training may still be there: the table is asked until it has the checkpoint's.
    const summary = figure.locator('details.table summary');
    let rows: string[][] = [];
    for (let i = 0; i < 100; i++) {
      await summary.click();
      // A table is filled once it is open.
      await figure.locator('tbody tr').nth(2).waitFor();
      rows = await figure
        .locator('tbody tr')
        .evaluateAll((found) =>
          found.map((row) => [...row.children].map((cell) => cell.textContent)),
        );
      await summary.click();
      if (JSON.stringify(rows) === JSON.stringify(wanted(rows.length))) break;
      await page.waitForTimeout(100);
    }
    assert.ok(rows.length >= 3);
    assert.deepEqual(rows, wanted(rows.length));

    const drawing = figure.locator('.unrolled[role="img"]');
    const spoken = (await drawing.getAttribute('aria-label')) ?? '';
    const tokens = rows.map(([token]) => token).join(' ');
    assert.ok(spoken.includes(`over ${String(rows.length)} tokens: ${tokens}.`), spoken);
    const written = await drawing.locator('svg text').allTextContents();
    // The letters of the cell on the arrows.
    for (const name of ['W∗', 'R∗', 'c', 'V']) {
      assert.ok(written.includes(name), `${name} is not in ${written.join(' ')}`);
    }
    // A square of units for each layer at each step.
    assert.equal(await drawing.locator('svg image').count(), 2 * rows.length);
  });

  it('fits a narrow panel and a wide one', async () => {
    const { page } = vscode;
    const count = async () => frame.locator('.unrolled svg image').count();
    const before = await count();
    await page.setViewportSize({ width: 2400, height: 1000 });
    await frame.waitForFunction(
      (few) => document.querySelectorAll('.unrolled svg image').length > few,
      before,
    );
    const wide = await count();
    await page.setViewportSize({ width: 1000, height: 800 });
    await frame.waitForFunction(
      (many) => document.querySelectorAll('.unrolled svg image').length < many,
      wide,
    );
    const fits = await frame.evaluate(
      () => document.documentElement.scrollWidth <= window.innerWidth,
    );
    assert.ok(fits);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is drawn in every theme', async () => {
    const seen = new Set<string>();
    for (const theme of themes) {
      await chooseTheme(vscode.data, frame, theme);
      await frame.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const svg = await frame.locator('.unrolled svg').evaluate((element) => element.outerHTML);
      seen.add(svg);
      await screenshot(vscode.page, `model-${theme.kind}`);
    }
    assert.equal(seen.size, themes.length);
  });

  it('breaks no rule of its page', () => {
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});
