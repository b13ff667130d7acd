import assert from 'node:assert/strict';
import type { Pen } from '../../../webview/charts/pen';
import {
  layoutHistogram,
  paintHistogram,
  type HistogramData,
} from '../../../webview/charts/histogramPicture';
import { powerTicks, roundTicks } from '../../../webview/charts/ticks';
import type { Theme } from '../../../webview/theme';

const colors: Partial<Theme> = {
  training: 'bar',
  foreground: 'cursor',
  validation: 'outline',
  grid: '',
  muted: '',
  reference: '',
};
const theme = colors as Theme;

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Draws and gives back the rectangles of each colour. */
function paint(data: HistogramData, cursor?: number) {
  const rects = new Map<string, Rect[]>();
  const paths: (readonly number[])[] = [];
  const pen: Pen = {
    rect(x, y, width, height, fill) {
      rects.set(fill, [...(rects.get(fill) ?? []), { x, y, width, height }]);
    },
    path(lines, { stroke }) {
      paths.push(...lines);
      assert.equal(stroke, 'outline');
    },
    frame: () => undefined,
    text: () => undefined,
    pixels: () => undefined,
    disc: () => undefined,
    clipped: () => undefined,
    widthOf: (text) => 6 * text.length,
  };
  const write = { value: String, count: String };
  const layout = layoutHistogram(data, { width: 426, height: 117 }, write, pen);
  paintHistogram(pen, { data, layout, theme, write, cursor, ratio: 1 });
  /** The least y of what is drawn as a line. */
  const highest = () => Math.min(...paths.flat().filter((_, i) => i % 2 === 1));
  return { rects, layout, highest };
}

const data: HistogramData = {
  bins: { least: -2, greatest: 2, counts: Float64Array.of(10, 0, 5, 20) },
  before: undefined,
  range: [-2, 2],
  logCount: false,
  quantity: 'W',
};

describe('a histogram', () => {
  it('has bars as high as their counts and as wide as their bins', () => {
    const { rects, layout } = paint(data);
    const bars = rects.get('bar')!;
    const plot = layout.bottom - layout.top;
    assert.deepEqual(
      bars.map(({ height }) => height / plot),
      [0.5, 0.25, 1],
    );
    // A pixel is left between wide bars.
    const width = (layout.right - layout.left) / 4;
    for (const bar of bars) assert.ok(Math.abs(bar.width + 1 - width) <= 1);
    assert.ok(Math.abs(bars[1]!.x - layout.x(0)) <= 0.5);
  });

  it('may have a log axis of counts, on which a decade is a decade', () => {
    const counts = Float64Array.of(1, 10, 100, 0);
    const { layout } = paint({ ...data, bins: { ...data.bins, counts }, logCount: true });
    const [one, ten, hundred] = [1, 10, 100].map((count) => layout.bottom - layout.y(count));
    assert.ok(one! > 0);
    assert.ok(Math.abs(ten! - one! - (hundred! - ten!)) < 1e-9);
    assert.equal(layout.y(0), layout.bottom);
    assert.deepEqual(layout.countTicks, [1, 10, 100]);
  });

  it('makes the bin under the cursor stand out', () => {
    const { rects } = paint(data, 3);
    assert.equal(rects.get('cursor')!.length, 1);
    assert.equal(rects.get('bar')!.length, 2);
  });

  it('draws an earlier one to the same scale, whatever its bins', () => {
    // 40 values in two bins of width 1: in bins of width 1 as now, both have 20 values.
    const bins = { least: -1, greatest: 1, counts: Float64Array.of(20, 20) };
    const first = paint({ ...data, before: bins });
    assert.equal(first.highest(), first.layout.y(20));
    // Half as wide: each bin of now would have twice as many.
    const narrow = { least: -0.5, greatest: 0.5, counts: Float64Array.of(5, 5) };
    const second = paint({ ...data, before: narrow });
    assert.equal(second.highest(), second.layout.y(10));
  });

  it('shows values that are all the same, and none', () => {
    const same = { least: 0, greatest: 0, counts: Float64Array.of(7) };
    const { rects, layout } = paint({ ...data, bins: same, range: [0, 0] });
    assert.equal(rects.get('bar')!.length, 1);
    assert.ok(Math.abs(layout.x(0) - (layout.left + layout.right) / 2) < 1e-9);
    const none = { least: NaN, greatest: NaN, counts: new Float64Array(0) };
    assert.equal(paint({ ...data, bins: none, range: [0, 0] }).rects.get('bar'), undefined);
  });
});

describe('ticks', () => {
  it('are round numbers', () => {
    assert.deepEqual(roundTicks(-0.31, 0.42, 4), [-0.2, 0, 0.2, 0.4]);
    assert.deepEqual(roundTicks(0, 17, 4), [0, 5, 10, 15]);
    assert.deepEqual(roundTicks(0, 3e-7, 3), [0, 1e-7, 2e-7, 3e-7]);
    assert.deepEqual(roundTicks(2, 2, 3), [2]);
  });

  it('are powers of ten on a log axis', () => {
    assert.deepEqual(powerTicks(1, 1234, 5), [1, 10, 100, 1000]);
    assert.deepEqual(powerTicks(0.002, 1e6, 4), [0.01, 10, 10_000]);
  });
});
