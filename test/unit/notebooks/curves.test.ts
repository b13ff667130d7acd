import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bandOf, thinned } from '../../../src/core/notebooks/curves';
import { narrowed, readNotebook } from '../../../src/core/notebooks/notebook';

describe('curves of runs', () => {
  it('are taken together over the seeds: mean, least and greatest, linear between their steps', () => {
    const band = bandOf([
      { step: [0, 10, 20], loss: [4, 2, 1] },
      { step: [5, 15], loss: [5, 3] },
      { step: [], loss: [] },
    ]);
    assert.deepEqual(band, {
      step: [0, 5, 10, 15, 20],
      // By hand: 4; (3 + 5) / 2; (2 + 4) / 2; (1.5 + 3) / 2; 1.
      mean: [4, 4, 3, 2.25, 1],
      least: [4, 3, 2, 1.5, 1],
      greatest: [4, 5, 4, 3, 1],
    });
  });

  it('once thinned end where they ended, and keep their mean', () => {
    const losses = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), {
      minLength: 1,
      maxLength: 2000,
    });
    fc.assert(
      fc.property(losses, (loss) => {
        const step = loss.map((_, i) => i + 1);
        const few = thinned({ step, loss });
        assert.ok(few.step.length <= 120);
        assert.equal(few.step.at(-1), loss.length);
        assert.equal(few.loss.at(-1), loss.at(-1));
        // Each point stands for the steps since the one before it.
        const sum = few.loss.reduce((all, value, i) => {
          return all + value * (few.step[i]! - (few.step[i - 1] ?? 0));
        }, 0);
        const wanted = loss.reduce((all, value) => all + value, 0);
        assert.ok(Math.abs(sum - wanted) < 1e-6 * loss.length);
      }),
    );
  });
});

describe('a notebook of which some parts are run', () => {
  const text = [
    ...['```rnn good', 'h[t] = tanh(U x[t] + W h[t-1])', '```', '```rnn bad', 'h[t] = ', '```'],
    ...['```experiment a', 'data: f.txt', 'cell: good', '```'],
    ...['```experiment b', 'data: f.txt', 'cell: bad', '```', '```sample', 'run: a', '```'],
    ...['```experiment c', 'data: f.txt', 'hiden: 3', '```'],
  ].join('\n');

  it('is wrong only where those parts are, and what they name', async () => {
    const whole = await readNotebook(text);
    const problems = (part: number) =>
      narrowed(whole, new Set([part])).problems.map(({ line }) => line);
    assert.deepEqual(
      whole.problems.map(({ line }) => line),
      [6, 20],
    );
    assert.deepEqual([problems(2), problems(3), problems(5)], [[], [6], [20]]);
  });

  it('brings the experiment of a sample', async () => {
    const { steps } = narrowed(await readNotebook(text), new Set([4]));
    assert.deepEqual(
      steps.map(({ kind, part }) => [kind, part]),
      [
        ['experiment', 2],
        ['sample', 4],
      ],
    );
  });
});
