import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { anUpdate } from './machine';
import { randomNumbers } from './programs';
import { trainingStep } from './step';

/** Every float of the arena after three steps. */
async function trained(profiled: boolean): Promise<Uint32Array> {
  const builder = trainingStep();
  const { program, layout } = builder.build();
  const backend = createWasmBackend({ layout });
  const loaded = backend.load(program);
  const next = randomNumbers(5);
  builder.fill(backend.floats(), program.base, () => next() * 0.3);
  backend.parametersChanged();
  loaded.tokens.forEach((_, i) => (loaded.tokens[i] = Math.floor((next() + 1) * 15)));
  loaded.targets.forEach((_, i) => (loaded.targets[i] = Math.floor((next() + 1) * 15)));
  const train = (): Promise<void> => {
    for (let step = 1; step <= 3; step++) {
      loaded.train(step, anUpdate({ optimizer: 'adam', learningRate: 0.01, clip: 1, step }));
    }
    return Promise.resolve();
  };
  if (profiled) {
    const { instructions, parts } = await backend.profile(loaded, train);
    assert.equal(instructions.length, program.phases.flatMap((phase) => phase.instructions).length);
    assert.ok(instructions.every((time) => time >= 0) && instructions.some((time) => time > 0));
    assert.ok(parts.update > 0);
  } else await train();
  const floats = Float32Array.from(backend.floats());
  backend.close();
  return new Uint32Array(floats.buffer);
}

describe('a profile', () => {
  it('has a time for each instruction, and changes no bit of the training', async () => {
    assert.deepEqual(await trained(true), await trained(false));
  });
});
