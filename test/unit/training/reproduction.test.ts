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
  const withLoss = (row: (typeof rows)[number], loss: number) => ({
    ...row,
    loss: { mean: loss, min: loss, max: loss },
  });
  const lines = rows.map((row) => ({ event: 'metrics' as const, row }));

  it('agree with themselves, summed up or not, and differ by one bit', () => {
    const next = 2.125 + 2 ** -51;
    for (const kept of [lines, keptMetrics(3, lines).items]) {
      const same = compareMetrics(kept, 0);
      for (const row of rows) assert.equal(same.step(row), undefined);
      assert.equal(same.agreed().rows, kept.length);
      const other = compareMetrics(kept, 0);
      const found = rows.flatMap(
        (row) => other.step(row.step === 3 ? withLoss(row, next) : row) ?? [],
      );
      assert.equal(found[0]?.what, 'loss');
      assert.deepEqual([found[0].recorded, found[0].got], [2.125, next]);
    }
  });

  it('may have gaps, which are passed over', () => {
    const comparison = compareMetrics(
      lines.filter(({ row }) => row.step !== 2),
      0,
    );
    for (const row of rows) {
      const again = row.step === 2 ? withLoss(row, 99) : row;
      assert.equal(comparison.step(again), undefined);
    }
    assert.equal(comparison.agreed().rows, 3);
  });

  it('differ where any number does that is not the clock’s', () => {
    for (const [key, value] of Object.entries({ tokens: 9, learningRate: 0.2, clipped: 1 })) {
      const comparison = compareMetrics(lines, 0);
      const found = rows.flatMap((row) => comparison.step({ ...row, [key]: value }) ?? []);
      assert.deepEqual([found[0]?.what, found[0]?.got], ['number', value], key);
    }
    const comparison = compareMetrics(lines, 0);
    for (const row of rows) {
      const later = { ...row, seconds: 99, tokensPerSecond: 1, progress: 1 };
      assert.equal(comparison.step(later), undefined);
    }
  });

  it('must all be met', () => {
    const comparison = compareMetrics([...lines, measurement(5, 1)], 0);
    for (const row of rows) comparison.step(row);
    assert.equal(comparison.missing(4), undefined);
    assert.equal(comparison.after(4), 1);
    const { step, what, name } = comparison.missing(5)!;
    assert.deepEqual([step, what, name], [5, 'missing', 'evaluation']);
    comparison.evaluation(measurement(5, 1).row);
    assert.equal(comparison.missing(5), undefined);
  });

  it('of an earlier version’s measurements agree to 1e-4, and are told apart', () => {
    for (const [exactAfter, loss, expected] of [
      [5, 1 + 9e-5, { what: undefined, nearly: 1 }],
      [5, 1, { what: undefined, nearly: 0 }],
      [5, 1 + 2e-4, { what: 'validation loss', nearly: 0 }],
      [4, 1 + 1e-9, { what: 'validation loss', nearly: 0 }],
    ] as const) {
      const comparison = compareMetrics([measurement(5, 1)], exactAfter);
      const found = comparison.evaluation(measurement(5, loss).row);
      assert.deepEqual({ what: found?.what, nearly: comparison.agreed().nearly }, expected);
    }
  });

  function measurement(step: number, validationLoss: number) {
    const row = {
      ...{
        step,
        epoch: 0,
        seconds: 1,
        validationLoss,
        bitsPerCharacter: validationLoss,
        spelling: 0,
      },
      ...{ perplexity: Math.exp(validationLoss), tokens: 10, best: true },
    };
    return { event: 'evaluation' as const, row };
  }
});
