// What is drawn on a canvas.
import type { Locator } from 'playwright-core';

/** How many pixels of a canvas are drawn on at all. */
export function inkOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    let ink = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) ink++;
    return ink;
  });
}

/** How many pixels of a canvas have exactly the colour that a CSS expression stands for there. */
export function pixelsOfColor(canvas: Locator, color: string): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement, css) => {
    const probe = document.createElement('span');
    probe.style.color = css;
    document.body.append(probe);
    const swatch = document.createElement('canvas').getContext('2d')!;
    swatch.fillStyle = getComputedStyle(probe).color;
    swatch.fillRect(0, 0, 1, 1);
    probe.remove();
    const wanted = swatch.getImageData(0, 0, 1, 1).data;
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if ([0, 1, 2, 3].every((channel) => data[i + channel] === wanted[channel])) count++;
    }
    return count;
  }, color);
}
