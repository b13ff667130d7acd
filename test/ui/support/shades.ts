// How the text in front is shaded, as it is drawn.
import type { Page } from 'playwright-core';

/** The parts of the text in front that are shaded, as their colours. */
export async function shades(page: Page): Promise<string[]> {
  return await page
    .locator('.editor-group-container .view-overlays .cdr')
    .evaluateAll((parts) =>
      parts
        .map((part) => getComputedStyle(part).backgroundColor)
        .filter((colour) => colour.startsWith('rgba(') && !colour.endsWith(', 0)')),
    );
}

/** Waits until the colours of the shaded parts are as they are wanted. */
export async function waitForShades(
  page: Page,
  wanted: (colours: string[]) => boolean,
): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (wanted(await shades(page))) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`The shades are ${(await shades(page)).join(' ')}.`);
}

/**
 * How opaque a colour lies on each character of the editor with the focus, where nothing is scrolled or folded.
 *
 * @param colour the first three numbers of an `rgba()`: `255, 140, 0`
 * @returns of each line, of each of its characters: 0 where it is bare
 */
export function opacities(page: Page, colour: string): Promise<number[][]> {
  return page.locator('.editor-group-container.active').evaluate((group, wanted) => {
    const shaded = [...group.querySelectorAll('.view-overlays .cdr')].flatMap((part) => {
      const [, rgb, alpha] =
        /^rgba\((.*), ([\d.]+)\)$/.exec(getComputedStyle(part).backgroundColor) ?? [];
      return rgb === wanted ? [{ box: part.getBoundingClientRect(), alpha: Number(alpha) }] : [];
    });
    const lines = [...group.querySelectorAll('.view-lines .view-line')].map((line) => {
      const text = line.querySelector('span')!;
      return { box: text.getBoundingClientRect(), length: text.textContent.length };
    });
    return lines
      .sort((a, b) => a.box.top - b.box.top)
      .map(({ box, length }) => {
        const y = box.top + box.height / 2;
        return Array.from({ length }, (_, i) => {
          const x = box.left + ((i + 0.5) / length) * box.width;
          const isOn = (other: DOMRect) =>
            other.left <= x && x <= other.right && other.top <= y && y <= other.bottom;
          return shaded.find((part) => isOn(part.box))?.alpha ?? 0;
        });
      });
  }, colour);
}
