import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { sampleText } from '../../../src/core/sampling/sample';
import { decodeCheckpoint } from '../../../src/core/training/checkpoint';
import { evaluateText, finish } from '../../../src/core/training/evaluate';
import { parseSettings } from '../../../src/core/settings/settings';
import type { GraphModel } from '../../../src/core/engine/model';
import { eventsOf, makeTrainer, runSteps, sampleText as textOf } from './tools';

const backend = (model: GraphModel) => createWasmBackend({ layout: model.layout });
const settings = {
  'training.steps': 60,
  'training.evaluateEvery': 20,
  'training.learningRate': 0.02,
  'model.layers': 2,
  'model.dropout': 0.1,
  'model.hidden': 20,
};

describe('trainer on the WebAssembly backend', () => {
  it('learns what the reference backend learns', async () => {
    const losses = async (more: object): Promise<number[]> => {
      const trainer = await makeTrainer({ settings, cell: 'lstm', text: textOf(800), ...more });
      const events = runSteps(trainer);
      trainer.close();
      return eventsOf(events, 'evaluation').map(({ row }) => row.validationLoss);
    };
    const single = await losses({ backend });
    const double = await losses({});
    assert.equal(single.length, 3);
    single.forEach((loss, i) => {
      assert.ok(Math.abs(loss / double[i]! - 1) < 1e-4, `${String(loss)} and ${String(double[i])}`);
    });
  });

  for (const optimizer of ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam', 'lazyAdam']) {
    it(`goes on from a checkpoint bit for bit: ${optimizer}`, async () => {
      const options = {
        settings: { ...settings, 'training.optimizer': optimizer },
        cell: 'gru',
        backend,
      };
      const straight = await makeTrainer(options);
      runSteps(straight);
      const first = await makeTrainer(options);
      runSteps(first, 31);
      const resume = decodeCheckpoint(first.checkpoint(), 'c');
      const second = await makeTrainer({ resume, backend });
      runSteps(second);
      const bits = decodeCheckpoint(straight.checkpoint(), 'c').tensors;
      assert.deepEqual(decodeCheckpoint(second.checkpoint(), 'c').tensors, bits);
      for (const trainer of [straight, first, second]) trainer.close();
    });
  }

  it('samples and evaluates between two slices without changing the training', async () => {
    const alone = await makeTrainer({ settings, backend });
    runSteps(alone);
    const disturbed = await makeTrainer({ settings, backend });
    const { sampling } = parseSettings({ sampling: { seed: 1, length: 50, prime: textOf(60) } });
    for (const step of [1, 20, 40]) {
      runSteps(disturbed, step);
      const { network, tokenizer } = disturbed.language!;
      finish(sampleText(network, tokenizer, sampling));
      finish(evaluateText(network, tokenizer.encode(textOf(500, 3))));
    }
    runSteps(disturbed);
    assert.deepEqual(
      decodeCheckpoint(disturbed.checkpoint(), 'c').tensors,
      decodeCheckpoint(alone.checkpoint(), 'c').tensors,
    );
    for (const trainer of [alone, disturbed]) trainer.close();
  });

  it('tells of a loss that is no longer finite, and keeps the parameters of the step before', async () => {
    const trainer = await makeTrainer({
      cell: 'h[t] = U x[t] + W h[t-1] * h[t-1]\ninit W = normal(2)',
      settings: {
        'training.steps': 1000,
        'training.clip': 0,
        'training.optimizer': 'sgd',
        'training.learningRate': 100,
        'training.sequence': 20,
      },
      backend,
    });
    const failed = runSteps(trainer).at(-1)!;
    assert.ok(failed.event === 'failed' && failed.step === trainer.step() + 1);
    const { model, backend: own } = trainer.network;
    const { parameters, parameterFloats } = model.layout;
    assert.ok(
      own
        .floats()
        .subarray(parameters, parameters + parameterFloats)
        .every(Number.isFinite),
    );
    trainer.close();
  });
});
