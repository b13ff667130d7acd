import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { accessibilityViolations } from './support/axe';
import { contrastOf, illegible } from './support/legible';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { pixelsOfColor } from './support/pixels';
import { openTab } from './support/view';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);

/** The last row of metrics that a run keeps, with what the run is called. */
function lastOf(folder: string): { readonly label: string; readonly loss: number } {
  const lines = fs.readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const last = lines
    .map((line) => JSON.parse(line) as Line)
    .findLast((line) => line.event === 'metrics')!;
  const label = folder.includes('worse') ? 'worse.txt · gru' : 'times.txt · vanilla';
  return { label, loss: last.row.loss.mean };
}

/** A line of `metrics.jsonl`; only rows of metrics have such a loss. */
interface Line {
  readonly event: string;
  readonly row: { readonly loss: { readonly mean: number } };
}

/** What `run.json` says of a run, as far as it is read here. */
interface RunFile {
  readonly name: string;
  readonly cell: { readonly name: string };
  readonly parameters: number;
  readonly best: { readonly validationLoss: number };
}

describe('runs in one plot', () => {
  const panel = usePanel();
  let folders: readonly string[] = [];
  const legend = () => panel.page.locator('#view-loss .legend').first();

  before(async () => {
    const { host } = panel;
    await host.trainToEnd('times.txt', text, 60);
    const first = host.folder();
    await host.trainToEnd('worse.txt', text, 60, { 'model.cell': 'gru' });
    folders = [first, host.folder()];
    await host.runs.compare(folders);
    await panel.settled();
  });

  it('are called as their list calls them', async () => {
    for (const label of ['worse.txt · gru, training', 'times.txt · vanilla, training']) {
      assert.equal(await legend().getByText(label, { exact: true }).count(), 1, label);
    }
  });

  it('have the losses that the engine measured', async () => {
    const { page, host } = panel;
    await page.locator('#view-loss .save-menu').first().getByRole('button').press('Enter');
    const saved = host.nextSave();
    await page.locator('#view-loss [data-format="csv"]').first().click();
    const rows = new TextDecoder()
      .decode((await saved).content)
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
      // Rows of metrics; those of evaluations have no training loss.
      .filter((row) => row[4] !== '');
    for (const folder of folders) {
      const { label, loss } = lastOf(folder);
      const last = rows.findLast(([run]) => run === label)!;
      assert.equal(last[1], '60');
      assert.ok(Math.abs(Number(last[4]) - loss) < 1e-6, `${label}: ${last[4]!} is not ${loss}`);
    }
  });

  it('are in a table, the one with the lowest loss first, with what differs', async () => {
    const table = panel.page.locator('table.differences');
    const rows = await table
      .locator('tr')
      .evaluateAll((all) =>
        all.map((row) => Array.from(row.children, (cell) => cell.textContent.trim())),
      );
    assert.deepEqual(rows[0], ['Run', 'Loss', 'Step', 'Time', 'Text', 'Cell', 'Parameters']);
    const known = folders
      .map((folder) => {
        const file = path.join(folder, 'run.json');
        const info = JSON.parse(fs.readFileSync(file, 'utf8')) as RunFile;
        return { ...info, label: lastOf(folder).label };
      })
      .toSorted((a, b) => a.best.validationLoss - b.best.validationLoss);
    assert.deepEqual(
      rows.slice(1).map(([label = '', loss, step, , text, cell, parameters]) => {
        return [label.replace(' (on show)', ''), loss, step, text, cell, parameters];
      }),
      known.map(({ label, best, name, cell, parameters }) => {
        const loss = best.validationLoss.toFixed(3);
        return [label, loss, '60', name, cell.name, parameters.toLocaleString('en')];
      }),
    );
    assert.equal(await table.locator('tr[aria-current="true"]').count(), 1);
  });

  it('have their gradients in one plot, too', async () => {
    const { page, host } = panel;
    await openTab(page, 'gradients');
    const shown = host.runs.current!;
    const legends = page.locator('.gradients .legend');
    const other = host.runs.compared[0]!;
    const label = lastOf(other.folder).label;
    const step = other.observations.items.at(-1)!.step;
    // Each has its own states: s of the vanilla cell, h of the GRU.
    const state = label.includes('gru') ? 'h' : 's';
    await legends.getByText(`${label}, ${state}, step ${String(step)}`, { exact: true }).waitFor();
    await legends.getByText(new RegExp(`^${lastOf(shown.folder).label}, step \\d+$`)).waitFor();
    await panel.screenshot('gradients-compared');
    // Pictures are drawn where they are in sight.
    await page.locator('[aria-labelledby="gradient-norms-title"]').scrollIntoViewIfNeeded();
    await legends.getByText(label, { exact: true }).waitFor();
    await openTab(page, 'loss');
  });

  for (const kind of themeKinds) {
    it(`are told apart in ${kind}, and legible`, async () => {
      const { page } = panel;
      await panel.theme(kind);
      const canvas = page.locator('#view-loss .plot canvas').first();
      for (const color of ['blue', 'purple']) {
        const line = `var(--vscode-charts-${color})`;
        assert.ok((await pixelsOfColor(canvas, line)) > 20, color);
        assert.ok((await contrastOf(page, line)) >= 3, color);
      }
      assert.deepEqual(await illegible(page, '#view-loss'), []);
      assert.deepEqual(await accessibilityViolations(page), []);
      await panel.screenshot(`runs-compared-${kind}`);
    });
  }

  it('are alone again when the comparison ends', async () => {
    const { host } = panel;
    host.runs.clearComparison();
    await legend().getByText('times.txt · vanilla, training').waitFor({ state: 'detached' });
  });
});
