import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import {
  defaultStyle,
  recordThemes,
  themeVariables,
  usedVariables,
  type Variables,
} from '../panel/support/themes';
import { panelFrame, runCommand, screenshot, trainInFront } from './support/actions';
import { chooseTheme, pixelsOfColor, smallModel, themes } from './support/panel';
import { useVSCode } from './support/vscode';

/** The colours of the two lines of the loss, with the least number of their pixels. */
const lines = { '--vscode-charts-blue': 50, '--vscode-charts-yellow': 20 };

describe('the panel in the themes of VS Code', () => {
  const vscode = useVSCode({
    files: { 'cities.txt': 'It is a far, far better thing that I do.\n'.repeat(200) },
    open: 'cities.txt',
    settings: smallModel,
  });
  let frame: Frame;
  const seen: Record<string, Variables> = {};
  let style = '';

  before(async () => {
    const { page } = vscode;
    await trainInFront(page);
    await runCommand(page, 'RNN Lab: Stop training');
    frame = await panelFrame(page, '.phase[data-phase="stopped"]');
    style = (await frame.locator('#_defaultStyles').textContent()) ?? '';
  });

  for (const theme of themes) {
    it(`is drawn in the colours of ${theme.name}`, async () => {
      await chooseTheme(vscode.data, frame, theme);
      // The chart is drawn again in the frame after the change.
      await frame.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      for (const [name, least] of Object.entries(lines)) {
        const pixels = await pixelsOfColor(frame, `var(${name})`);
        assert.ok(pixels > least, `${pixels} pixels of ${name}`);
      }
      await screenshot(vscode.page, `panel-${theme.kind}`);
      seen[theme.kind] = await frame.evaluate((names) => {
        const { style } = document.documentElement;
        const values = names.map((name) => [name, style.getPropertyValue(name).trim()]);
        return Object.fromEntries(values.filter(([, value]) => value !== '')) as Variables;
      }, usedVariables(style));
    });
  }

  it('has what the tests of the panel’s page take for VS Code’s', () => {
    if (process.env['RNN_LAB_RECORD'] === '1') recordThemes(seen, style);
    assert.deepEqual(seen, themeVariables(), 'Record them with RNN_LAB_RECORD=1.');
    assert.equal(style, defaultStyle());
  });
});
