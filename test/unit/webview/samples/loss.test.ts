import assert from 'node:assert/strict';
import { metricsColumns, metricsTable, toColumns } from '../../../../src/protocol/history';
import { lossAt } from '../../../../webview/views/samples/loss';

function metricsOf(rows: readonly (readonly [step: number, loss: number])[]) {
  const table = metricsTable();
  for (const [step, lossMean] of rows) {
    const zeros = Object.fromEntries(metricsColumns.map((name) => [name, 0]));
    const row = { ...zeros, step, lossMean } as Record<(typeof metricsColumns)[number], number>;
    table.append(toColumns(metricsColumns, row));
  }
  return table;
}

describe('the loss at the step of a sample', () => {
  it('is that of the row which holds the step', () => {
    const metrics = metricsOf([
      [1, 4],
      [10, 3],
      [20, 2],
    ]);
    const steps = [1, 2, 10, 11, 20];
    assert.deepEqual(
      steps.map((step) => lossAt(metrics, step)),
      [4, 3, 3, 2, 2],
    );
  });

  it('is that of the last row where the step has none yet, and unknown without any', () => {
    assert.equal(lossAt(metricsOf([[5, 3]]), 9), 3);
    assert.equal(lossAt(metricsOf([]), 1), undefined);
    assert.equal(lossAt(metricsOf([[5, NaN]]), 5), undefined);
  });
});
