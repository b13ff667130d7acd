import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { loadOnRandom, trainingStep, trainThreeSteps } from './step';

/** Every float of the arena after three steps. */
async function trained(profiled: boolean): Promise<Uint32Array> {
  const builder = trainingStep();
  const { program, layout } = builder.build();
  const backend = createWasmBackend({ layout });
  const loaded = loadOnRandom(backend, builder, program);
  const train = (): Promise<void> => {
    trainThreeSteps(loaded);
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
