/** Examples are learnt by the loop that learns texts. */
import assert from 'node:assert/strict';
import { decodeAnyCheckpoint, decodeCheckpoint } from '../../../src/core/training/checkpoint';
import type { EvaluationEvent, TrainerEvent } from '../../../src/core/training/events';
import type { Trainer } from '../../../src/core/training/trainer';
import { createRandom } from '../../../src/core/random/random';
import { channel, dataset, makeExampleTrainer, type MadeOptions } from './made';
import { eventsOf, runSteps } from '../training/tools';

const random = createRandom(5);
const bits = (n: number): number[] => Array.from({ length: n }, () => random.integer(2));

/** XOR of two numbers' signs. */
function xor(): MadeOptions {
  const points = Array.from({ length: 200 }, () => [
    2 * random.uniform() - 1,
    2 * random.uniform() - 1,
  ]);
  const answers = points.map(([a, b]) => [a! > 0 === b! > 0 ? 0 : 1]);
  return {
    dataset: dataset(
      channel(
        points.map((p) => [p]),
        undefined,
        false,
      ),
      channel(answers, 2, false),
      'one',
      200,
    ),
    model: 'h = tanh(A x + a)\ny = softmax(V h + c)',
    settings: { 'model.hidden': 16, 'training.steps': 600, 'training.learningRate': 0.02 },
  };
}

/** A tag at each step that says whether its left and its right neighbour are equal. */
function bothSides(): MadeOptions {
  const inputs = Array.from({ length: 300 }, () => bits(4 + random.integer(9)));
  const tags = inputs.map((x) => x.map((_, t) => Number((x[t - 1] ?? 0) === (x[t + 1] ?? 0))));
  return {
    dataset: dataset(channel(inputs, 2, true), channel(tags, 2, true), 'synced', 300),
    model:
      'f[t] = gru(x[t], f[t-1])\nb[t] = gru(x[t], b[t+1])\nk[t] = tanh(K [f[t]; b[t]] + k0)\ny[t] = softmax(V k[t] + c)',
    settings: { 'model.hidden': 24, 'training.steps': 400, 'training.learningRate': 0.01 },
  };
}

function last(trainer: Trainer): EvaluationEvent['row'] {
  const events = runSteps(trainer);
  trainer.close();
  return eventsOf(events, 'evaluation').at(-1)!.row;
}

describe('training on examples', () => {
  it('XOR by the plain network is learnt', async () => {
    const row = last(await makeExampleTrainer(xor()));
    assert(row.accuracy! >= 0.95, JSON.stringify(row));
  });

  it('tags that depend on both sides are learnt without a mistake', async () => {
    const row = last(await makeExampleTrainer(bothSides()));
    assert.equal(row.tokenAccuracy, 1);
    assert.equal(row.exactMatch, 1);
  });

  for (const [name, made, states] of [
    ['two ways', bothSides(), ['b', 'f']],
    ['a plain network', xor(), []],
  ] as const) {
    it(`is observed like that of a text, and no bit of it changes: ${name}`, async () => {
      const train = async (observeEvery: number) => {
        const inspection = {
          'inspection.observeEvery': observeEvery,
          'inspection.observeWindow': 5,
        };
        const settings = { ...made.settings, ...inspection, 'training.steps': 20 };
        let time = 0;
        const now = () => time;
        const trainer = await makeExampleTrainer({ ...made, settings, now });
        const events: TrainerEvent[] = [];
        // A clock by which work takes no time, and each slice begins a second later.
        for (; !trainer.hasEnded(); time++) events.push(...trainer.runFor(0));
        const tensors = tensorsOf(trainer);
        trainer.close();
        return { tensors, rows: eventsOf(events, 'observation').map(({ row }) => row) };
      };
      const observed = await train(1e-9);
      const plain = await train(0);
      assert.deepEqual(plain.rows, []);
      assert.deepEqual(
        observed.rows.map(({ step }) => step),
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
      assert.deepEqual(observed.tensors, plain.tensors);
      for (const { lags, gradientNorm } of observed.rows) {
        assert.deepEqual(lags.map(({ variable }) => variable).sort(), states);
        for (const { norms } of lags) {
          assert.equal(norms.length, 5);
          assert.ok(norms.every((norm) => norm > 0));
        }
        assert.ok(gradientNorm.every((norm) => norm > 0));
      }
    });
  }

  it('goes on from a checkpoint bit for bit', async () => {
    const made = bothSides();
    const settings = { ...made.settings, 'training.steps': 30, 'model.dropout': 0.2 };
    const model = made.model.replace('V k[t]', 'V dropout(k[t])');
    const whole = await makeExampleTrainer({ ...made, model, settings });
    runSteps(whole, 13);
    const file = whole.checkpoint();
    runSteps(whole);
    const resume = decodeAnyCheckpoint(file, 'checkpoint');
    const again = await makeExampleTrainer({ ...made, model, settings, resume });
    assert.equal(again.step(), 13);
    runSteps(again);
    assert.deepEqual(tensorsOf(again), tensorsOf(whole));
    assert.throws(() => decodeCheckpoint(file, 'checkpoint'), /holds a model of examples/);
  });
});

function tensorsOf(trainer: Trainer): ReadonlyMap<string, ArrayLike<number>> {
  return decodeAnyCheckpoint(trainer.checkpoint(), 'checkpoint').tensors;
}
