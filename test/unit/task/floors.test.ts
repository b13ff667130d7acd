import assert from 'node:assert/strict';
import { createRandom } from '../../../src/core/random/random';
import { floorsOf } from '../../../src/core/task/floors';
import type { Overrides } from '../../../src/core/task/overrides';
import { csv, taskOf, type Task } from './tools';

/** `majority accuracy` and so on. */
function floorsIn(task: Task): Record<string, number> {
  const floors = floorsOf({ ...task, encoded: task });
  return Object.fromEntries(floors.map(({ name, score, value }) => [`${name} ${score}`, value]));
}

async function floors(content: string, overrides: Overrides = {}): Promise<Record<string, number>> {
  return floorsIn(await taskOf(content, overrides, { seed: 3 }));
}

const near = (got: number | undefined, expected: number, tolerance = 1e-4): void => {
  assert.ok(
    got !== undefined && Math.abs(got - expected) <= tolerance,
    `${String(got)} is not ${String(expected)}`,
  );
};

describe('floors', () => {
  it('of classes: the majority, and naive Bayes, which words that tell the class make perfect', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => [
      `${i % 5 === 0 ? 'awful' : 'lovely'} film number ${String(i)} was here`,
      i % 5 === 0 ? 'bad' : 'good',
    ]);
    const found = await floors(csv('text,label', rows));
    near(found['majority accuracy'], 0.8);
    near(found['majority balancedAccuracy'], 0.5);
    // F1 of the majority class 2·40/(40+50), of the other 0.
    near(found['majority f1'], 80 / 90 / 2);
    near(found['naive Bayes accuracy'], 1);
  });

  it('of classes of numbers: the nearest mean', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => [
      (i % 3) * 10 + (i % 7) / 7,
      (i % 5) / 5,
      'abc'[i % 3]!,
    ]);
    const found = await floors(csv('p,q,label', rows));
    near(found['nearest class mean accuracy'], 1);
    near(found['majority accuracy'], 1 / 3);
  });

  it('of numbers: their mean, and a linear regression that finds what is linear', async () => {
    const random = createRandom(1);
    const rows = Array.from({ length: 400 }, () => {
      const [a, b] = [random.normal(), 3 * random.normal()];
      return [a, b, 2 * a - 3 * b + 1];
    });
    const task = await taskOf(csv('a,b,target', rows));
    const found = floorsIn(task);
    const targets = (part: 'train' | 'test'): number[] =>
      Array.from(task.dataset.parts[part], (example) => rows[task.examples[example]!]![2]!);
    const mean = targets('train').reduce((sum, value) => sum + value, 0) / targets('train').length;
    const errors = targets('test').map((value) => Math.abs(value - mean));
    near(found['mean mae'], errors.reduce((sum, error) => sum + error, 0) / errors.length);
    near(found['linear regression mae'], 0, 1e-4);
    near(found['linear regression r2'], 1, 1e-6);
  });

  it('of labels: each that most have', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({
      text: `${i % 2 ? 'left' : 'right'} ${String(i)}`,
      labels: i % 2 ? ['all', 'odd'] : ['all'],
    }));
    const task = await taskOf(
      rows.map((row) => JSON.stringify(row)).join('\n'),
      {},
      { name: 'a.jsonl' },
    );
    const found = floorsIn(task);
    near(found['majority f1'], found['majority accuracy']! > 0.7 ? 0.8 : NaN, 0.1);
    near(found['naive Bayes exactMatch'], 1);
  });

  it('of tags: the one that a token has most often', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      tokens: ['a', 'b', 'c', 'b'],
      // `b` is X three times of four.
      tags: ['Y', 'X', 'Z', i % 2 ? 'X' : 'Z'],
      id: i,
    }));
    const lines = rows.map(({ tokens, tags, id }) =>
      JSON.stringify({ tokens: [...tokens, `w${String(id)}`], tags: [...tags, 'Y'] }),
    );
    const task = await taskOf(lines.join('\n'), {}, { name: 'a.jsonl' });
    const found = floorsIn(task);
    const half =
      task.dataset.parts.test.reduce((sum, example) => sum + (task.examples[example]! % 2), 0) / 10;
    // Words that were never seen are most often Y.
    near(found['most frequent for the symbol tokenAccuracy'], (4 + half) / 5);
    near(found['most frequent for the symbol exactMatch'], half);
  });

  it('of answers: the most frequent one, and the input again', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => [
      `${i % 4 ? 'ab' : 'ba'}${String(i)}`,
      `${i % 4 ? 'ab' : 'ba'}${String(i)}${i % 2 ? '' : '!'}`,
    ]);
    const task = await taskOf(csv('source,target', rows));
    const found = floorsIn(task);
    const odd = task.dataset.parts.test.filter(
      (example) => task.examples[example]! % 2 === 1,
    ).length;
    near(found['copying the input exactMatch'], odd / task.dataset.parts.test.length);
    near(found['most frequent answer exactMatch'], 0);
    const targets = Array.from(task.dataset.parts.test, (example) =>
      String(rows[task.examples[example]!]![1]),
    );
    const symbols = targets.reduce((sum, target) => sum + target.length + 1, 0);
    // Where there is a “!” more, it is wrong, and the end behind it right.
    near(found['copying the input tokenAccuracy'], (symbols - (targets.length - odd)) / symbols);
  });

  it('of a series: the last value, the season’s, and an autoregression that finds how it was made', async () => {
    const random = createRandom(5);
    const values = [0, 0];
    for (let t = 2; t < 3000; t++) {
      values.push(1.2 * values[t - 1]! - 0.6 * values[t - 2]! + 0.5 * random.normal());
    }
    const rows = values.map((value, t) => [
      new Date(86_400_000 * t).toISOString().slice(0, 10),
      value.toFixed(6),
    ]);
    const found = await floors(csv('date,value', rows), { series: { difference: false } });
    const errorOf = (lag: number): number => {
      const errors = values
        .slice(2700)
        .map((value, i) => Math.abs(value - values[2700 + i - lag]!));
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    near(found['last value mae'], errorOf(1));
    near(found['seasonal value mae'], errorOf(7));
    // Mean absolute value of the noise: σ √(2/π).
    near(found['autoregression mae'], 0.5 * Math.sqrt(2 / Math.PI), 0.025);
    const ahead = await floors(csv('date,value', rows), {
      series: { difference: false, horizon: 9 },
    });
    near(ahead['last value mae'], errorOf(9));
    near(ahead['seasonal value mae'], errorOf(14));
    // The same where the change is learnt: all is told in the data’s own units.
    const changes = await floors(csv('date,value', rows), { series: { difference: true } });
    near(changes['last value mae'], errorOf(1), 1e-3);
  });
});
