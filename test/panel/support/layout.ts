// Whether everything has its place: nothing beyond the page's edges, no text over another.
import type { Page } from 'playwright-core';
import type { Recorded } from './legible';

/** What of a view's texts is cut by an edge or lies over another text, in words. */
export async function misplaced(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluate((root) => {
    const found: string[] = [];
    const isSeen = (element: Element) => element.getClientRects().length > 0;
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page scrolls sideways: ${String(scrollWidth)}`);

    // What scrolls in itself, is for the ear, or is looked at below.
    const elsewhere = 'vscode-panel-tab, .visually-hidden, .controls .label, svg, math';
    const scrolls = (at: Element | null): boolean =>
      at !== null &&
      (['auto', 'scroll'].includes(getComputedStyle(at).overflowX) || scrolls(at.parentElement));
    const seenText = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = seenText.nextNode(); node; node = seenText.nextNode()) {
      const parent = node.parentElement!;
      if (parent.closest(elsewhere) || scrolls(parent) || !isSeen(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right, width } = range.getBoundingClientRect();
      const isCut = getComputedStyle(parent).textOverflow === 'ellipsis';
      if (width > 0 && !isCut && (left < 0 || right > clientWidth)) {
        found.push(`beyond the page: ${node.textContent ?? ''}`);
      }
    }

    const apart = (a: DOMRect, b: DOMRect) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) <= 1.5 ||
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) <= 1.5;
    const compare = (texts: readonly { readonly text: string; readonly box: DOMRect }[]) => {
      texts.forEach((one, i) => {
        for (const other of texts.slice(i + 1)) {
          if (!apart(one.box, other.box)) found.push(`“${one.text}” over “${other.text}”`);
        }
      });
    };
    for (const [canvas, texts] of (window as unknown as Recorded).drawnText) {
      if (!root.contains(canvas) || !isSeen(canvas)) continue;
      compare(texts);
      for (const { text, box } of texts) {
        const isInside = box.left >= -1 && box.right <= canvas.width + 1;
        if (!isInside || box.top < -1 || box.bottom > canvas.height + 1) found.push(`cut: ${text}`);
      }
    }
    for (const svg of root.querySelectorAll('svg')) {
      if (!isSeen(svg)) continue;
      compare(
        Array.from(svg.querySelectorAll('text'), (text) => {
          // Of the line that it is in; its letters are in the middle half.
          const { x, y, width, height } = text.getBoundingClientRect();
          return { text: text.textContent, box: new DOMRect(x, y + height / 4, width, height / 2) };
        }),
      );
    }
    return found;
  });
}
