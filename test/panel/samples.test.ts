import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { formatFor } from '../../src/protocol/format';
import { accessibilityViolations } from './support/axe';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { numberOf, openTab } from './support/view';

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
  const panel = usePanel();
  const shown = () => panel.page.locator('.sample-entry');

  before(async () => {
    await panel.host.train('times.txt', text, {
      'inspection.sampleEvery': 0.3,
      'inspection.sampleLength': 400,
    });
    await openTab(panel.page, 'samples');
  });

  function entries() {
    return shown().evaluateAll((all) =>
      all.map((entry) => ({
        title: entry.querySelector('h3')!.textContent,
        facts: entry.querySelector('.sample-facts')!.textContent,
        text: entry.querySelector('pre')!.textContent,
      })),
    );
  }

  it('fills while the model trains, the newest first, and says so', async () => {
    await shown().nth(2).waitFor();
    const steps = (await entries()).map(({ title }) => numberOf(title.replace('Step ', '')));
    assert.deepEqual(
      steps,
      steps.toSorted((a, b) => b - a),
    );
    const news = panel.page.locator('.samples > [role="status"]');
    const said = (await news.textContent()) ?? '';
    const [, step] = /^The model has written a text at step ([\d,]+)\.$/.exec(said) ?? [];
    assert.ok(numberOf(step) >= steps[0]!, said);
  });

  it('keeps what is unfolded as it is when others come', async () => {
    const title = (await shown().first().locator('h3').textContent())!;
    const same = shown().filter({ hasText: title }).locator('.sample-fold');
    await same.press('Enter');
    assert.equal(await same.getAttribute('aria-expanded'), 'true');
    await shown()
      .nth(await shown().count())
      .waitFor();
    assert.equal(await same.getAttribute('aria-expanded'), 'true');
    assert.ok(await same.evaluate((element) => element === document.activeElement));
  });

  it('shows the texts that the run keeps, each with its loss', async () => {
    const { page, host } = panel;
    await host.runs.stop();
    await page.locator('.phase[data-phase="stopped"]').waitFor();
    await panel.settled();
    const kept = linesOf<Kept>(host.folder(), 'samples.jsonl').toReversed();
    const found = await entries();
    assert.deepEqual(
      found.map((entry) => entry.text),
      kept.map((sample) => sample.text),
    );
    assert.ok(kept.some((sample) => sample.text.includes('\n   ')));
    const rows = linesOf<Line>(host.folder(), 'metrics.jsonl').flatMap(({ event, row }) =>
      event === 'metrics' ? [row] : [],
    );
    found.forEach(({ facts }, i) => {
      const row = rows.find(({ step }) => step >= kept[i]!.step) ?? rows.at(-1);
      assert.ok(facts.endsWith(`training loss ${loss(row!.loss.mean)}`), facts);
    });
  });

  it('copies a text, white space and all', async () => {
    const { page } = panel;
    const [first] = await entries();
    await shown().first().locator('vscode-button').click();
    await page.getByText('Copied', { exact: true }).first().waitFor({ state: 'attached' });
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, first!.text);
  });

  it('asks for more where the button is pressed', async () => {
    const { page, host } = panel;
    await page.locator('.samples').getByRole('button', { name: 'Sample', exact: true }).click();
    await panel.settled();
    assert.deepEqual(host.asked.commands, ['sample']);
  });

  for (const kind of themeKinds) {
    it(`is legible in ${kind}`, async () => {
      await panel.theme(kind);
      assert.deepEqual(await accessibilityViolations(panel.page, ['color-contrast']), []);
      await panel.screenshot(`samples-${kind}`);
    });
  }
});

describe('the view of samples without any', () => {
  const panel = usePanel();

  it('says why there is none, and what to do', async () => {
    const { page, host } = panel;
    await host.train('times.txt', text, { 'inspection.sampleEvery': 0 });
    await openTab(page, 'samples');
    const says = (pattern: RegExp) =>
      page.locator('.samples .quiet').filter({ hasText: pattern }).waitFor();
    await says(/sampleEvery is 0/);
    await host.runs.stop();
    await says(/kept no texts/);
  });
});
