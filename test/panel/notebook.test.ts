import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Browser, Locator } from 'playwright-core';
import { installServer, launchBrowser } from '../../scripts/vscode-server/index.mjs';
import { accessibilityViolations } from './support/axe';
import { tellScrolling, tellTasks, watchTasks } from './support/measure';
import { figureOf, openRenderer, type RendererPage } from './support/renderer';
import { themeKinds } from './support/themes';

describe('the pictures of a notebook with 1,000 configurations', () => {
  const figure = figureOf(1000);
  let browser: Browser;
  let shown: RendererPage;
  let rows: Locator;

  before(async function () {
    this.timeout(180_000);
    browser = await launchBrowser(await installServer());
    const context = await browser.newContext({
      viewport: { width: 1100, height: 900 },
      reducedMotion: 'reduce',
    });
    shown = await openRenderer(context);
    await shown.draw(figure);
    rows = shown.page.locator('.results tbody tr');
  });
  after(() => browser.close());

  const filter = () => shown.page.getByRole('searchbox', { name: 'Filter rows' });
  const parallel = () => shown.page.getByRole('slider', { name: /^Every configuration as a line/ });
  const losses = async () =>
    (await rows.locator('td.number:nth-child(4)').allTextContents()).map(Number.parseFloat);

  it('show the best first, and all rows when asked', async () => {
    assert.equal(await rows.count(), 50);
    const [best] = await losses();
    assert.equal(best, Math.min(...figure.rows.map(({ cells }) => Number(cells[0]!.text))));
    await shown.page.getByRole('button', { name: 'Show all 1000 rows' }).click();
    const all = await losses();
    assert.equal(all.length, 1000);
    assert.deepEqual(
      all,
      all.toSorted((a, b) => a - b),
    );
  });

  it('are filtered by values, comparisons and words, as their lines are', async () => {
    const { page } = shown;
    await filter().fill('gru hidden=64 validationLoss<2.2');
    const meant = figure.rows.filter(
      ({ values, cells }) => values[0] === 'gru' && values[1] === 64 && cells[0]!.mean! < 2.2,
    );
    assert.ok(meant.length > 10);
    assert.equal(await rows.count(), meant.length);
    await page.getByText(`${meant.length} of 1000 rows`).waitFor();
    await parallel().focus();
    await page.keyboard.press('End');
    assert.equal(await parallel().getAttribute('aria-valuemax'), String(meant.length - 1));
    // Of what all have in common there is no axis.
    const said = (await parallel().getAttribute('aria-valuetext')) ?? '';
    assert.match(said, /^learningRate [\d.e-]+, validationLoss [\d.]+, loss [\d.]+$/);
    const [, last] = /validationLoss ([\d.]+)/.exec(said) ?? [];
    assert.equal(Number(last), (await losses()).at(-1));
    await filter().fill('nothing like this');
    assert.equal(await rows.count(), 0);
    await filter().fill('');
    assert.equal(await rows.count(), 1000);
  });

  it('have columns to choose, and are copied as Markdown', async () => {
    const { page, posted } = shown;
    await filter().fill('vanilla hidden=256 learningRate<0.0002');
    await page.getByText('Columns', { exact: true }).click();
    for (const name of ['cell', 'loss', 'parameters']) {
      await page.getByRole('checkbox', { name, exact: true }).uncheck();
    }
    await page.getByText('Columns', { exact: true }).click();
    assert.deepEqual(
      (await page.locator('.results thead th').allTextContents()).map((text) => text.trim()),
      ['hidden', 'learningRate', 'validationLoss ↑'],
    );
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.waitForFunction(() => true);
    const copied = posted.find((message) => message.type === 'copy');
    const lines = copied?.text.split('\n') ?? [];
    assert.deepEqual(lines.slice(0, 2), [
      '| hidden | learningRate | validationLoss |  |',
      '| --- | --- | ---: | --- |',
    ]);
    assert.match(lines[2]!, /^\| 256 \| [\d.e-]+ \| 1\.\d{4} ± 0\.010 \| best \|$/);
    assert.equal(lines.length, (await rows.count()) + 3);
    await page.getByText('Columns', { exact: true }).click();
    for (const name of ['cell', 'loss', 'parameters']) {
      await page.getByRole('checkbox', { name, exact: true }).check();
    }
    await page.getByText('Columns', { exact: true }).click();
    await filter().fill('');
  });

  it('open a run from a row, a line and a point, and take over its settings', async () => {
    const { page, posted } = shown;
    posted.length = 0;
    const best = `/runs/${String(figure.rows.findIndex(({ mark }) => mark === 'best'))}`;
    await rows.first().getByRole('button', { name: 'Open run' }).click();
    await rows.first().getByRole('button', { name: 'Use these settings' }).click();
    await parallel().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const points = page.getByRole('slider', { name: /^Every run/ });
    await points.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.deepEqual(posted, [
      { type: 'openRun', run: best },
      { type: 'useSettings', run: best },
      { type: 'openRun', run: best },
      { type: 'openRun', run: '/runs/0-1' },
    ]);
  });

  it('keep rows that have not changed while others do, and the focus', async () => {
    const { page } = shown;
    await rows.first().evaluate((row) => (row.dataset['kept'] = 'yes'));
    const button = rows.nth(1).getByRole('button', { name: 'Open run' });
    await button.focus();
    const key = await button.getAttribute('data-key');
    const worst = figure.rows.map((row, i) =>
      i === 999 ? { ...row, cells: row.cells.map((cell) => ({ ...cell, n: 2 })) } : row,
    );
    await shown.draw({ ...figure, rows: worst });
    assert.equal(await rows.first().getAttribute('data-kept'), 'yes');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-key')), key);
  });

  // RNN_LAB_MEASURE=1 npm run panel -- notebook
  if (process.env['RNN_LAB_MEASURE'] === '1') {
    it('take so long', async () => {
      const { page } = shown;
      await shown.draw(figureOf(3));
      await watchTasks(page);
      await tellTasks(page, '1,000 rows drawn', () => shown.draw(figure));
      assert.equal(await rows.count(), 1000);
      await tellScrolling(page, '.results');
      const tell = (name: string, act: () => Promise<unknown>) => tellTasks(page, name, act);
      await tell('sorted', () => page.locator('.sort').nth(4).click());
      await tell('filtered', () => filter().fill('gru'));
      await tell('all again', () => filter().fill(''));
      for (let run = 0; run < 5; run++) {
        const now = figure.rows.map((row, i) => (i === run ? { ...row, failed: 1 } : row));
        await tell('a run has ended', () => shown.draw({ ...figure, rows: now }));
      }
    });
  }

  it('have no faults that axe finds, in every theme', async () => {
    await shown.draw(figureOf(30));
    for (const kind of themeKinds) {
      await shown.theme(kind);
      await shown.page.waitForFunction(() => new Promise((done) => requestAnimationFrame(done)));
      assert.deepEqual(await accessibilityViolations(shown.page), [], kind);
      if (process.env['RNN_LAB_SCREENSHOTS'] !== '1') continue;
      fs.mkdirSync('out/screenshots', { recursive: true });
      const file = `out/screenshots/notebook-pictures-${kind}.png`;
      await shown.page.screenshot({ path: file, fullPage: true });
    }
  });
});
