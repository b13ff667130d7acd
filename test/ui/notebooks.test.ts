import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { openFile, panelFrame, runCommand, screenshot } from './support/actions';
import { chooseTheme, themes } from './support/panel';
import { useVSCode } from './support/vscode';
import { until } from './support/wait';

const notebook = `# Does a larger state help?

A small question about a fox, asked of two cells and two sizes.

\`\`\`experiment sizes
data: fox.txt
cell: [vanilla, gru]
hidden: [4, 16]
seeds: 3
steps: 120
batch: 4
sequence: 16
evaluateEvery: 20
expect: validationLoss[hidden=16] < validationLoss[hidden=4]
\`\`\`
`;

/** What the page has of it. */
type Axe = Pick<typeof axe, 'run'>;

describe('lab notebooks', () => {
  const vscode = useVSCode({
    files: {
      'fox.rnnlab.md': notebook,
      'fox.txt': 'the quick brown fox jumps over the lazy dog.\n'.repeat(60),
    },
  });
  let frame: Frame;

  it('are opened and run by keyboard, and draw what comes out', async () => {
    const { page } = vscode;
    await openFile(page, 'fox.rnnlab.md', '.notebookOverlay .cell-list-container');
    await page.locator('.notebookOverlay .cell-statusbar-container').getByText('12 runs').waitFor();
    await runCommand(page, 'Notebook: Run All');
    frame = await panelFrame(page, '.rnn-lab .results tbody tr.best');
    await frame.locator('.verdicts li').waitFor();
    const rows = frame.locator('.rnn-lab .results tbody tr');
    assert.equal(await rows.count(), 4);
    for (const title of [
      'Curves',
      'Parallel coordinates',
      'Every run',
      'Two settings',
      'Which setting mattered',
    ]) {
      await frame.getByRole('heading', { name: title }).waitFor();
    }
    assert.match((await frame.locator('.verdicts li').textContent()) ?? '', /^✔ validationLoss/);
    // What the table says is what its file keeps.
    await page.locator('.notebookOverlay .codicon-notebook-state-success').waitFor();
    await runCommand(page, 'File: Save');
    const file = path.join(vscode.workspace, 'fox.rnnlab.md');
    const best = await frame.locator('tr.best td.number').first().textContent();
    const [, value = ''] = /^([\d.]+)/.exec(best ?? '') ?? [];
    // Where VS Code saves by itself, a tab does not tell what is not saved yet.
    const kept = new RegExp(`\`\`\`output\n[^\`]*${value}[^\n]*best`);
    await until('the file has it', () => kept.test(fs.readFileSync(file, 'utf8')));
  });

  it('are read out and sorted with the keyboard', async () => {
    const { page } = vscode;
    const plot = frame.locator('.chart .slider-canvas');
    await plot.focus();
    await page.keyboard.press('End');
    assert.match(
      (await plot.getAttribute('aria-valuetext')) ?? '',
      /^step 120, cell vanilla, hidden 4 \d/,
    );
    await frame.locator('.sort[data-key="column 1"]').focus();
    await page.keyboard.press('Enter');
    const head = frame.locator('th[aria-sort="ascending"]');
    assert.match((await head.textContent()) ?? '', /^hidden/);
  });

  it('have no faults that axe finds, in every theme', async () => {
    for (const theme of themes) {
      await chooseTheme(vscode.data, frame, theme);
      await frame.evaluate(axe.source);
      const faults = await frame.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run('.rnn-lab');
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
      });
      assert.deepEqual(faults, [], theme.name);
      await screenshot(vscode.page, `notebook-${theme.kind}`);
    }
  });
});
