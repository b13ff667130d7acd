import assert from 'node:assert/strict';
import {
  evaluationColumns,
  evaluationTable,
  meanSpeed,
  metricsColumns,
  metricsTable,
  recentSpeed,
  toColumns,
  type MetricsColumn,
} from '../../../src/protocol/history';

/** A row with its number in every column that a test does not name. */
function row(step: number, named: Partial<Record<MetricsColumn, number>> = {}) {
  const values = Object.fromEntries(metricsColumns.map((name) => [name, step]));
  return toColumns(metricsColumns, { ...values, steps: 1, ...named });
}

function evaluation(step: number, validationLoss: number, best: number) {
  return toColumns(evaluationColumns, {
    step,
    epoch: 0,
    seconds: 0,
    validationLoss,
    bitsPerCharacter: validationLoss / Math.LN2,
    best,
  });
}

describe('the history of a run', () => {
  it('keeps rows as they came while there is room', () => {
    const table = metricsTable(8);
    for (let step = 1; step <= 8; step++) table.append(row(step, { lossMean: step / 10 }));
    assert.equal(table.length, 8);
    assert.deepEqual([...table.columns().lossMean], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
    assert.equal(table.at('step', 7), 8);
  });

  it('gives NaN outside the table', () => {
    const table = metricsTable();
    assert.ok(Number.isNaN(table.at('step', 0)));
    assert.ok(Number.isNaN(table.at('step', -1)));
  });

  it('gives the rows from a place on, as copies', () => {
    const table = metricsTable();
    for (let step = 1; step <= 5; step++) table.append(row(step));
    const late = table.columns(3);
    assert.deepEqual([...late.step], [4, 5]);
    late.step[0] = 99;
    assert.equal(table.at('step', 3), 4);
  });

  it('merges pairs when it is full: weighted mean, least, greatest, newest', () => {
    const table = metricsTable(4);
    table.append(row(3, { steps: 3, lossMean: 1, lossMin: 0.5, lossMax: 4, learningRate: 0.1 }));
    table.append(row(4, { steps: 1, lossMean: 5, lossMin: 5, lossMax: 5, learningRate: 0.2 }));
    table.append(row(5));
    table.append(row(6));
    table.append(row(7));
    assert.equal(table.length, 3);
    const columns = table.columns();
    assert.deepEqual([...columns.step], [4, 6, 7]);
    assert.deepEqual([...columns.steps], [4, 2, 1]);
    assert.equal(columns.lossMean[0], (3 * 1 + 1 * 5) / 4);
    assert.equal(columns.lossMin[0], 0.5);
    assert.equal(columns.lossMax[0], 5);
    assert.equal(columns.learningRate[0], 0.2);
  });

  it('stays within its limit, and loses no step, over a million rows', () => {
    const table = metricsTable(1000);
    let sum = 0;
    const chunk = 5000;
    for (let start = 0; start < 1_000_000; start += chunk) {
      const steps = Float64Array.from({ length: chunk }, (_, i) => start + i + 1);
      const losses = steps.map((step) => 1 + Math.sin(step));
      for (const loss of losses) sum += loss;
      const ones = steps.map(() => 1);
      table.append({
        ...(Object.fromEntries(metricsColumns.map((name) => [name, steps])) as ReturnType<
          typeof row
        >),
        steps: ones,
        lossMean: losses,
        lossMin: losses,
        lossMax: losses,
      });
    }
    assert.ok(table.length <= 1000 && table.length >= 500, String(table.length));
    const { step, steps, lossMean, lossMin, lossMax } = table.columns();
    assert.equal(step.at(-1), 1_000_000);
    assert.equal(
      steps.reduce((total, value) => total + value, 0),
      1_000_000,
    );
    const kept = lossMean.reduce((total, mean, i) => total + mean * steps[i]!, 0);
    assert.ok(Math.abs(kept - sum) < 1e-6 * sum);
    assert.ok(Math.min(...lossMin) < 1e-9);
    assert.ok(Math.max(...lossMax) > 2 - 1e-9);
    for (let i = 1; i < step.length; i++) assert.ok(step[i]! > step[i - 1]!);
  });

  it('is the same whether rows come one by one or all at once', () => {
    const one = metricsTable(64);
    const rows = metricsTable(1000);
    for (let step = 1; step <= 777; step++) {
      const made = row(step, { lossMean: Math.cos(step) });
      one.append(made);
      rows.append(made);
    }
    const all = metricsTable(64);
    all.append(rows.columns());
    assert.deepEqual(all.columns(), one.columns());
  });

  it('tells the speed now and over the whole run', () => {
    const table = metricsTable();
    assert.ok(Number.isNaN(recentSpeed(table)) && Number.isNaN(meanSpeed(table)));
    table.append(row(1, { tokensPerSecond: 5 }));
    // 9 steps at 100 tokens/s and 9 at 50: their times add up; the first row is too old to count.
    for (let i = 0; i < 9; i++) table.append(row(2 + i, { tokensPerSecond: 100, steps: 1 }));
    table.append(row(11, { tokensPerSecond: 50, steps: 9, tokens: 600, seconds: 10 }));
    assert.equal(recentSpeed(table), 18 / (9 / 100 + 9 / 50));
    assert.equal(meanSpeed(table), 60);
  });

  it('drops the rows after a step', () => {
    const table = metricsTable();
    for (const step of [10, 20, 30, 40]) table.append(row(step));
    table.truncate(25);
    assert.deepEqual([...table.columns().step], [10, 20]);
    table.append(row(26));
    assert.deepEqual([...table.columns().step], [10, 20, 26]);
  });

  it('never loses the best evaluation', () => {
    const table = evaluationTable(4);
    const losses = [4, 3, 1, 2, 2.5, 2.6, 2.7, 2.8, 2.9];
    losses.forEach((loss, i) => table.append(evaluation(i + 1, loss, i < 3 ? 1 : 0)));
    const { step, validationLoss, best } = table.columns();
    const place = validationLoss.indexOf(1);
    assert.ok(place >= 0);
    assert.equal(step[place], 3);
    assert.equal(best[place], 1);
  });
});
