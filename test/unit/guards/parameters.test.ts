import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { makeTrainer, runSteps } from '../training/tools';

/** Recorded once; `RNN_LAB_RECORD=1 npm run unit -- guards/parameters` records it again. */
const file = path.resolve('test/fixtures/parameters.json');

const cells = ['vanilla', 'gru', 'lstm', 'h[t] = tanh(U x[t] + W h[t-1] + R h[t-3] + b)'];
const optimizers = ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'];

/** The first 16 hexadecimal digits of the SHA-256 of all parameters after 50 steps with strict kernels. */
async function hashAfterTraining(
  cell: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<string> {
  const trainer = await makeTrainer({
    cell,
    settings: { 'training.steps': 50, 'training.learningRate': 0.02, ...settings },
    backend: ({ layout }) => createWasmBackend({ layout, build: 'strict' }),
  });
  runSteps(trainer);
  const { model, backend } = trainer.network;
  const { parameters, parameterFloats } = model.layout;
  const values = backend.floats().slice(parameters, parameters + parameterFloats);
  trainer.close();
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex').slice(0, 16);
}

describe('parameters after 50 steps with strict kernels', () => {
  const recorded = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>;
  const found: Record<string, string> = {};
  after(() => {
    if (process.env['RNN_LAB_RECORD'] === '1')
      fs.writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  });

  for (const cell of cells) {
    it(`are the same bits as ever: ${cell}`, async () => {
      const expected: Record<string, string | undefined> = {};
      for (const layers of [1, 2])
        for (const embedding of [0, 4])
          for (const dropout of [0, 0.3])
            for (const optimizer of optimizers) {
              const name = `${cell}, ${layers} layers, embedding ${embedding}, dropout ${dropout}, ${optimizer}`;
              found[name] = await hashAfterTraining(cell, {
                'model.layers': layers,
                'model.embedding': embedding,
                'model.dropout': dropout,
                'training.optimizer': optimizer,
              });
              expected[name] = recorded[name];
            }
      const these = Object.fromEntries(Object.keys(expected).map((name) => [name, found[name]]));
      assert.deepEqual(these, expected);
    });
  }
});
