import assert from 'node:assert/strict';
import {
  evaluationColumns,
  evaluationTable,
  metricsColumns,
  metricsTable,
  toColumns,
  type MetricsColumn,
} from '../../../src/protocol/history';
import {
  lastPoint,
  lossData,
  lossRange,
  series,
  stepRange,
} from '../../../webview/charts/lossData';

function runOf(losses: readonly number[], evaluations: readonly (readonly [number, number])[]) {
  const metrics = metricsTable();
  losses.forEach((loss, i) => {
    const values = Object.fromEntries(metricsColumns.map((name) => [name, i + 1]));
    metrics.append(
      toColumns(metricsColumns, {
        ...values,
        steps: 1,
        lossMean: loss,
        lossMin: loss - 0.1,
        lossMax: loss + 0.1,
      } as Record<MetricsColumn, number>),
    );
  });
  const table = evaluationTable();
  for (const [step, validationLoss] of evaluations) {
    table.append(
      toColumns(evaluationColumns, { step, epoch: 0, seconds: 0, validationLoss, best: 1 }),
    );
  }
  return { metrics, evaluations: table };
}

describe('what the loss chart draws', () => {
  it('puts rows and evaluations on one axis of steps', () => {
    const { metrics, evaluations } = runOf(
      [4, 3, 2],
      [
        [2, 3.5],
        [9, 2.5],
      ],
    );
    assert.deepEqual(lossData(metrics, evaluations, 100), [
      [1, 2, 3, 9],
      [4, 3, 2, null],
      [3.9, 2.9, 1.9, null],
      [4.1, 3.1, 2.1, null],
      [null, 3.5, null, 2.5],
    ]);
  });

  it('is empty without rows', () => {
    const { metrics, evaluations } = runOf([], []);
    assert.deepEqual(lossData(metrics, evaluations, 100), [[], [], [], [], []]);
  });

  it('leaves out what is not finite', () => {
    const { metrics, evaluations } = runOf([1, NaN, Infinity], []);
    const data = lossData(metrics, evaluations, 100);
    assert.deepEqual(data[series.training], [1, null, null]);
  });

  it('draws neighbours as one point where there are too many, and the last row as it is', () => {
    const losses = Array.from({ length: 1001 }, (_, i) => (i % 2 === 0 ? 2 : 3));
    const { metrics, evaluations } = runOf(losses, []);
    const data = lossData(metrics, evaluations, 100);
    assert.ok(data[series.step].length <= 101);
    assert.equal(data[series.step].at(-1), 1001);
    assert.equal(data[series.training].at(-1), 2);
    const before = data[series.training].slice(0, -2);
    assert.ok(before.every((mean) => mean === 2.5));
    assert.ok(data[series.least].slice(0, -1).every((least) => least === 1.9));
    assert.ok(data[series.greatest].slice(0, -1).every((greatest) => greatest === 3.1));
  });

  it('keeps the points there are while a run grows', () => {
    const losses = Array.from({ length: 900 }, (_, i) => Math.sin(i));
    const early = runOf(losses.slice(0, 810), []);
    const late = runOf(losses, []);
    const before = lossData(early.metrics, early.evaluations, 100)[series.training].slice(0, 50);
    const after = lossData(late.metrics, late.evaluations, 100)[series.training].slice(0, 50);
    assert.deepEqual(after, before);
  });

  it('ends at the last value of each series', () => {
    const { metrics, evaluations } = runOf([4, 3, 2], [[2, 3.5]]);
    const data = lossData(metrics, evaluations, 100);
    assert.deepEqual(lastPoint(data, series.training), { step: 3, loss: 2 });
    assert.deepEqual(lastPoint(data, series.validation), { step: 2, loss: 3.5 });
    assert.equal(lastPoint([[], []], 1), undefined);
  });

  it('has a loss axis that shows ln C and never goes below zero', () => {
    const [low, high] = lossRange(1.5, 4.2, Math.log(65));
    assert.ok(low > 1 && low < 1.5 && high > 4.2 && high < 4.5);
    assert.ok(lossRange(0.01, 0.5, 4.17)[0] === 0);
    assert.ok(lossRange(null, null, 4.17)[1] > 4.17);
    assert.ok(lossRange(2, 9, 4.17)[1] > 9);
  });

  it('has a step axis from 0', () => {
    assert.deepEqual(stepRange(undefined), [0, 20]);
    assert.deepEqual(stepRange(700), [0, 700]);
  });
});
