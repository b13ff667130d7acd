import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EvaluationRow, MetricsRow } from '../../../src/core/metrics/columns';
import { keptMetrics, mergeRows, type MetricsLine } from '../../../src/core/training/kept-metrics';
import { metricsOf, metricsTable } from '../../../src/protocol/history';

/** A row of `steps` steps that ends at `step`. */
function row(step: number, losses: readonly number[], secondsPerStep = 0.5): MetricsRow {
  const spread = {
    mean: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    min: Math.min(...losses),
    max: Math.max(...losses),
  };
  return {
    step,
    steps: losses.length,
    epoch: step / 100,
    tokens: 10 * step,
    seconds: step,
    loss: spread,
    gradientNorm: spread,
    clipped: losses.filter((loss) => loss > 2).length / losses.length,
    learningRate: 0.1,
    tokensPerSecond: 10 / secondsPerStep,
    progress: 0,
  };
}

function evaluation(step: number, validationLoss: number): EvaluationRow {
  const perplexity = Math.exp(validationLoss);
  const rest = { epoch: 0, seconds: 0, bitsPerCharacter: 1, spelling: 0, tokens: 10, best: false };
  return { step, validationLoss, perplexity, ...rest };
}

const stepOf = ({ row: { step } }: MetricsLine): number => step;

function keepAll(limit: number, count: number, evaluateEvery: number): readonly MetricsLine[] {
  const kept = keptMetrics(limit);
  for (let step = 1; step <= count; step++) {
    kept.append({ event: 'metrics', row: row(step, [1 + Math.sin(step)]) });
    if (step % evaluateEvery === 0) {
      kept.append({ event: 'evaluation', row: evaluation(step, 2 + Math.cos(step)) });
    }
  }
  return kept.items;
}

describe('metrics that are kept', () => {
  it('are all there while they are few, in their order', () => {
    const items = keepAll(100, 40, 10);
    assert.equal(items.length, 44);
    assert.deepEqual(
      items.map(stepOf),
      items.map(stepOf).toSorted((a, b) => a - b),
    );
    assert.equal(items[10]!.event, 'evaluation');
  });

  it('are bounded however long a training goes on, and lose no step, no extreme and not the best measurement', () => {
    for (const evaluateEvery of [1, 7, 100_000]) {
      const items = keepAll(50, 10_000, evaluateEvery);
      assert.ok(items.length <= 51, String(items.length));
      const rows = items.flatMap((item) => (item.event === 'metrics' ? [item.row] : []));
      assert.equal(
        rows.reduce((sum, { steps }) => sum + steps, 0),
        10_000,
      );
      // Each row begins where the one before it ended.
      rows.reduce((end, { step, steps }) => (assert.equal(step - steps, end), step), 0);
      const losses = Array.from({ length: 10_000 }, (_, i) => 1 + Math.sin(i + 1));
      assert.equal(Math.min(...rows.map(({ loss }) => loss.min)), Math.min(...losses));
      assert.equal(Math.max(...rows.map(({ loss }) => loss.max)), Math.max(...losses));
      const measured = Array.from(
        { length: Math.floor(10_000 / evaluateEvery) },
        (_, i) => 2 + Math.cos((i + 1) * evaluateEvery),
      );
      const left = items.flatMap((item) =>
        item.event === 'evaluation' ? [item.row.validationLoss] : [],
      );
      assert.equal(Math.min(...left), Math.min(...measured));
    }
  });

  it('go on from those of a file as if they had been there all the time', () => {
    const items = keepAll(30, 200, 20);
    assert.deepEqual(keptMetrics(30, items).items, items);
  });

  it('merge to what one row of all their steps says', () => {
    const losses = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(losses, losses, (a, b) => {
        const merged = mergeRows(row(a.length, a), row(a.length + b.length, b));
        const whole = row(a.length + b.length, [...a, ...b]);
        const { loss, clipped, ...rest } = merged;
        assert.ok(Math.abs(loss.mean - whole.loss.mean) < 1e-12);
        assert.ok(Math.abs(clipped - whole.clipped) < 1e-12);
        assert.deepEqual([loss.min, loss.max], [whole.loss.min, whole.loss.max]);
        assert.deepEqual([rest.step, rest.steps], [whole.step, whole.steps]);
        assert.ok(Math.abs(rest.tokensPerSecond - 20) < 1e-9);
      }),
    );
  });

  it('merge speeds so that tokens and seconds add up', () => {
    // 100 tokens each: in 1 s and in 4 s, which is 200 in 5 s and not (100 + 25) / 2 = 62.5 tokens/s.
    const fast = { ...row(10, Array<number>(10).fill(1)), tokensPerSecond: 100 };
    const slow = { ...row(20, Array<number>(10).fill(1)), tokensPerSecond: 25 };
    assert.equal(mergeRows(fast, slow).tokensPerSecond, 40);
    // Then 10 tokens in 5 s: 210 in 10 s.
    const last = { ...row(21, [1]), tokensPerSecond: 2 };
    assert.equal(mergeRows(mergeRows(fast, slow), last).tokensPerSecond, 21);
  });

  it('are merged on the disk as in the panel', () => {
    const table = metricsTable(4);
    const kept = keptMetrics(5);
    for (let step = 1; step <= 5; step++) {
      const made = { ...row(step, [step, step + 1], step), steps: 1 };
      table.append(metricsOf([made]));
      kept.append({ event: 'metrics', row: made });
    }
    const rows = kept.items.flatMap((line) => (line.event === 'metrics' ? [line.row] : []));
    assert.equal(rows.length, 3);
    assert.deepEqual(metricsOf(rows), table.columns());
  });

  it('keep a measurement although one beside it is not a number', () => {
    for (const losses of [
      [2, NaN],
      [NaN, 2],
      [2, Infinity],
      [2, 2],
    ]) {
      const kept = keptMetrics(5, [
        { event: 'evaluation', row: evaluation(1, losses[0]!) },
        { event: 'evaluation', row: evaluation(2, losses[1]!) },
      ]);
      assert.deepEqual(
        kept.items.map((line) => line.event === 'evaluation' && line.row.validationLoss),
        [2],
      );
    }
  });
});
