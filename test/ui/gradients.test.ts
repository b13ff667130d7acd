import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import { accessibilityViolations } from './support/axe';
import { panelFrame, runCommand, waitForStatusBar } from './support/actions';
import { extensionLoaded, openTab, smallModel } from './support/panel';
import { useVSCode } from './support/vscode';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);
const { value, count } = formatFor('en');

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

function observationsIn(folder: string): Kept[] {
  const name = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .find((file) => path.basename(file) === 'observations.jsonl');
  if (name === undefined) return [];
  const lines = fs.readFileSync(path.join(folder, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Kept);
}

/** A number kept to six digits may lie half way between two that can be shown: the engine's is on either side. */
function assertShown(shown: string | undefined, kept: number, as = value): void {
  const either = [as(kept * (1 - 1e-6)), as(kept * (1 + 1e-6))];
  assert.ok(either.includes(shown ?? ''), `${shown ?? 'nothing'} is not ${either.join(' or ')}`);
}

/** A figure of the view. */
function figureOf(frame: Frame, id: string): Locator {
  return frame.locator(`.gradients [aria-labelledby="${id}-title"]`);
}

/** Opens a figure's table with the keyboard and reads it: the texts of its rows. */
async function tableOf(frame: Frame, id: string): Promise<string[][]> {
  const details = figureOf(frame, id).locator('details.table');
  if ((await details.getAttribute('open')) !== null) {
    await details.locator('summary').press('Enter');
  }
  await details.locator('summary').press('Enter');
  await details.locator('tbody tr').first().waitFor();
  return details
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
}

describe('the view of gradients', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.inspection.observeEvery': 0.05 },
  });
  let frame: Frame;
  let kept: Kept[];
  let newest: Kept;

  before(async function () {
    this.timeout(180_000);
    const { page, data } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    frame = await panelFrame(page, '#tab-gradients');
    await openTab(frame, 'gradients');
    // The slider follows the newest observation: there are some by now.
    await frame.waitForFunction(() => {
      const slider = document.querySelector<HTMLInputElement>('.gradients .range');
      return Number(slider?.max ?? 0) >= 4;
    });
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    kept = observationsIn(data);
    newest = kept.at(-1)!;
  });

  const slider = () => frame.locator('.gradients .range');

  it('shows the newest observation of the run’s folder', async () => {
    assert.equal(await slider().getAttribute('max'), String(kept.length - 1));
    const spoken = `step ${count(newest.step)}, the newest`;
    assert.equal(await slider().getAttribute('aria-valuetext'), spoken);
  });

  it('has the norms against the lag that the engine measured', async () => {
    const rows = await tableOf(frame, 'gradient-lags');
    const { norms } = newest.lags[0]!;
    assert.deepEqual(
      rows.map(([lag]) => lag),
      Array.from(norms, (_, lag) => String(lag)),
    );
    rows.forEach(([, norm], lag) => assertShown(norm, norms[lag]!));
  });

  it('has the norm of every parameter’s gradient', async () => {
    const rows = await tableOf(frame, 'gradient-norms');
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
    const rows = await tableOf(frame, 'weights-histogram');
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
    const [first, ...later] = newest.lags[0]!.norms;
    const lost = later.findLastIndex((norm) => norm >= 0.01 * first!) + 2;
    const claims = await frame.locator('.findings li:visible .link').allTextContents();
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
    for (const mark of await frame.locator('.findings li:visible .severity').all()) {
      assert.match((await mark.getAttribute('aria-label')) ?? '', /well|knowing|suffers/);
    }
  });

  it('leads from a claim to its picture, whose values the arrow keys read', async () => {
    const { page } = vscode;
    await frame.locator('[data-topic="reach"] .link').press('Enter');
    const plot = figureOf(frame, 'gradient-lags').locator('[role="slider"]');
    await plot.and(frame.locator(':focus')).waitFor();
    await page.keyboard.press('Home');
    for (let lag = 0; lag < 3; lag++) await page.keyboard.press('ArrowRight');
    assert.equal(await plot.getAttribute('aria-valuenow'), '3');
    const { norms } = newest.lags[0]!;
    const spoken = (await plot.getAttribute('aria-valuetext')) ?? '';
    const [, share] = spoken.split(`step ${count(newest.step)} `);
    assertShown(share, norms[3]! / norms[0]!, formatFor('en').percent);
    await page.keyboard.press('Escape');
  });

  it('goes back to an earlier observation with the keyboard', async () => {
    await slider().press('Home');
    const first = kept[0]!;
    assert.equal(await slider().getAttribute('aria-valuetext'), `step ${count(first.step)}`);
    const rows = await tableOf(frame, 'gradient-lags');
    const { norms } = first.lags[0]!;
    assert.equal(rows.length, norms.length);
    rows.forEach(([, norm], lag) => assertShown(norm, norms[lag]!));
    await slider().press('End');
    const rowsNow = await tableOf(frame, 'gradient-lags');
    assertShown(rowsNow[0]![1], newest.lags[0]!.norms[0]!);
  });

  it('chooses the observation of a heatmap’s column with Enter', async () => {
    const { page } = vscode;
    const cells = figureOf(frame, 'gradient-lag-matrix').locator('[role="slider"]');
    await cells.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const second = kept[1]!;
    const spoken = (await cells.getAttribute('aria-valuetext')) ?? '';
    assert.ok(spoken.startsWith(`Step ${count(second.step)}, `), spoken);
    await page.keyboard.press('Enter');
    assert.equal(await slider().getAttribute('aria-valuetext'), `step ${count(second.step)}`);
    await slider().press('End');
  });

  it('plays the training from its beginning to the newest observation', async () => {
    const seen = await frame.locator('.gradients output').evaluateHandle((shown) => {
      const texts: string[] = [];
      const observer = new MutationObserver(() => texts.push(shown.textContent));
      observer.observe(shown, { childList: true, characterData: true, subtree: true });
      return texts;
    });
    await frame.locator('.gradients .steps vscode-button').press('Enter');
    await frame.waitForFunction((texts) => texts.at(-1)?.endsWith('the newest'), seen);
    const steps = kept.map(({ step }) => `step ${count(step)}`);
    assert.deepEqual(await seen.jsonValue(), [
      ...steps.slice(0, -1),
      `${steps.at(-1)!}, the newest`,
    ]);
  });

  it('breaks no rule of accessibility, with its tables and help open', async () => {
    await frame.locator('.gradients details').evaluateAll((all: HTMLDetailsElement[]) => {
      for (const details of all) details.open = true;
    });
    assert.deepEqual(await accessibilityViolations(frame), []);
  });

  it('draws each picture that comes into sight', async () => {
    const figures = await frame.locator('.gradients .figure-frame').all();
    assert.equal(figures.length, 10);
    for (const figure of figures) {
      await figure.scrollIntoViewIfNeeded();
      // It is drawn in a frame after it came.
      await figure.evaluate(async (shown) => {
        const isBlank = () => {
          const canvas = shown.querySelector('canvas');
          if (!canvas || canvas.width === 0 || canvas.height === 0) return true;
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return data.every((channel, i) => i % 4 !== 3 || channel === 0);
        };
        while (isBlank()) await new Promise((done) => requestAnimationFrame(done));
      });
    }
  });
});

describe('the view of gradients of a run that was not observed', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.inspection.observeEvery': 0 },
  });

  it('says so', async () => {
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    const frame = await panelFrame(page, '#tab-gradients');
    await openTab(frame, 'gradients');
    const empty = frame.locator('.gradients-empty');
    await empty.getByText('rnnLab.inspection.observeEvery').waitFor();
    assert.ok(await frame.locator('.gradients-body').isHidden());
  });
});
