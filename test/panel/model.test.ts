import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { formatFor } from '../../src/protocol/format';
import { inspectRun } from '../ui/support/inspection';
import { illegible } from './support/legible';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { numberOf, openTab, openTable, rowsOf } from './support/view';

const { percent } = formatFor('en');
const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);
const vocabulary = new Set(text).size;
/** As the view reads before the tokens that it shows. */
const context = 128;

describe('the view of the model', () => {
  const panel = usePanel();

  before(async () => {
    await panel.host.trainToEnd('times.txt', text, 60, {
      'model.cell': 'lstm',
      'model.hidden': 20,
      'model.layers': 2,
    });
    await openTab(panel.page, 'model');
    await panel.answered();
  });

  it('has the equations as mathematics beside their source, with sizes', async () => {
    const equations = panel.page.locator('.equation');
    const sources = await equations.locator('.equation-source').allTextContents();
    assert.equal(sources.length, 7);
    assert.equal(sources[0], 'i[t] = sigmoid(Wi x[t] + Ri h[t-1] + bi)');
    assert.match(sources[6]!, /^y\[t\] = softmax\(V h\[t\] \+ by\)$/);
    const mathematics = await equations.locator('math').allTextContents();
    // Function application stands for itself in MathML, and is not seen.
    assert.equal(mathematics[5]!.replaceAll('\u2061', ''), 'ht=ot⊙tanh(ct)');
    const isTall = await equations
      .locator('math')
      .evaluateAll((all) => all.every((math) => math.getBoundingClientRect().height > 10));
    assert.ok(isTall);
    const sizes = (await equations.first().locator('.equation-sizes').textContent()) ?? '';
    assert.ok(sizes.includes(`Wi 20 × ${vocabulary}, from layer 2 20 × 20`), sizes);
  });

  it('leads to the debugger, with the weights of the run', async () => {
    const { page, host } = panel;
    await page.getByRole('button', { name: 'Debug this cell' }).click();
    await panel.settled();
    assert.equal(host.asked.commands.at(-1), 'debugText');
  });

  it('counts the parameters', async () => {
    const { page, host } = panel;
    const layer = (input: number) => 4 * (20 * input + 20 * 20 + 20);
    const all = layer(vocabulary) + layer(20) + vocabulary * 20 + vocabulary;
    const total = await page.locator('.parameters tfoot .number').last().textContent();
    assert.equal(numberOf(total ?? ''), all);
    const kept = fs.readFileSync(path.join(host.folder(), 'run.json'), 'utf8');
    assert.ok(kept.includes(String(all)));
    const rows = await rowsOf(page.locator('.parameters'));
    assert.equal(rows.length, 26);
    assert.equal(
      rows.reduce((sum, row) => sum + numberOf(row[3]), 0),
      all,
    );
    assert.deepEqual(rows[1]?.toSpliced(4, 1), ['Ri', 'layer 1', '20 × 20', '400', 'h[t-1]']);
  });

  it('draws the network over the text, and says what the engine says', async () => {
    const start = Math.floor(text.length * 0.9);
    const read = await inspectRun(panel.host.folder(), text.slice(start - context, start + 40));
    const figure = panel.page.locator('[aria-labelledby="model-unrolled-title"]');
    const rows = await openTable(figure.locator('details.table'));
    assert.ok(rows.length >= 3);
    assert.deepEqual(
      rows,
      rows.map((_, i) => {
        const { token, top } = read[context + i]!;
        const next = read[context + i + 1]!;
        const [best] = top;
        return [
          ...[token, best!.token, percent(best!.probability)],
          ...[next.token, percent(next.probability!)],
        ];
      }),
    );

    const drawing = figure.locator('.unrolled[role="img"]');
    const spoken = (await drawing.getAttribute('aria-label')) ?? '';
    const tokens = rows.map(([token]) => token).join(' ');
    assert.ok(spoken.includes(`over ${rows.length} tokens: ${tokens}.`), spoken);
    const written = await drawing.locator('svg text').allTextContents();
    // The letters of the cell on the arrows.
    for (const name of ['W∗', 'R∗', 'c', 'V']) {
      assert.ok(written.includes(name), `${name} is not in ${written.join(' ')}`);
    }
    // A square of units for each layer at each step.
    assert.equal(await drawing.locator('svg image').count(), 2 * rows.length);
  });

  it('copies the equations as TeX', async () => {
    const { page } = panel;
    await page.locator('.model-heading vscode-button').click();
    await page.getByText('Copied', { exact: true }).first().waitFor({ state: 'attached' });
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const lines = copied.split('\n');
    assert.equal(lines.length, 7);
    assert.match(lines[5]!, /^h_\{?t\}? *= *o_\{?t\}? *\\odot *\\tanh.*\\\\$/);
  });

  it('fits a narrow panel and a wide one', async () => {
    const { page } = panel;
    const before = page.viewportSize()!;
    const squares = async (width: number) => {
      await page.setViewportSize({ width, height: 800 });
      await panel.answered();
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      assert.equal(scrollWidth, clientWidth, `${width} pixels`);
      return page.locator('.unrolled svg image').count();
    };
    const counts = [await squares(400), await squares(640), await squares(1200)];
    assert.deepEqual(
      counts,
      [...new Set(counts)].sort((a, b) => a - b),
    );
    await page.setViewportSize(before);
  });

  it('is drawn in the colours of every theme, and legible', async () => {
    const { page } = panel;
    const seen = new Set<string>();
    for (const kind of themeKinds) {
      await panel.theme(kind);
      seen.add(await page.locator('.unrolled svg').evaluate((element) => element.outerHTML));
      assert.deepEqual(await illegible(page, '#view-model'), [], kind);
      await panel.screenshot(`model-${kind}`);
    }
    assert.equal(seen.size, themeKinds.length);
  });
});
