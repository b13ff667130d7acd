import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markAt, notedMark, type Mark } from '../../../src/core/training/course';
import { keptMetrics } from '../../../src/core/training/kept-metrics';
import { compareMetrics } from '../../../src/core/training/reproduction';

describe('the course of a training', () => {
  it('is noted where a clock or a hand changes something, and found again for every step', () => {
    const moments = fc.array(
      fc.record({
        progress: fc.double({ min: 0, max: 1, noNaN: true }),
        rate: fc.option(fc.constantFrom(0.1, 0.2), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(moments, (all) => {
        const course: Mark[] = [];
        const noted = all.map((moment, i) => notedMark(course, { step: i + 1, ...moment }));
        noted.forEach((mark, i) => {
          assert.deepEqual(markAt(course, i + 1), mark);
          assert.equal(mark.rate, all[i]!.rate);
          assert.ok(Math.abs(mark.progress - all[i]!.progress) < 0.001);
        });
      }),
    );
  });

  it('has a thousand marks at most, however many steps a time limit lets be done', () => {
    const course: Mark[] = [];
    for (let step = 1; step <= 100_000; step++) {
      notedMark(course, { step, progress: step / 100_000, rate: undefined });
    }
    assert.ok(course.length <= 1000, String(course.length));
  });
});

describe('recorded losses', () => {
  const rows = [2.5, 2.25, 2.125, 2].map((loss, i) => ({
    step: i + 1,
    steps: 1,
    epoch: 0,
    tokens: i + 1,
    seconds: i,
    loss: { mean: loss, min: loss, max: loss },
    gradientNorm: { mean: 1, min: 1, max: 1 },
    clipped: 0,
    learningRate: 0.1,
    tokensPerSecond: 10,
    progress: 0,
  }));
  const lines = rows.map((row) => ({ event: 'metrics' as const, row }));

  it('agree with themselves, summed up or not, and differ by one bit', () => {
    const next = 2.125 + 2 ** -51;
    for (const kept of [lines, keptMetrics(3, lines).items]) {
      const same = compareMetrics(kept);
      for (const { step, loss } of rows) assert.equal(same.step(step, loss.mean), undefined);
      assert.equal(same.agreed().rows, kept.length);
      const other = compareMetrics(kept);
      const found = rows.flatMap(
        ({ step, loss }) => other.step(step, step === 3 ? next : loss.mean) ?? [],
      );
      assert.equal(found[0]?.what, 'loss');
      assert.deepEqual([found[0].recorded, found[0].got], [2.125, next]);
    }
  });

  it('may have gaps, which are passed over', () => {
    const comparison = compareMetrics(lines.filter(({ row }) => row.step !== 2));
    for (const [step, loss] of [2.5, 99, 2.125, 2].entries()) {
      assert.equal(comparison.step(step + 1, loss), undefined);
    }
    assert.equal(comparison.agreed().rows, 3);
  });
});
