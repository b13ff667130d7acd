// Whether what is drawn can be read: the contrast of its colours, as WCAG 2.1 defines it.
import type { Page } from 'playwright-core';

/** A text on a canvas as it was drawn last. */
interface DrawnText {
  readonly text: string;
  readonly color: string;
  /** Its place on the canvas, pixels. */
  readonly x: number;
  readonly y: number;
  /** Its box there. */
  readonly box: DOMRect;
}

export type Recorded = Window & { drawnText: Map<HTMLCanvasElement, DrawnText[]> };

/** Runs in the page before the panel: notes what canvases write, and forgets it where they are cleared. */
export function recordDrawnText(): void {
  const drawn = new Map<HTMLCanvasElement, DrawnText[]>();
  (window as unknown as Recorded).drawnText = drawn;
  const plain = CanvasRenderingContext2D.prototype;
  const { fillText, clearRect } = plain;
  plain.fillText = function (text, x, y, ...rest) {
    const texts = drawn.get(this.canvas) ?? [];
    const place = this.getTransform().transformPoint({ x, y });
    const size = this.measureText(text);
    const corners = [-size.actualBoundingBoxLeft, size.actualBoundingBoxRight].flatMap((dx) =>
      [-size.actualBoundingBoxAscent, size.actualBoundingBoxDescent].map((dy) =>
        this.getTransform().transformPoint({ x: x + dx, y: y + dy }),
      ),
    );
    const [left, top] = [
      Math.min(...corners.map((c) => c.x)),
      Math.min(...corners.map((c) => c.y)),
    ];
    const right = Math.max(...corners.map((c) => c.x));
    const bottom = Math.max(...corners.map((c) => c.y));
    const box = new DOMRect(left, top, right - left, bottom - top);
    texts.push({ text, color: this.fillStyle as string, x: place.x, y: place.y, box });
    drawn.set(this.canvas, texts);
    fillText.call(this, text, x, y, ...rest);
  };
  plain.clearRect = function (...box) {
    drawn.delete(this.canvas);
    clearRect.apply(this, box);
  };
}

type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** A text, its colour and what is behind it, as CSS colours in the order they lie on each other. */
interface Sight {
  readonly text: string;
  readonly color: Color;
  readonly behind: readonly Color[];
}

/** Relative luminance, 0 to 1; channels are 0 to 255. */
export function luminance([red, green, blue]: readonly number[]): number {
  const [r, g, b] = [red, green, blue].map((channel) => {
    const share = channel! / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

/** From 1 to 21. */
export function contrast(one: readonly number[], other: readonly number[]): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

/** A colour that lies on others, the lowest of which is opaque. */
function laid(colors: readonly Color[]): readonly number[] {
  return colors.reduce<readonly number[]>(
    (below, [red, green, blue, alpha]) =>
      [red, green, blue].map((channel, i) => alpha * channel + (1 - alpha) * (below[i] ?? 0)),
    [0, 0, 0],
  );
}

/** The texts of a part of the page that have less contrast to what is behind them than is asked, in words. */
export async function illegible(page: Page, selector: string, least = 4.5): Promise<string[]> {
  const sights = await sightsOf(page, selector);
  if (sights.length === 0) throw new Error(`${selector} has no text.`);
  return sights.flatMap(({ text, color, behind }) => {
    const ratio = contrast(laid([...behind, color]), laid(behind));
    return ratio < least ? [`${text}: ${ratio.toFixed(2)}`] : [];
  });
}

/** The contrast of a variable of the theme to the editor's background, each where it is used. */
export async function contrastOf(page: Page, css: string): Promise<number> {
  const [color, background] = await page.evaluate((wanted) => {
    const swatch = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const probe = document.createElement('span');
    document.body.append(probe);
    const colors = [wanted, 'var(--vscode-editor-background)'].map((each) => {
      probe.style.color = each;
      swatch.clearRect(0, 0, 1, 1);
      swatch.fillStyle = getComputedStyle(probe).color;
      swatch.fillRect(0, 0, 1, 1);
      return [...swatch.getImageData(0, 0, 1, 1).data];
    });
    probe.remove();
    return colors;
  }, css);
  return contrast(color!, background!);
}

/** Texts of canvases and of drawings, which automatic checkers pass over. */
function sightsOf(page: Page, selector: string): Promise<Sight[]> {
  return page.locator(selector).evaluate((root) => {
    const swatch = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const read = (css: string): [number, number, number, number] => {
      swatch.clearRect(0, 0, 1, 1);
      swatch.fillStyle = css;
      swatch.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = swatch.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha / 255];
    };
    const behind = (element: Element) => {
      const colors = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        colors.unshift(read(getComputedStyle(at).backgroundColor));
      }
      return colors;
    };
    const isSeen = (element: Element) => element.getClientRects().length > 0;
    const found: Sight[] = [];
    for (const [canvas, texts] of (window as unknown as Recorded).drawnText) {
      if (!root.contains(canvas) || !isSeen(canvas)) continue;
      for (const { text, color } of texts) {
        found.push({ text, color: read(color), behind: behind(canvas) });
      }
    }
    for (const text of root.querySelectorAll('svg text')) {
      if (!isSeen(text)) continue;
      const { fill, fillOpacity, opacity } = getComputedStyle(text);
      const [red, green, blue, alpha] = read(fill);
      const seen = alpha * Number(fillOpacity) * Number(opacity);
      found.push({
        ...{ text: text.textContent, color: [red, green, blue, seen] as const },
        behind: behind(text),
      });
    }
    return found;
  });
}
