import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { openFile, panelFrame, runCommand, screenshot, waitForStatusBar } from './support/actions';
import {
  chooseTheme,
  extensionLoaded,
  figure,
  lossPlot,
  pixelsOfColor,
  smallModel,
  themes,
} from './support/panel';
import { useVSCode } from './support/vscode';

const text = 'It is a far, far better thing that I do, than I have ever done.\n'.repeat(200);

describe('the panel in every theme', () => {
  const vscode = useVSCode({ files: { 'cities.txt': text }, settings: smallModel });
  let frame: Frame;

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await openFile(page, 'cities.txt');
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    frame = await panelFrame(page, '.plot canvas');
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  for (const theme of themes) {
    it(`is drawn in the colours of ${theme.name}`, async () => {
      const loss = await figure(frame, 'Training loss');
      await chooseTheme(vscode.data, frame, theme);
      // The chart is drawn anew in the frame after the change.
      await frame.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      assert.ok((await pixelsOfColor(frame, 'var(--vscode-charts-blue)')) > 50);
      assert.ok((await pixelsOfColor(frame, 'var(--vscode-charts-yellow)')) > 20);
      assert.equal(await figure(frame, 'Training loss'), loss);
      await screenshot(vscode.page, `panel-${theme.kind}`);
    });
  }

  it('fits a narrow and a wide window', async () => {
    const { page } = vscode;
    for (const width of [700, 1800]) {
      await page.setViewportSize({ width, height: 900 });
      await frame.waitForFunction(() => {
        const plot = document.querySelector('.plot')!;
        const canvas = plot.querySelector('canvas')!;
        return (
          Math.abs(canvas.clientWidth - plot.clientWidth) <= 1 &&
          document.documentElement.scrollWidth <= window.innerWidth
        );
      });
      await screenshot(page, `panel-${String(width)}`);
    }
  });

  it('has a canvas as fine as the screen', async () => {
    const { page } = vscode;
    const ratio = await lossPlot(frame)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        return canvas.width / canvas.clientWidth / window.devicePixelRatio;
      });
    assert.ok(Math.abs(ratio - 1) < 0.01, String(ratio));
    assert.ok(page.viewportSize());
  });
});
