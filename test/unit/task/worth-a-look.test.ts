/** What is said of answers beyond their scores: calibration, labels that may be wrong, copies. */
import assert from 'node:assert/strict';
import { calibrationOf } from '../../../src/core/task/calibration';
import { duplicatesOf } from '../../../src/core/task/duplicates';
import { likelyLabelErrors } from '../../../src/core/task/label-errors';
import { createRandom } from '../../../src/core/random/random';
import { taskOf } from './tools';

describe('calibration', () => {
  it('is the table of bins and the error that were counted by hand', () => {
    const { counts, probabilities, shares, error } = calibrationOf(
      [0.05, 0.55, 0.58, 0.95, 1, 0.97, 0.91],
      [0, 1, 0, 1, 1, 1, 0],
    );
    assert.deepEqual([...counts], [1, 0, 0, 0, 0, 2, 0, 0, 0, 4]);
    const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} ${b}`);
    near(probabilities[5]!, 0.565);
    near(shares[5]!, 0.5);
    near(probabilities[9]!, 0.9575);
    near(shares[9]!, 0.75);
    assert.ok(Number.isNaN(shares[1]!));
    // (1 · 0.05 + 2 · 0.065 + 4 · 0.2075) / 7
    near(error, (0.05 + 0.13 + 0.83) / 7);
  });

  it('has no error where probabilities are frequencies, and as much as they are shifted by where they are not', () => {
    const random = createRandom(3);
    const given: number[] = [];
    const came: number[] = [];
    for (let i = 0; i < 40_000; i++) {
      const p = 0.5 + 0.4 * random.uniform();
      given.push(p);
      came.push(Number(random.uniform() < p));
    }
    assert.ok(calibrationOf(given, came).error < 0.01);
    const surer = given.map((p) => p + 0.1);
    assert.ok(Math.abs(calibrationOf(surer, came).error - 0.1) < 0.01);
  });
});

describe('labels that may be wrong', () => {
  it('are those that confident learning’s thresholds find, from whole distributions', () => {
    const random = createRandom(7);
    const classes = 3;
    const rows = Array.from({ length: 300 }, () => {
      const raw = Array.from({ length: classes }, () => random.uniform() ** 3);
      const sum = raw.reduce((a, b) => a + b, 0);
      return { label: random.integer(classes), p: raw.map((value) => value / sum) };
    });
    const best = (p: readonly number[]) => p.indexOf(Math.max(...p));
    const found = likelyLabelErrors({
      targets: rows.map(({ label }) => label),
      answers: rows.map(({ p }) => best(p)),
      targetProbabilities: rows.map(({ label, p }) => p[label]!),
      answerProbabilities: rows.map(({ p }) => Math.max(...p)),
    });
    // As the paper writes it: t_j = mean of p_j over what is labelled j; among the j with p_j ≥ t_j the likeliest.
    const thresholds = Array.from({ length: classes }, (_, j) => {
      const own = rows.filter(({ label }) => label === j);
      return own.reduce((sum, { p }) => sum + p[j]!, 0) / own.length;
    });
    const expected = rows.flatMap(({ label, p }, i) => {
      const sure = p.map((value, j) => (value >= thresholds[j]! ? value : -1));
      const j = best(sure);
      return sure[j]! >= 0 && j !== label && j === best(p) ? [i] : [];
    });
    assert.ok(expected.length > 20);
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      expected,
    );
    const sureness = found.map((i) => Math.max(...rows[i]!.p));
    assert.deepEqual(
      sureness,
      [...sureness].sort((a, b) => b - a),
    );
  });
});

describe('duplicates', () => {
  it('are the rows with the same input: those first whose targets contradict each other', async () => {
    const rows = ['a b,x', 'c,y', 'a b,x', 'd,x', 'c,x', 'a b,x', 'e,y', 'f,x'];
    const { table, understanding, examples } = await taskOf(`text,label\n${rows.join('\n')}\n`);
    assert.deepEqual(duplicatesOf(table, understanding, examples), [
      { rows: [1, 4], differ: true },
      { rows: [0, 2, 5], differ: false },
    ]);
  });

  it('are none among numbers, which may well come again', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${String(i % 3)},${'xy'[i % 2]!}`);
    const { table, understanding, examples } = await taskOf(`size,label\n${rows.join('\n')}\n`);
    assert.deepEqual(duplicatesOf(table, understanding, examples), []);
  });
});
