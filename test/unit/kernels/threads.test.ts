import assert from 'node:assert/strict';
import { Size, Thread } from '../../../src/core/kernels/assembly/layout';
import { instantiateKernels } from '../../../src/core/kernels/loader';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { stopThreads, type SpawnThread } from '../../../src/core/kernels/threads';
import { allReady, builds, spawn } from './machine';
import { loadOnRandom, trainingStep, trainThreeSteps } from './step';

/** Every float of the arena after three training steps. */
async function trained(threads: number, build: (typeof builds)[number]): Promise<Float32Array> {
  const builder = trainingStep();
  const { program, layout } = builder.build();
  const backend = createWasmBackend({ layout, threads, spawn, build });
  try {
    await allReady(backend);
    trainThreeSteps(loadOnRandom(backend, builder, program));
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

it('threads wake up again each time they have gone to sleep', async () => {
  const { program, layout } = trainingStep().build();
  const backend = createWasmBackend({ layout, threads: 3, spawn, patience: 10 });
  const loaded = backend.load(program);
  await allReady(backend);
  for (let i = 0; i < 6; i++) {
    await new Promise((resolve) => setTimeout(resolve, 15));
    assert.equal(loaded.run(i).count, 156);
  }
  backend.close();
});

if (builds.includes('relaxed')) {
  it('the relaxed build comes to the same as the strict one, but for rounding', async () => {
    const [strict, relaxed] = [await trained(1, 'strict'), await trained(1, 'relaxed')];
    strict.forEach((value, i) => {
      const error = Math.abs(value - relaxed[i]!);
      assert(
        error <= 1e-4 * (1 + Math.abs(value)),
        `float ${String(i)}: ${String(value)}, ${String(relaxed[i])}`,
      );
    });
  });
}

if (builds.includes('wide')) {
  it('the wide build gives the bits of the relaxed one', async () => {
    const [relaxed, wide] = [await trained(1, 'relaxed'), await trained(2, 'wide')];
    assert.deepEqual(new Uint32Array(wide.buffer), new Uint32Array(relaxed.buffer));
  });
}

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
    const { backend, loaded } = loadedWith(({ memory, compiled }) => {
      pretendReady(memory);
      instantiateKernels(compiled, memory).abort();
      return { end: nothing };
    });
    assert.throws(() => loaded.run(0), /thread has died/);
    backend.close();
  });

  it('end in an error when they end by themselves', async () => {
    const error = new Promise<void>((resolve) => {
      const { backend, loaded } = loadedWith((init, failed) => {
        // A thread that is told to stop though the backend is not closed.
        stopThreads(init.memory);
        return spawn(init, (reason) => {
          failed(reason);
          assert.throws(() => loaded.run(0), /ended by itself/);
          backend.close();
          resolve();
        });
      });
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
