import assert from 'node:assert/strict';
import { Control, Size, Thread } from '../../../src/core/kernels/assembly/layout';
import { instantiateKernels } from '../../../src/core/kernels/loader';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import type { SpawnThread } from '../../../src/core/kernels/threads';
import { allReady, anUpdate, builds, spawn } from './machine';
import { randomNumbers } from './programs';
import { trainingStep } from './step';

/** Every float of the arena after three training steps. */
async function trained(threads: number, build: (typeof builds)[number]): Promise<Float32Array> {
  const builder = trainingStep();
  const { program, layout } = builder.build();
  const backend = createWasmBackend({ layout, threads, spawn, build });
  try {
    await allReady(backend);
    const loaded = backend.load(program);
    const next = randomNumbers(5);
    builder.fill(backend.floats(), program.base, () => next() * 0.3);
    backend.parametersChanged();
    loaded.tokens.forEach((_, i) => (loaded.tokens[i] = Math.floor((next() + 1) * 15)));
    loaded.targets.forEach((_, i) => (loaded.targets[i] = Math.floor((next() + 1) * 15)));
    for (let step = 1; step <= 3; step++) {
      loaded.train(step, anUpdate({ optimizer: 'adam', learningRate: 0.01, clip: 1, step }));
    }
    return Float32Array.from(backend.floats());
  } finally {
    backend.close();
  }
}

for (const build of builds) {
  describe(`threads, ${build} build`, () => {
    it('give the same bits whatever their number', async () => {
      const alone = await trained(1, build);
      assert(alone.every((value) => Number.isFinite(value)));
      for (const threads of [2, 3, 8, 20]) {
        const together = await trained(threads, build);
        assert.deepEqual(
          new Uint32Array(together.buffer),
          new Uint32Array(alone.buffer),
          `${String(threads)} threads`,
        );
      }
    });
  });
}

/** Ends a thread that never was. */
const nothing = () => undefined;

describe('threads that fail', () => {
  /** Loads the training step on two threads, of which the second is `impostor`. */
  function loadedWith(impostor: SpawnThread) {
    const { program, layout } = trainingStep().build();
    const backend = createWasmBackend({
      layout,
      threads: 2,
      spawn: impostor,
      build: 'strict',
      patience: 1,
    });
    return { backend, loaded: backend.load(program) };
  }

  /** Makes thread 1 look as if it waited for work. */
  const pretendReady = (memory: WebAssembly.Memory) => {
    const words = new Int32Array(memory.buffer);
    Atomics.store(words, Size.threads / 4 + Thread.words + Thread.ready, 1);
  };

  it('end in an error when they die without a word', () => {
    const { backend, loaded } = loadedWith(({ memory }) => {
      pretendReady(memory);
      return { end: nothing };
    });
    assert.throws(() => loaded.run(0), /thread has died or does not answer/);
    assert.throws(() => loaded.run(0), /thread has died/);
    backend.close();
  });

  it('end in an error when a kernel traps', () => {
    const { backend, loaded } = loadedWith(({ memory, module }) => {
      pretendReady(memory);
      instantiateKernels(module, memory).abort();
      return { end: nothing };
    });
    assert.throws(() => loaded.run(0), /thread has died/);
    backend.close();
  });

  it('end in an error when they end by themselves', async () => {
    const error = new Promise<void>((resolve) => {
      const { backend, loaded } = loadedWith((init, failed) =>
        spawn(init, (reason) => {
          failed(reason);
          assert.throws(() => loaded.run(0), /ended by itself/);
          backend.close();
          resolve();
        }),
      );
      // A thread that is told to stop though the backend is not closed.
      Atomics.store(new Int32Array(memoryOf(backend)), Control.stop, 1);
    });
    await error;
  });

  it('are not needed: work begins on the threads that are there', () => {
    const { backend, loaded } = loadedWith(() => ({ end: nothing }));
    assert.equal(backend.readyThreads(), 1);
    assert.equal(loaded.run(0).count, 156);
    backend.close();
  });
});

/** The memory behind a backend's floats. */
function memoryOf(backend: {
  floats(): ArrayLike<number> & { buffer: ArrayBufferLike };
}): ArrayBufferLike {
  return backend.floats().buffer;
}
