import assert from 'node:assert/strict';
import { arrange, axisTicks, entryAt, placeOn } from '../../../../webview/charts/arrange';
import type { Axis, Line, LineChartContent } from '../../../../webview/charts/line';
import { chartCsv } from '../../../../webview/charts/lineTable';
import { panned, scaled } from '../../../../webview/charts/zoom';

const plain: Axis = { label: 'x', write: String };

function contentOf(lines: readonly Line[], more: Partial<LineChartContent> = {}): LineChartContent {
  return { x: plain, y: { ...plain, label: 'y' }, lines, ...more };
}

function lineOf(id: string, x: readonly number[], y: readonly number[]): Line {
  return { id, name: id, color: 'blue', x, y };
}

const shown = new Set<string>();

describe('what a line chart draws', () => {
  const content = contentOf([lineOf('a', [0, 1, 2], [5, 1, 3]), lineOf('b', [2, 4], [-1, 9])]);

  it('has axes that hold all lines, with some air above and below', () => {
    const { x, y } = arrange(content, shown, undefined, 100);
    assert.deepEqual(x, { from: 0, to: 4 });
    assert.ok(y.from < -1 && y.from > -2 && y.to > 9 && y.to < 10);
  });

  it('leaves hidden lines out, of the axes too', () => {
    const { lines, x, y } = arrange(content, new Set(['b']), undefined, 100);
    assert.deepEqual(
      lines.map(({ line }) => line.id),
      ['a'],
    );
    assert.deepEqual(x, { from: 0, to: 2 });
    assert.ok(y.from > 0 && y.to < 6);
  });

  it('has heights of what is zoomed to alone', () => {
    const included = contentOf(content.lines, { y: { ...plain, include: [100] } });
    assert.ok(arrange(included, shown, undefined, 100).y.to > 100);
    const { x, y } = arrange(included, shown, { from: 1, to: 2 }, 100);
    assert.deepEqual(x, { from: 1, to: 2 });
    assert.ok(y.from < -1 && y.to > 3 && y.to < 4);
  });

  it('never goes below its floor', () => {
    const floored = contentOf([lineOf('a', [0, 1], [0.001, 0.5])], { y: { ...plain, floor: 0 } });
    assert.equal(arrange(floored, shown, undefined, 100).y.from, 0);
  });

  it('converts values and references alike, and sorts these from above', () => {
    const { lines, references } = arrange(
      contentOf([{ ...lineOf('a', [0, 1], [1, 2]), scale: { factor: 3, offset: 0 } }], {
        y: { ...plain, convert: (value) => 10 * value },
        references: [
          { label: 'low', value: 1 },
          { label: 'high', value: 4 },
          { label: 'none', value: NaN },
        ],
      }),
      shown,
      undefined,
      100,
    );
    assert.deepEqual(lines[0]!.y, [30, 60]);
    assert.deepEqual(references, [
      { label: 'high', value: 40 },
      { label: 'low', value: 10 },
    ]);
  });

  it('has on log axes only what is above zero', () => {
    const log = contentOf([lineOf('a', [0, 1, 10], [1, 0, 100])], {
      x: { ...plain, log: true },
      y: { ...plain, log: true },
    });
    const { x, y, lines } = arrange(log, shown, undefined, 100);
    assert.deepEqual(x, { from: 1, to: 10 });
    assert.deepEqual(lines[0]!.y, [null, 100]);
    assert.ok(y.from > 0 && y.from < 100 && y.to > 100);
  });

  it('has axes even without a value', () => {
    for (const log of [false, true]) {
      const empty = contentOf([lineOf('a', [], [])], {
        x: { ...plain, log },
        y: { ...plain, log },
      });
      const { x, y } = arrange(empty, shown, undefined, 100);
      assert.ok(x.to > x.from && y.to > y.from && (!log || (x.from > 0 && y.from > 0)));
    }
  });

  it('knows the value that holds at a place', () => {
    const measured: Line = { ...lineOf('m', [2, 4], [7, 8]), dots: true };
    const { lines } = arrange(
      contentOf([lineOf('a', [0, 1, 2], [5, NaN, 3]), measured]),
      shown,
      undefined,
      100,
    );
    const [a, m] = lines;
    assert.equal(entryAt(a!, 0), 0);
    assert.equal(entryAt(a!, 1), undefined, 'in a gap');
    assert.equal(entryAt(a!, 2.01), 2, 'where a measurement after the last step is');
    assert.equal(entryAt(a!, 9), undefined, 'after the end of a curve');
    assert.equal(entryAt(m!, 1), undefined, 'before the first measurement');
    assert.equal(entryAt(m!, 9), 1, 'a measurement holds until the next');
  });
});

