import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import { panelFrame, runCommand, screenshot, waitForStatusBar } from './support/actions';
import { newestRun } from './support/inspection';
import {
  chooseTheme,
  extensionLoaded,
  numberOf,
  openTab,
  smallModel,
  themes,
} from './support/panel';
import { useVSCode } from './support/vscode';

const { loss } = formatFor('en');
const text = 'It was the best of times,\n   it was the worst of times.\n'.repeat(200);

/** A line of a run's `samples.jsonl`. */
interface Kept {
  readonly step: number;
  readonly text: string;
}

/** A line of `metrics.jsonl`; only rows of metrics have such a loss. */
interface Line {
  readonly event: string;
  readonly row: { readonly step: number; readonly loss: { readonly mean: number } };
}

function linesOf<Item>(run: string, name: string): Item[] {
  const lines = fs.readFileSync(path.join(run, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Item);
}

describe('the view of samples', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text },
    open: 'times.txt',
    settings: {
      ...smallModel,
      'rnnLab.inspection.sampleEvery': 2,
      'rnnLab.inspection.sampleLength': 400,
    },
  });
  let frame: Frame;

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'samples');
  });

  function entries() {
    return frame.locator('.sample-entry').evaluateAll((all) =>
      all.map((entry) => ({
        title: entry.querySelector('h3')!.textContent,
        facts: entry.querySelector('.sample-facts')!.textContent,
        text: entry.querySelector('pre')!.textContent,
      })),
    );
  }

  it('fills while the model trains, the newest first, and says so', async () => {
    await frame.waitForFunction(() => document.querySelectorAll('.sample-entry').length >= 3);
    const steps = (await entries()).map(({ title }) => numberOf(title.replace('Step ', '')));
    assert.deepEqual(
      steps,
      steps.toSorted((a, b) => b - a),
    );
    const [newest] = steps;
    await frame
      .locator('.samples > [role="status"]')
      .filter({ hasText: /The model has written a text at step [\d,]+\./ })
      .waitFor({ state: 'attached' });
    assert.ok(newest! > 0);
  });

  it('keeps what is unfolded as it is when others come', async () => {
    const entry = frame.locator('.sample-entry').first();
    const title = await entry.locator('h3').textContent();
    const fold = entry.locator('.sample-fold');
    await fold.focus();
    await vscode.page.keyboard.press('Enter');
    assert.equal(await fold.getAttribute('aria-expanded'), 'true');
    const known = await frame.locator('.sample-entry').count();
    await frame.waitForFunction(
      (count) => document.querySelectorAll('.sample-entry').length > count,
      known,
    );
    const same = frame.locator('.sample-entry').filter({ hasText: title! });
    assert.equal(await same.locator('.sample-fold').getAttribute('aria-expanded'), 'true');
    await same.locator('.sample-fold:focus').waitFor();
  });

  it('shows the texts that the run keeps, each with its loss', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    const run = newestRun(vscode.data);
    const kept = linesOf<Kept>(run, 'samples.jsonl').toReversed();
    const shown = await entries();
    assert.deepEqual(
      shown.map((entry) => entry.text),
      kept.map((sample) => sample.text),
    );
    assert.ok(kept.some((sample) => sample.text.includes('\n   ')));
    const rows = linesOf<Line>(run, 'metrics.jsonl').flatMap(({ event, row }) =>
      event === 'metrics' ? [row] : [],
    );
    shown.forEach(({ facts }, i) => {
      const row = rows.find(({ step }) => step >= kept[i]!.step) ?? rows.at(-1);
      assert.ok(facts.endsWith(`training loss ${loss(row!.loss.mean)}`), facts);
    });
  });

  it('copies a text, white space and all', async () => {
    const [first] = await entries();
    await frame.locator('.sample-entry').first().locator('vscode-button').click();
    await frame.getByText('Copied', { exact: true }).first().waitFor({ state: 'attached' });
    const copied = await vscode.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, first!.text);
  });

  it('is drawn in every theme', async () => {
    for (const theme of themes) {
      await chooseTheme(vscode.data, frame, theme);
      await screenshot(vscode.page, `samples-${theme.kind}`);
    }
  });

  it('lets the model write more', async () => {
    const { page } = vscode;
    await frame.locator('.samples vscode-button').filter({ hasText: 'Sample' }).click();
    await page.locator('.tabs-container .tab.active[data-resource-name^="Untitled"]').waitFor();
  });

  it('breaks no rule of its page', () => {
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});

describe('the view of samples without any', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.inspection.sampleEvery': 0 },
  });

  it('says why there is none, and what to do', async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    const frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'samples');
    const says = (pattern: RegExp) =>
      frame.locator('.samples .quiet').filter({ hasText: pattern }).waitFor();
    await says(/sampleEvery is 0/);
    await runCommand(page, 'RNN Lab: Stop training');
    await says(/kept no texts/);
  });
});
