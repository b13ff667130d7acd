// Gradients of a model of examples through encoder and decoder, as the panel draws them, against what the run kept.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { formatFor } from '../../src/protocol/format';
import { accessibilityViolations } from './support/axe';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { choose, openTab, openTable, rowsOf, spoken } from './support/view';

const { value } = formatFor('en');

interface Kept {
  readonly step: number;
  readonly gradientNorm: readonly number[];
  readonly lags: readonly { readonly variable: string; readonly norms: readonly number[] }[];
}

/** Words of any letters, and the same from right to left. */
const rows = (() => {
  let seed = 7;
  const next = (n: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % n;
  };
  return Array.from({ length: 160 }, () => {
    const word = Array.from({ length: 4 + next(4) }, () => 'abcde'[next(5)]!);
    return `${word.join('')},${word.reverse().join('')}`;
  });
})();

describe('gradients of an encoder and a decoder', () => {
  const panel = usePanel();
  const figureOf = (id: string) => panel.page.locator(`.gradients [aria-labelledby="${id}-title"]`);
  let newest: Kept;

  before(async () => {
    const { page, host } = panel;
    await host.trainToEnd('reversed.csv', `source,target\n${rows.join('\n')}\n`, 200, {
      ...{ 'model.hidden': 24, 'model.cell': 'lstm', 'training.batch': 16 },
      ...{ 'data.tokenizer': 'char', 'inspection.observeEvery': 0.01 },
      'training.learningRate': 0.01,
    });
    await openTab(page, 'gradients');
    const file = path.join(host.folder(), 'observations.jsonl');
    const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
    newest = JSON.parse(lines.at(-1)!) as Kept;
    assert.equal(newest.step, 200);
  });

  it('are drawn by lag for each state, from the part itself and from the border', async () => {
    const details = figureOf('gradient-lags').locator('.table');
    await openTable(details);
    const formulas = [];
    for (const { variable, norms } of newest.lags) {
      await choose(panel.page, 'gradients-state', variable);
      // The table follows its picture a little later.
      await panel.page.waitForFunction(
        (wanted) =>
          document.querySelector(
            '[aria-labelledby="gradient-lags-title"] .table tbody tr :nth-child(2)',
          )?.textContent === wanted,
        value(norms[0]!),
      );
      const shown = await rowsOf(details);
      assert.deepEqual(
        shown.map(([lag, norm]) => [lag, norm]),
        norms.map((norm, lag) => [String(lag), value(norm)]),
      );
      formulas.push(await figureOf('gradient-lags').locator('.unit').textContent());
    }
    assert.deepEqual(formulas.map((text) => text!.split(' ')[0]).sort(), [
      ...['‖∂E/∂d.c[u−k]‖', '‖∂E/∂d[u−k]‖', '‖∂E/∂s.c[T−k]‖', '‖∂E/∂s[T−k]‖'],
    ]);
  });

  it('say nothing of a truncation that there is not', async () => {
    const text = await panel.page.locator('.gradients').textContent();
    assert.doesNotMatch(text!, /truncates|goes back \d/);
    const reach = panel.page.locator('.findings [data-topic="reach"]');
    assert.match((await reach.textContent())!, /Gradients (fall|reach|grow)/);
  });

  it('are of every parameter, by what it belongs to', async () => {
    const { page } = panel;
    await choose(page, 'gradients-group', 'the others');
    const plot = figureOf('gradient-norms').getByRole('slider');
    await plot.press('End');
    assert.match(await spoken(plot), /all parameters .*c .*V /);
    await choose(page, 'gradients-group', 's');
    await plot.press('End');
    assert.match(await spoken(plot), /s\.Ri .*s\.Wi /);
  });

  it('lead to the debugger, with the row of the cursor', async () => {
    const { page, host } = panel;
    await openTab(page, 'model');
    await page.getByRole('button', { name: 'Debug this example' }).first().click();
    await panel.settled();
    assert.equal(host.asked.commands.at(-1), 'debugRow');
    await openTab(page, 'gradients');
  });

  it('have no barriers in any theme', async () => {
    for (const kind of themeKinds) {
      await panel.theme(kind);
      assert.deepEqual(await accessibilityViolations(panel.page), [], kind);
      await panel.screenshot(`example-gradients-${kind}`);
    }
  });
});
