import assert from 'node:assert/strict';
import { arrange } from '../../../../webview/charts/arrange';
import type { Line, LineChartContent, Mark } from '../../../../webview/charts/line';
import { paintLabels } from '../../../../webview/charts/lineLabels';
import { paintLonePoints } from '../../../../webview/charts/linePicture';
import type { Pen } from '../../../../webview/charts/pen';
import type { Theme } from '../../../../webview/theme';

const theme = { charts: { blue: '#0000ff' }, background: '#ffffff' } as Theme;
const plot = { left: 50, top: 20, width: 400, height: 200 };
/** Of a name, and as far as it has to be from what it is not to stand on. */
const lineHeight = 14;

/** Remembers texts and discs. */
function recorder() {
  const texts: { text: string; x: number; y: number }[] = [];
  const discs: { x: number; y: number }[] = [];
  const pen = {
    widthOf: (text: string) => 6 * text.length,
    text: (x: number, y: number, text: string) => texts.push({ text, x, y }),
    disc: (x: number, y: number) => discs.push({ x, y }),
    path: () => undefined,
    rect: () => undefined,
  } as unknown as Pen;
  return { pen, texts, discs };
}

function picture(y: readonly number[], more: Partial<LineChartContent> = {}) {
  const line: Line = { id: 'a', name: 'a', color: 'blue', x: y.map((_, i) => i), y };
  const axis = { label: '', write: String };
  return arrange({ x: axis, y: axis, lines: [line], ...more }, new Set(), undefined, plot.width);
}

/** Where a value stands in the plot. */
function heightOf({ y: { from, to } }: ReturnType<typeof picture>, value: number): number {
  return plot.top + (1 - (value - from) / (to - from)) * plot.height;
}

describe('the picture of a line chart', () => {
  it('has a dot where a line would go through no other point, and nowhere else', () => {
    const arranged = picture([1, 2, NaN, 5, NaN, 3, 4]);
    const { pen, discs } = recorder();
    paintLonePoints(pen, arranged, plot, theme);
    assert.deepEqual(discs, [{ x: plot.left + plot.width / 2, y: heightOf(arranged, 5) }]);
  });

  it('names a reference where no curve runs through the name', () => {
    // Two curves that come down to the reference at the right end, where its name would stand.
    const falls = Array.from({ length: 41 }, (_, i) => 2 + 8 * (1 - i / 40) ** 2);
    const arranged = picture(falls, { references: [{ label: 'bigram entropy', value: 2 }] });
    const { pen, texts } = recorder();
    paintLabels(pen, arranged, plot, theme);
    const { x, y } = texts.find(({ text }) => text === 'bigram entropy')!;
    assert.equal(y, Math.round(heightOf(arranged, 2)) + 0.5 - 8);
    const ends = [x - 6 * 'bigram entropy'.length, x];
    for (const end of ends) {
      const value = 2 + 8 * (1 - (end - plot.left) / plot.width) ** 2;
      assert.ok(Math.abs(heightOf(arranged, value) - y) >= lineHeight / 2, String(end));
    }
  });

  describe('names its marks', () => {
    const best: Mark = { label: 'best 1.234', x: 5 };
    const wide = 6 * best.label.length;

    function markHeight(arranged: ReturnType<typeof picture>): number {
      const { pen, texts } = recorder();
      paintLabels(pen, arranged, plot, theme);
      const { x, y } = texts.find(({ text }) => text === best.label)!;
      assert.ok(x >= plot.left && x + wide <= plot.left + plot.width, String(x));
      return y;
    }

    it('at the bottom, where nothing is', () => {
      const falls = Array.from({ length: 11 }, (_, i) => (i < 3 ? 10 - 4 * i : 9));
      assert.equal(markHeight(picture(falls, { marks: [best] })), plot.top + plot.height - 9);
    });

    it('above the lines and the names of references that are there', () => {
      const flat = [9, ...Array.from({ length: 10 }, () => 1)];
      const references = [{ label: 'bigram entropy', value: 2 }];
      const arranged = picture(flat, { marks: [best], references });
      const y = markHeight(arranged);
      const reference = heightOf(arranged, 2);
      for (const taken of [heightOf(arranged, 1), reference, reference - 8]) {
        assert.ok(Math.abs(y - taken) >= lineHeight - 1, `${y} is at ${taken}`);
      }
    });

    it('beside their own point, and not at another line', () => {
      const arranged = picture([9, 9, 9, 9, 9, 5, 5, 5, 1, 1, 1], { marks: [{ ...best, y: 9 }] });
      const y = markHeight(arranged);
      assert.ok(Math.abs(y - heightOf(arranged, 9)) < 2 * lineHeight, String(y));
    });

    it('clear of a line that falls right beside them', () => {
      const falls = Array.from({ length: 11 }, (_, i) => 10 - i);
      const arranged = picture(falls, { marks: [best] });
      const y = markHeight(arranged);
      // Across its name, which stands right of the mark, the line goes from 5 to less than 3.
      const [top, low] = [heightOf(arranged, 5), heightOf(arranged, 3)];
      assert.ok(y <= top - lineHeight + 1 || y >= low + lineHeight - 1, `${top} ${y} ${low}`);
    });
  });
});
