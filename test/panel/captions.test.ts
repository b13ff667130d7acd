// A picture with its caption, and the pixels that each word of it depends on, against the command line's numbers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { formatFor } from '../../src/protocol/format';
import { Uri } from 'vscode';
import { accessibilityViolations } from './support/axe';
import { smallModel } from './support/host';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { openTab, openTable } from './support/view';

const { loss: written } = formatFor('en');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-'));
const scenes = path.join(folder, 'scenes');
execFileSync(process.execPath, [
  'dist/cli.js',
  'generate',
  'scenes',
  '--rows',
  '800',
  '--out',
  scenes,
]);
const file = path.join(scenes, 'metadata.csv');
const text = fs.readFileSync(file, 'utf8');
const [, row] = text.split('\n');
const [image = '', caption = ''] = row!.split(',');

describe('a picture with its caption', () => {
  const panel = usePanel();
  const figure = () => panel.page.locator('[aria-labelledby="example-picture-title"]');

  before(async () => {
    const { page, host } = panel;
    const document = { uri: Uri.file(file).toString(), name: path.basename(file), path: file };
    await host.runs.train({
      ...{ document, cell: undefined },
      settings: { ...smallModel, 'training.batch': 32, 'training.steps': 60 },
    });
    await host.until(() => !host.runs.busy);
    const editor = panel.edit(file.slice(1), text);
    await openTab(page, 'cursor');
    editor.goTo(2, 1);
    await figure().waitFor();
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it('has a row for each word that is written, with its loss', async () => {
    const args = ['inspect', panel.host.folder(), path.join(path.dirname(file), image)];
    const out = execFileSync(
      process.execPath,
      [path.resolve('dist/cli.js'), ...args, '--target', caption, '--json'],
      { encoding: 'utf8' },
    );
    const told = JSON.parse(out) as { parts: string[]; loss: number[] };
    assert.deepEqual(told.parts, [...caption.split(' '), 'END']);
    const rows = await openTable(figure().locator('.table'));
    assert.deepEqual(
      rows.map(([, , truth, loss]) => [truth, loss]),
      told.parts.map((part, i) => [part, written(told.loss[i]!)]),
    );
  });

  it('shows by keyboard which pixels another word depends on', async () => {
    const picture = () =>
      figure()
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const words = figure().locator('figcaption button');
    const first = await picture();
    await words.nth(2).press('Enter');
    await figure().locator('figcaption button:nth-child(3)[aria-pressed="true"]').waitFor();
    assert.match((await figure().locator('canvas').getAttribute('aria-label'))!, /^3 .*pixels/);
    assert.notEqual(await picture(), first);
    // The figures that speak of the same part follow.
    await panel.page
      .locator('[aria-labelledby="example-gradient-title"]')
      .getByText(/^E of 3 /)
      .waitFor();
    const red = await picture();
    await figure().getByRole('checkbox').press('Space');
    await panel.settled();
    assert.notEqual(await picture(), red);
    await figure().getByRole('checkbox').press('Space');
  });

  it('breaks no rule of accessibility in any theme', async () => {
    for (const kind of themeKinds) {
      await panel.theme(kind);
      assert.equal((await accessibilityViolations(panel.page)).join('\n'), '', kind);
      await figure().scrollIntoViewIfNeeded();
      await panel.screenshot(`caption-${kind}`);
    }
  });

  it('is saved', async () => {
    const saved = panel.host.nextSave();
    await figure().locator('.save-menu').getByRole('button').press('Enter');
    await figure().locator('[data-format="svg"]').click();
    const svg = new TextDecoder().decode((await saved).content);
    assert.match(svg, /^<svg[^]*<image/);
    for (const word of await figure().locator('figcaption button').allInnerTexts()) {
      if (word !== 'END') assert.ok(svg.includes(word.split(',')[0]!), word);
    }
  });
});
