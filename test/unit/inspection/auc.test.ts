import assert from 'node:assert/strict';
import { areaUnderCurve, rankUnits } from '../../../src/core/inspection/auc';
import { random } from '../engine/tools';

/** Every pair compared. */
function naive(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (first.length * second.length);
}

function finish<T>(generator: Generator<unknown, T, undefined>): T {
  for (;;) {
    const { done, value } = generator.next();
    if (done === true) return value;
  }
}

describe('the area under the ROC curve', () => {
  it('is the share of pairs that are in order, ties counted half', () => {
    const next = random(31);
    for (let run = 0; run < 400; run++) {
      // From values that are all different to values that are nearly all the same.
      const levels = [2, 3, 10, 1e6][run % 4]!;
      const draw = (length: number): number[] =>
        Array.from({ length }, () => Math.fround((Math.floor(next() * levels) - 1) / 3));
      const [first, second] = [
        draw(1 + Math.floor(next() * 40)),
        draw(1 + Math.floor(next() * 40)),
      ];
      const found = areaUnderCurve(Float32Array.from(first), Float32Array.from(second));
      assert.ok(Math.abs(found - naive(first, second)) < 1e-12);
    }
  });

  it('is 1, 0 or a half where the groups are apart or the same', () => {
    const area = (a: number[], b: number[]): number =>
      areaUnderCurve(Float32Array.from(a), Float32Array.from(b));
    assert.equal(area([3, 2], [1, 0]), 1);
    assert.equal(area([1, 0], [3, 2, 4]), 0);
    assert.equal(area([1, 1, 1], [1, 1]), 0.5);
    assert.equal(area([-0], [0]), 0.5);
    assert.equal(area([Infinity], [-Infinity]), 1);
  });

  it('of nothing, or of what is no number, is none', () => {
    assert.ok(Number.isNaN(areaUnderCurve(new Float32Array(0), Float32Array.of(1))));
    assert.ok(Number.isNaN(areaUnderCurve(Float32Array.of(1), new Float32Array(0))));
    assert.ok(Number.isNaN(areaUnderCurve(Float32Array.of(1, NaN), Float32Array.of(1))));
  });
});

describe('the ranking of units', () => {
  it('puts those first whose values separate best, whichever way', () => {
    const next = random(32);
    const inside = Uint8Array.from({ length: 300 }, () => Number(next() < 0.3));
    const columns = [0.2, -2, 0, 1].map((shift) =>
      Array.from(inside, (is) => Math.fround(next() + shift * is)),
    );
    const interleaved = (own: number[][]): Float32Array =>
      Float32Array.from(own[0]!.flatMap((_, i) => own.map((column) => column[i]!)));
    const found = finish(
      rankUnits(
        [
          { name: 'layer1.h', width: 3, values: interleaved(columns.slice(0, 3)) },
          { name: 'layer1.c', width: 1, values: interleaved(columns.slice(3)) },
        ],
        inside,
      ),
    );
    const group = (column: number[], is: number): number[] =>
      column.filter((_, i) => inside[i] === is);
    const expected = columns
      .map((column, i) => ({
        variable: i < 3 ? 'layer1.h' : 'layer1.c',
        unit: i % 3,
        auc: naive(group(column, 1), group(column, 0)),
      }))
      .sort((a, b) => Math.abs(b.auc - 0.5) - Math.abs(a.auc - 0.5));
    assert.deepEqual(
      found.map(({ variable, unit }) => ({ variable, unit })),
      expected.map(({ variable, unit }) => ({ variable, unit })),
    );
    found.forEach(({ auc }, i) => {
      assert.ok(Math.abs(auc - expected[i]!.auc) < 1e-12);
    });
    assert.equal(found[0]!.auc, 0);
  });
});