describe('ticks', () => {
  it('are round numbers within the axis', () => {
    assert.deepEqual(axisTicks(plain, { from: 0, to: 10 }, 5), [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(axisTicks(plain, { from: 0, to: 0.0043 }, 1.5), [0, 0.002, 0.004]);
  });

  it('of whole numbers are whole', () => {
    assert.deepEqual(axisTicks({ ...plain, whole: true }, { from: 0, to: 2 }, 8), [0, 1, 2]);
  });

  it('of a clock are those of a clock', () => {
    const clock = { ...plain, tickSteps: [1, 5, 15, 30, 60, 120] };
    assert.deepEqual(axisTicks(clock, { from: 0, to: 100 }, 5), [0, 30, 60, 90]);
    assert.deepEqual(axisTicks(clock, { from: 61, to: 300 }, 2), [120, 240]);
  });

  it('of log axes fit their width', () => {
    const log = { ...plain, log: true };
    assert.deepEqual(axisTicks(log, { from: 1e-6, to: 1 }, 4), [1e-6, 1e-4, 1e-2, 1]);
    assert.deepEqual(axisTicks(log, { from: 0.9, to: 90 }, 10), [1, 2, 5, 10, 20, 50]);
    assert.deepEqual(axisTicks(log, { from: 1.5, to: 4 }, 5), [1.5, 2, 2.5, 3, 3.5, 4]);
  });

  it('are placed from 0 to 1', () => {
    assert.equal(placeOn(plain, { from: 2, to: 4 }, 3), 0.5);
    assert.ok(Math.abs(placeOn({ ...plain, log: true }, { from: 1, to: 100 }, 10) - 0.5) < 1e-12);
  });
});

describe('zooming', () => {
  const whole = { from: 0, to: 100 };

  it('keeps the place that it is around, and ends at the whole', () => {
    assert.deepEqual(scaled(whole, whole, 40, 0.5, false), { from: 20, to: 70 });
    assert.deepEqual(scaled({ from: 20, to: 70 }, whole, 100, 0.5, false), { from: 60, to: 85 });
    assert.equal(scaled({ from: 20, to: 70 }, whole, 40, 2, false), undefined);
  });

  it('reckons with factors on log axes', () => {
    const span = scaled({ from: 1, to: 10_000 }, { from: 1, to: 10_000 }, 100, 0.5, true)!;
    assert.ok(Math.abs(span.from - 10) < 1e-9 && Math.abs(span.to - 1000) < 1e-6);
    const moved = panned({ from: 1, to: 100 }, 1000, true);
    assert.ok(Math.abs(moved.from - 100) < 1e-9 && Math.abs(moved.to - 10_000) < 1e-6);
    assert.deepEqual(panned({ from: 0, to: 10 }, 50, false), { from: 45, to: 55 });
  });
});

describe('a chart as comma-separated values', () => {
  it('has every value on show, in the unit on show, and quotes names', () => {
    const content = contentOf(
      [
        { ...lineOf('a, "b"', [1, 2, 3], [1, 2, 3]), scale: { factor: 2, offset: 0 } },
        lineOf('c', [2.5], [Number.POSITIVE_INFINITY]),
      ],
      { y: { ...plain, convert: (value) => value / 4 } },
    );
    const all = arrange(content, shown, undefined, 1);
    assert.equal(chartCsv(all), 'x,"a, ""b""",c\r\n1,0.5,\r\n2,1,\r\n2.5,,Infinity\r\n3,1.5,\r\n');
    const part = arrange(content, shown, { from: 2, to: 2.6 }, 100);
    assert.equal(chartCsv(part), 'x,"a, ""b""",c\r\n2,1,\r\n2.5,,Infinity\r\n');
  });
});
