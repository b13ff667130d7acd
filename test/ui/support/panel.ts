// What a person sees in the panel.
import type { Frame, Page } from 'playwright-core';

/** A model that trains in no time, for as long as it is let. */
export const smallModel = {
  'rnnLab.model.hidden': 32,
  'rnnLab.training.batch': 8,
  'rnnLab.training.sequence': 16,
  'rnnLab.training.threads': 1,
  'rnnLab.training.seconds': 3600,
  'rnnLab.sampling.length': 80,
};

/** What the status bar shows of a run: step and loss. */
export const statusNumbers = /step ([\d,]+) · loss (\d+\.\d{3}) nats\/token/;

/**
 * Waits until the window knows the extension: a palette that is opened before does not offer its commands.
 */
export async function extensionLoaded(page: Page): Promise<void> {
  await page.locator('.editor-actions [aria-label^="Train RNN on this file"]').first().waitFor();
}

/** How many pixels of the chart are drawn on at all. */
export function inkOf(frame: Frame): Promise<number> {
  return frame.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) ink++;
    return ink;
  });
}

/** How many pixels of the chart have exactly the colour that a CSS expression stands for there. */
export function pixelsOfColor(frame: Frame, color: string): Promise<number> {
  return frame.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement, css) => {
    const probe = document.createElement('span');
    probe.style.color = css;
    document.body.append(probe);
    const swatch = document.createElement('canvas').getContext('2d')!;
    swatch.fillStyle = getComputedStyle(probe).color;
    swatch.fillRect(0, 0, 1, 1);
    probe.remove();
    const wanted = swatch.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if ([0, 1, 2, 3].every((channel) => data[i + channel] === wanted[channel])) count++;
    }
    return count;
  }, color);
}

/** A figure of the panel by its name: `1.234`. */
export async function figure(frame: Frame, name: string): Promise<string> {
  const place = frame.locator('.figure').filter({ has: frame.getByText(name, { exact: true }) });
  return (await place.locator('.value').textContent()) ?? '';
}

/** A number as it is shown, `12,345`, as a number. */
export function numberOf(shown: string | undefined): number {
  return Number((shown ?? '').replaceAll(',', ''));
}
