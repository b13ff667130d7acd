import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Line } from '../../../../webview/charts/line';
import { firstAtLeast, joinColumns, reduceLine } from '../../../../webview/charts/reduce';

function lineOf(y: readonly number[], more: Partial<Line> = {}): Line {
  return { id: 'a', name: 'a', color: 'blue', x: y.map((_, i) => i + 1), y, ...more };
}

const everything = { from: -Infinity, to: Infinity };

describe('a line in no more points than pixels', () => {
  it('stays as it is where there is room, with gaps where a value is not finite', () => {
    const reduced = reduceLine(lineOf([1, NaN, Infinity, 4]), everything, 100);
    assert.deepEqual(reduced, { x: [1, 2, 3, 4], y: [1, null, null, 4] });
  });

  it('takes what is within a span, and a neighbour on either side', () => {
    const line = lineOf(Array.from({ length: 100 }, (_, i) => i));
    assert.deepEqual(reduceLine(line, { from: 50, to: 52 }, 1000).x, [49, 50, 51, 52, 53]);
    assert.deepEqual(reduceLine(line, { from: 49.5, to: 49.6 }, 1000).x, [49, 50, 51]);
  });

  it('has few points, never loses the least or the greatest, and ends at its last value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
          minLength: 1,
          maxLength: 3000,
        }),
        fc.integer({ min: 10, max: 300 }),
        (values, limit) => {
          const { x, y } = reduceLine(lineOf(values), everything, limit);
          assert.ok(x.length <= limit + 3, `${x.length} of ${limit}`);
          assert.equal(Math.min(...(y as number[])), Math.min(...values));
          assert.equal(Math.max(...(y as number[])), Math.max(...values));
          assert.equal(x.at(-1), values.length);
          assert.equal(y.at(-1), values.at(-1));
          assert.ok(x.every((step, i) => i === 0 || step > x[i - 1]!));
        },
      ),
    );
  });

  it('is drawn as weighted means where values have weights, within their spread', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            mean: fc.double({ min: 0, max: 10, noNaN: true }),
            weight: fc.integer({ min: 1, max: 9 }),
          }),
          { minLength: 1, maxLength: 2000 },
        ),
        fc.integer({ min: 10, max: 200 }),
        (rows, limit) => {
          const means = rows.map(({ mean }) => mean);
          const weights = rows.map(({ weight }) => weight);
          const spread = { least: means.map((m) => m - 1), greatest: means.map((m) => m + 1) };
          const { x, y, least, greatest } = reduceLine(
            lineOf(means, { weights, spread }),
            everything,
            limit,
          );
          assert.ok(x.length <= limit + 2);
          assert.equal(y.at(-1), means.at(-1));
          // The means of all points, each with the weight of what it stands for, are the mean of all.
          let sum = 0;
          let row = 0;
          x.forEach((step, i) => {
            for (; row < step; row++) sum += y[i]! * weights[row]!;
          });
          const whole = rows.reduce((all, { mean, weight }) => all + mean * weight, 0);
          assert.ok(Math.abs(sum - whole) <= 1e-9 * (1 + whole));
          y.forEach((value, i) => {
            assert.ok(least![i]! <= value! && value! <= greatest![i]!);
          });
        },
      ),
    );
  });

  it('keeps the points there are while it grows', () => {
    const values = Array.from({ length: 900 }, (_, i) => Math.sin(i));
    const weights = values.map(() => 1);
    const at = (length: number) =>
      reduceLine(
        lineOf(values.slice(0, length), { weights: weights.slice(0, length) }),
        everything,
        120,
      );
    assert.deepEqual(at(900).y.slice(0, 90), at(810).y.slice(0, 90));
  });
});

describe('lines on one x', () => {
  it('are joined: an entry is undefined where a line has no point, null where it has a gap', () => {
    const joined = joinColumns([
      { x: [1, 2, 4], columns: [[10, null, 40]] },
      {
        x: [2, 3],
        columns: [
          [20, 30],
          [21, 31],
        ],
      },
    ]);
    assert.deepEqual(joined, {
      x: [1, 2, 3, 4],
      columns: [
        [10, null, undefined, 40],
        [undefined, 20, 30, undefined],
        [undefined, 21, 31, undefined],
      ],
    });
  });

  it('of the same array are taken as they are', () => {
    const x = [1, 2];
    assert.equal(
      joinColumns([
        { x, columns: [[1, 2]] },
        { x, columns: [[3, 4]] },
      ]).x,
      x,
    );
    assert.deepEqual(joinColumns([]), { x: [], columns: [] });
  });

  it('with two points at the same x have the first', () => {
    const joined = joinColumns([
      { x: [1, 1, 2], columns: [[5, 6, 7]] },
      { x: [2, 3], columns: [[8, 9]] },
    ]);
    assert.deepEqual(joined.columns[0], [5, 7, undefined]);
  });
});

describe('the first place at least', () => {
  it('is where a linear search finds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 })),
        fc.integer({ max: 60 }),
        (list, wanted) => {
          const values = list.toSorted((a, b) => a - b);
          const found = values.findIndex((value) => value >= wanted);
          assert.equal(firstAtLeast(values, wanted), found < 0 ? values.length : found);
        },
      ),
    );
  });
});
