/** Principal axes against NumPy's, and nearest points against every pair. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createNearest } from '../../../src/core/inspection/nearest';
import { principalComponents, type Principal } from '../../../src/core/inspection/principal';
import { random } from '../engine/tools';

interface Recorded {
  readonly count: number;
  readonly width: number;
  readonly points: readonly number[];
  readonly shares: readonly number[];
  readonly coordinates: readonly number[];
}

function finish(work: Generator<undefined, Principal, undefined>): Principal {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

describe('principal components', () => {
  it('are those that NumPy finds, with their shares of the variance', () => {
    // Recorded by record.py beside it.
    const file = path.resolve('test/fixtures/principal/points.json');
    const recorded = JSON.parse(fs.readFileSync(file, 'utf8')) as Recorded;
    const { count, width } = recorded;
    const axes = recorded.shares.length;
    const values = Float64Array.from(recorded.points);
    const { coordinates, shares } = finish(principalComponents({ count, width, values }, axes));
    const furthest = (found: ArrayLike<number>, wanted: readonly number[]): number =>
      Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!)));
    assert.equal(coordinates.length, recorded.coordinates.length);
    assert.ok(furthest(shares, recorded.shares) < 1e-12, String(furthest(shares, recorded.shares)));
    const far = furthest(coordinates, recorded.coordinates);
    assert.ok(far < 1e-10, String(far));
  });

  it('keep all distances where all axes are kept, be there fewer points than values or more', () => {
    const next = random(3);
    for (const [count, width] of [
      [5, 9],
      [40, 7],
      [3, 1],
    ] as const) {
      const values = Float64Array.from({ length: count * width }, () => next() - 0.5);
      const { coordinates, shares } = finish(principalComponents({ count, width, values }, width));
      const apart = (of: Float64Array, a: number, b: number): number =>
        Math.hypot(
          ...Array.from({ length: width }, (_, i) => of[a * width + i]! - of[b * width + i]!),
        );
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < a; b++) {
          assert.ok(Math.abs(apart(values, a, b) - apart(coordinates, a, b)) < 1e-12);
        }
      }
      assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
      shares.forEach((share, i) => assert.ok(i === 0 || share <= shares[i - 1]!));
    }
  });

  it('of points that are all the same have no shares', () => {
    const values = new Float64Array(12).fill(0.25);
    const { coordinates, shares } = finish(principalComponents({ count: 4, width: 3, values }, 2));
    assert.deepEqual([...coordinates], Array(8).fill(0));
    assert.deepEqual([...shares], [NaN, NaN]);
  });
});

describe('the nearest points', () => {
  it('are those with the greatest cosines of all', () => {
    const next = random(5);
    const [count, width] = [50, 6];
    const values = Float64Array.from({ length: count * width }, () => next() - 0.5);
    // One has no direction: it is near none, and none is near it.
    values.fill(0, 7 * width, 8 * width);
    const near = createNearest({ count, width, values });
    const row = (point: number): Float64Array =>
      values.subarray(point * width, (point + 1) * width);
    const dot = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    for (let point = 0; point < count; point++) {
      const others = [...Array(count).keys()].filter((other) => other !== point && other !== 7);
      const wanted = others
        .map((other) => {
          const [a, b] = [row(point), row(other)];
          return { point: other, cosine: dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)) };
        })
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, 4);
      const found = near(point, 4);
      if (point === 7) {
        assert.deepEqual(found, []);
        continue;
      }
      assert.deepEqual(
        found.map((each) => each.point),
        wanted.map((each) => each.point),
      );
      found.forEach(({ cosine }, i) => assert.ok(Math.abs(cosine - wanted[i]!.cosine) < 1e-12));
    }
  });
});
