import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import { contrastOf, illegible } from './support/legible';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { inkOf } from './support/pixels';
import { openTab, openTable, spoken } from './support/view';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);
const { value, count, percent } = formatFor('en');

/** A line of a run's `observations.jsonl`, as far as it is read here; parameters as the network has them. */
interface Kept {
  readonly step: number;
  readonly gradientNorm: readonly number[];
  readonly weights: readonly { readonly counts: readonly number[] }[];
  readonly lags: readonly { readonly variable: string; readonly norms: readonly number[] }[];
  readonly saturation: readonly { readonly share: number }[];
}

/** The vanilla cell's parameters in the order of the engine. */
const parameters = ['U', 'W', 'b', 'V', 'c'];

function observationsIn(run: string): Kept[] {
  const lines = fs.readFileSync(path.join(run, 'observations.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Kept);
}

/** A number kept to six digits may lie half way between two that can be shown: the engine's is on either side. */
function assertShown(shown: string | undefined, kept: number, as = value): void {
  const either = [as(kept * (1 - 1e-6)), as(kept * (1 + 1e-6))];
  assert.ok(either.includes(shown ?? ''), `${shown ?? 'nothing'} is not ${either.join(' or ')}`);
}

describe('the view of gradients', () => {
  const panel = usePanel();
  let kept: Kept[];
  let newest: Kept;

  const slider = () => panel.page.locator('.gradients .range');
  const figureOf = (id: string): Locator =>
    panel.page.locator(`.gradients [aria-labelledby="${id}-title"]`);

  /** Opens a figure's table with the keyboard, again where it is open, and reads it. */
  async function tableOf(id: string): Promise<string[][]> {
    const details = figureOf(id).locator('details.table');
    if ((await details.getAttribute('open')) !== null) {
      await details.locator('summary').press('Enter');
    }
    return openTable(details);
  }

  before(async () => {
    const { page, host } = panel;
    await host.train('times.txt', text, { 'inspection.observeEvery': 0.05 });
    await openTab(page, 'gradients');
    await host.until(() => host.runs.current!.observations.items.length >= 5);
    await host.runs.stop();
    await page.locator('.phase[data-phase="stopped"]').waitFor();
    await panel.settled();
    kept = observationsIn(host.folder());
    newest = kept.at(-1)!;
  });

  it('shows the newest observation of the run’s folder', async () => {
    assert.equal(await slider().getAttribute('max'), String(kept.length - 1));
    assert.equal(await spoken(slider()), `step ${count(newest.step)}, the latest`);
  });

  it('has the norms against the lag that the engine measured', async () => {
    const rows = await tableOf('gradient-lags');
    const { norms } = newest.lags[0]!;
    assert.deepEqual(
      rows.map(([lag]) => lag),
      Array.from(norms, (_, lag) => String(lag)),
    );
    rows.forEach(([, norm], lag) => assertShown(norm, norms[lag]!));
  });

  it('has the norm of every parameter’s gradient', async () => {
    const rows = await tableOf('gradient-norms');
    const order = ['W', 'U', 'b', 'V', 'c'].map((name) => parameters.indexOf(name));
    assert.deepEqual(
      rows.map(([step]) => step),
      kept.map(({ step }) => count(step)),
    );
    rows.forEach(([, ...norms], row) => {
      assert.equal(norms.length, order.length);
      norms.forEach((norm, i) => assertShown(norm, kept[row]!.gradientNorm[order[i]!]!));
    });
  });

  it('has every weight of W in its histogram', async () => {
    const rows = await tableOf('weights-histogram');
    const counts = newest.weights[parameters.indexOf('W')]!.counts;
    assert.deepEqual(
      rows.map(([, , number]) => number),
      counts.filter((number) => number > 0).map(count),
    );
    assert.equal(
      counts.reduce((sum, number) => sum + number, 0),
      32 * 32,
    );
  });

  it('says in words how far gradients reach and how much is saturated', async () => {
    const { page } = panel;
    const [first, ...later] = newest.lags[0]!.norms;
    const lost = later.findLastIndex((norm) => norm >= 0.01 * first!) + 2;
    const claims = await page.locator('.findings li:visible .link').allTextContents();
    const reach =
      lost > later.length
        ? /^Gradients (reach through the whole window|grow)/
        : new RegExp(
            `^Gradients fall under 1% after ${lost === 1 ? 'a single step' : `${lost} steps`}`,
          );
    assert.match(claims[0]!, reach);
    const share = Math.round(100 * newest.saturation[0]!.share);
    const saturated = claims.find((claim) => claim.includes('saturated'))!;
    assert.ok(Math.abs(parseFloat(saturated) - share) <= 1, `${saturated} ${share}`);
    for (const mark of await page.locator('.findings li:visible .severity').all()) {
      assert.match((await mark.getAttribute('aria-label')) ?? '', /well|knowing|suffers/);
    }
  });

  it('leads from a claim to its picture, whose values the arrow keys read', async () => {
    const { page } = panel;
    await page.locator('[data-topic="reach"] .link').press('Enter');
    const plot = figureOf('gradient-lags').locator('[role="slider"]');
    await plot.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Home');
    for (let lag = 0; lag < 3; lag++) await page.keyboard.press('ArrowRight');
    assert.equal(await plot.getAttribute('aria-valuenow'), '3');
    const { norms } = newest.lags[0]!;
    const [, share] = (await spoken(plot)).split(`step ${count(newest.step)} `);
    assertShown(share, norms[3]! / norms[0]!, percent);
    await page.keyboard.press('Escape');
  });

  it('goes back to an earlier observation with the keyboard', async () => {
    await slider().press('Home');
    const first = kept[0]!;
    assert.equal(await spoken(slider()), `step ${count(first.step)}`);
    const rows = await tableOf('gradient-lags');
    const { norms } = first.lags[0]!;
    assert.equal(rows.length, norms.length);
    rows.forEach(([, norm], lag) => assertShown(norm, norms[lag]!));
    await slider().press('End');
    const rowsNow = await tableOf('gradient-lags');
    assertShown(rowsNow[0]![1], newest.lags[0]!.norms[0]!);
  });

  it('chooses the observation of a heatmap’s column with Enter', async () => {
    const { page } = panel;
    const cells = figureOf('gradient-lag-matrix').locator('[role="slider"]');
    await cells.press('Home');
    await page.keyboard.press('ArrowRight');
    const second = kept[1]!;
    const words = await spoken(cells);
    assert.ok(words.startsWith(`Step ${count(second.step)}, `), words);
    await page.keyboard.press('Enter');
    assert.equal(await spoken(slider()), `step ${count(second.step)}`);
    await slider().press('End');
  });

  it('plays the training from its beginning to the newest observation', async () => {
    const { page } = panel;
    const seen = await page.locator('.gradients output').evaluateHandle((shown) => {
      const texts: string[] = [];
      const observer = new MutationObserver(() => texts.push(shown.textContent));
      observer.observe(shown, { childList: true, characterData: true, subtree: true });
      return texts;
    });
    // Once through, the diagnosis has been as high as it gets: then nothing below it moves.
    await slider().press('Home');
    for (let i = 1; i < kept.length; i++) await page.keyboard.press('ArrowRight');
    const places = await figureOf('gradient-lags').evaluateHandle((picture) => {
      const tops = new Set<number>();
      new MutationObserver(() => tops.add(picture.getBoundingClientRect().top + scrollY)).observe(
        document.querySelector('.gradients output')!,
        { childList: true, characterData: true, subtree: true },
      );
      return tops;
    });
    await seen.evaluate((texts) => (texts.length = 0));
    await page.locator('.gradients .steps vscode-button').press('Enter');
    await page.waitForFunction((texts) => texts.at(-1)?.endsWith('the latest'), seen);
    assert.equal(await places.evaluate((tops) => tops.size), 1);
    const steps = kept.map(({ step }) => `step ${count(step)}`);
    assert.deepEqual(await seen.jsonValue(), [
      ...steps.slice(0, -1),
      `${steps.at(-1)!}, the latest`,
    ]);
  });

  it('is where it was after another editor has hidden the panel: the step, and how far it is scrolled', async () => {
    const { page } = panel;
    await slider().press('Home');
    const first = `step ${count(kept[0]!.step)}`;
    await figureOf('gradient-norms').scrollIntoViewIfNeeded();
    await panel.settled();
    const top = await page.evaluate(() => window.scrollY);
    assert.ok(top > 300, `${top} pixels`);
    await panel.hide();
    await panel.show();
    await page.waitForFunction((before) => Math.abs(window.scrollY - before) <= 1, top);
    assert.equal(await spoken(slider()), first);
    // Who scrolls is not brought back.
    await page.mouse.wheel(0, -top);
    await page.waitForFunction(() => window.scrollY === 0);
    await panel.hide();
    await panel.show();
    await slider().waitFor();
    await panel.settled();
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    await slider().press('End');
  });

  it('has every look at the gradients when it is opened again', async () => {
    const titles = ['gradient-lags', 'gradient-lag-matrix', 'gradient-norms'];
    const tables = async () => {
      const all: string[][][] = [];
      for (const title of titles) all.push(await tableOf(title));
      return all;
    };
    const before = await tables();
    await panel.reopen();
    await openTab(panel.page, 'gradients');
    assert.deepEqual(await tables(), before);
    assert.equal(await slider().getAttribute('max'), String(kept.length - 1));
  });

  for (const kind of themeKinds) {
    it(`draws each picture that comes into sight in ${kind}, legible`, async () => {
      const { page } = panel;
      await panel.theme(kind);
      const figures = await page.locator('.gradients .figure-frame').all();
      assert.equal(figures.length, 10);
      for (const figure of figures) {
        await figure.scrollIntoViewIfNeeded();
        // It is drawn in a frame after it came.
        await panel.settled();
        assert.ok((await inkOf(figure.locator('canvas').first())) > 300);
      }
      assert.deepEqual(await illegible(page, '#view-gradients'), []);
      for (const color of ['blue', 'yellow', 'green', 'orange', 'purple', 'red']) {
        const line = `rgb(from var(--vscode-charts-${color}, var(--vscode-charts-red)) r g b / 1)`;
        assert.ok((await contrastOf(page, line)) >= 3, color);
      }
      await panel.screenshot(`gradients-${kind}`);
    });
  }
});

describe('the view of gradients of a run that was not observed', () => {
  const panel = usePanel();

  it('says so', async () => {
    const { page, host } = panel;
    await host.trainToEnd('times.txt', text, 10, { 'inspection.observeEvery': 0 });
    await openTab(page, 'gradients');
    await page.locator('.gradients-empty', { hasText: 'rnnLab.inspection.observeEvery' }).waitFor();
    assert.ok(await page.locator('.gradients-body').isHidden());
  });
});
