/** The training loop against PyTorch's recorded losses; `npm run verify -- --only=pytorch` asks PyTorch itself. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { cases, distance, trainFrom, training } from '../../verify/pytorch/cases';
import {
  batchesOf,
  exampleCases,
  exampleTraining,
  trainExamplesFrom,
} from '../../verify/pytorch/examples';
import { hashOf, readRecording, trainingText, weightsFile } from '../../verify/pytorch/recorded';
import { builds } from '../kernels/machine';

describe('200 steps of Adam from the same weights as PyTorch', () => {
  const { losses, textHash, training: told, made } = readRecording();
  const text = trainingText();
  const again = `The recording is of something else: ${made.again}`;

  it('are recorded of this very text and these settings', () => {
    assert.equal(hashOf(text), textHash, again);
    assert.deepEqual(told, training, again);
    assert.deepEqual(
      Object.keys(losses),
      cases.map(({ name }) => name),
      again,
    );
  });

  for (const wanted of cases) {
    const { float64, float32 } = losses[wanted.name]!;
    const weights = new Uint8Array(fs.readFileSync(weightsFile(wanted)));

    it(`${wanted.name}: PyTorch learns, so that there is something to compare`, () => {
      assert.equal(float64.length, training.steps);
      assert.ok(float64.at(-1)! < float64[0]! - 1);
      assert.ok(distance(float32, float64) < 1e-4);
    });

    it(`${wanted.name}: the float64 reference has the same losses to 1e-6`, async () => {
      const { losses: got, clipped } = await trainFrom(weights, text);
      // PyTorch clips to the norm + 1e-6.
      const most = distance(got, float64);
      assert.ok(most < 1e-6, `off by ${String(most)}`);
      assert.ok(clipped > 0.05 && clipped < 0.95, `${String(clipped)} of the steps were clipped`);
    });

    for (const build of builds) {
      it(`${wanted.name}: the ${build} float32 kernels have the same losses to 1e-4`, async () => {
        const { losses: got } = await trainFrom(weights, text, ({ layout }) =>
          createWasmBackend({ layout, build }),
        );
        const most = Math.max(distance(got, float64), distance(got, float32));
        assert.ok(most < 1e-4, `off by ${String(most)}`);
      });
    }
  }
});

describe('200 steps of Adam on examples from the same weights as PyTorch', () => {
  const { examples, made } = readRecording();
  const again = `The recording is of something else: ${made.again}`;

  it('are recorded of these very batches and settings', () => {
    assert.deepEqual(examples.training, exampleTraining, again);
    const hashes = exampleCases.map(
      (wanted) => [wanted.name, hashOf(JSON.stringify(batchesOf(wanted)))] as const,
    );
    assert.deepEqual(examples.hashes, Object.fromEntries(hashes), again);
  });

  for (const wanted of exampleCases) {
    const { float64, float32 } = examples.losses[wanted.name]!;
    const weights = new Uint8Array(fs.readFileSync(weightsFile(wanted)));

    it(`${wanted.name}: PyTorch learns, so that there is something to compare`, () => {
      const mean = (losses: readonly number[]) => losses.reduce((a, b) => a + b) / losses.length;
      assert.equal(float64.length, exampleTraining.steps);
      assert.ok(mean(float64.slice(-20)) < 0.95 * mean(float64.slice(0, 20)));
      assert.ok(distance(float32, float64) < 1e-4);
    });

    it(`${wanted.name}: the float64 reference has the same losses to 1e-6`, async () => {
      const { losses: got, clipped } = await trainExamplesFrom(weights, wanted);
      const most = distance(got, float64);
      assert.ok(most < 1e-6, `off by ${String(most)}`);
      // Small gradients are not clipped at all, and those of numbers become small.
      assert.ok(clipped < 0.95, `${String(clipped)} of the steps were clipped`);
    });

    for (const build of builds) {
      it(`${wanted.name}: the ${build} float32 kernels have the same losses to 1e-4`, async () => {
        const { losses: got } = await trainExamplesFrom(weights, wanted, ({ layout }) =>
          createWasmBackend({ layout, build }),
        );
        const most = Math.max(distance(got, float64), distance(got, float32));
        assert.ok(most < 1e-4, `off by ${String(most)}`);
      });
    }
  }
});
