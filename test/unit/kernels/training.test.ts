import assert from 'node:assert/strict';
import type { Update } from '../../../src/core/engine/backend';
import { createWasmBackend, type WasmBackend } from '../../../src/core/kernels/wasm';
import { anUpdate, builds } from './machine';
import { ProgramBuilder, randomNumbers } from './programs';
import { trainingStep } from './step';
import { updated } from './updates';

/** A program whose gradient is the sum of its rows: a matrix and a vector, 5000 numbers and more. */
function sums(): { builder: ProgramBuilder; floats: number } {
  const builder = new ProgramBuilder(3, 2);
  const storage = builder.storage(50, 99);
  const parameter = builder.vector(13);
  const left = builder.view(50);
  const right = builder.view(99);
  builder.phase(
    'reduction',
    { op: 'outer', storage, column: 0, accumulate: false, left, right },
    { op: 'sum', parameter, accumulate: false, input: builder.view(13) },
  );
  return { builder, floats: 50 * 104 + 16 };
}

for (const build of builds) {
  describe(`training step, ${build} build`, () => {
    /** Runs one update; arena before (with the gradient of the step) and after, and the norm reported. */
    function runUpdate(update: Update, poison?: number) {
      const { builder, floats: n } = sums();
      const { program, layout } = builder.build();
      const backend = createWasmBackend({ layout, build });
      const loaded = backend.load(program);
      const next = randomNumbers(3);
      builder.fill(backend.floats(), program.base, next);
      if (poison !== undefined) backend.floats()[program.base] = poison;
      backend.parametersChanged();
      const before = Float64Array.from(backend.floats());
      const { gradientNorm } = loaded.train(0, update);
      const after = Float64Array.from(backend.floats());
      before.set(after.subarray(n, 2 * n), n);
      backend.close();
      return { n, before, after, gradientNorm, matrixFloats: layout.matrixFloats };
    }

    for (const optimizer of [
      'sgd',
      'momentum',
      'adagrad',
      'rmsprop',
      'adam',
      'lazyAdam',
    ] as const) {
      for (const clip of [0, 0.5]) {
        it(`${optimizer}${clip > 0 ? ', clipped by norm' : ''}, is its formula`, () => {
          const update = anUpdate({ optimizer, clip, step: 7 });
          const { n, before, after, gradientNorm } = runUpdate(update);
          const gradient = before.subarray(n, 2 * n);
          const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
          assert(Math.abs(gradientNorm - norm) < 1e-12 * norm);
          const factor = clip > 0 ? clip / norm : 1;
          for (let i = 0; i < n; i++) {
            const wanted = updated(update, {
              p: before[i]!,
              g: gradient[i]! * factor,
              m: before[2 * n + i]!,
              v: before[3 * n + i]!,
            });
            for (const [name, place, value] of [
              ['p', i, wanted.p],
              ['m', 2 * n + i, wanted.m],
              ['v', 3 * n + i, wanted.v],
            ] as const) {
              const error = Math.abs(after[place]! - value);
              assert(
                error <= 1e-6 * (1 + Math.abs(value)),
                `${name} ${String(i)}: ${String(after[place])}, not ${String(value)}`,
              );
            }
          }
        });
      }
    }

    it('clips by value before the norm is taken', () => {
      const { n, before, gradientNorm } = runUpdate(anUpdate({ clipValue: 0.25 }));
      const gradient = before.subarray(n, 2 * n);
      assert.equal(Math.max(...gradient), 0.25);
      assert.equal(Math.min(...gradient), -0.25);
      const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
      assert(Math.abs(gradientNorm - norm) < 1e-12 * norm);
    });

    it('decays the weights of matrices only', () => {
      const plain = runUpdate(anUpdate({ optimizer: 'adam' }));
      const decayed = runUpdate(anUpdate({ optimizer: 'adam', weightDecay: 0.5 }));
      for (let i = 0; i < plain.n; i++) {
        const decay = i < plain.matrixFloats ? 0.1 * 0.5 * plain.before[i]! : 0;
        assert(Math.abs(decayed.after[i]! - (plain.after[i]! - decay)) < 1e-6);
      }
    });

    for (const poison of [NaN, Infinity]) {
      it(`leaves everything as it was when the norm is ${String(poison)}`, () => {
        for (const clipValue of poison === Infinity ? [0] : [0, 0.1]) {
          const { n, before, after, gradientNorm } = runUpdate(
            anUpdate({ optimizer: 'adam', clip: 1, clipValue }),
            poison,
          );
          assert(!Number.isFinite(gradientNorm));
          assert.deepEqual(after.subarray(0, n), before.subarray(0, n));
          assert.deepEqual(after.subarray(2 * n, 4 * n), before.subarray(2 * n, 4 * n));
        }
      });
    }

    it('ends what decays at 0, not among subnormal numbers, which are slow', () => {
      for (const optimizer of ['momentum', 'rmsprop', 'adam'] as const) {
        const { builder, floats: n } = sums();
        const { program, layout } = builder.build();
        const backend = createWasmBackend({ layout, build });
        const loaded = backend.load(program);
        const floats = backend.floats();
        // The views are all 0, and so is the gradient.
        floats.fill(1e-3, 2 * n, 4 * n);
        let least = Infinity;
        for (let step = 1; step <= 200; step++) {
          loaded.train(
            0,
            anUpdate({ optimizer, beta1: 0.5, beta2: 0.5, alpha: 0.5, momentum: 0.5, step }),
          );
          for (const value of floats.subarray(2 * n, 4 * n)) {
            if (value !== 0) least = Math.min(least, value);
          }
        }
        // 1e-3 is halved until it would fall below 2^-100.
        assert(least >= 2 ** -100 && least < 2 ** -98, `${optimizer}: ${String(least)}`);
        const kept = { momentum: ['first'], rmsprop: ['second'], adam: ['first', 'second'] };
        for (const [name, from] of [
          ['first', 2 * n],
          ['second', 3 * n],
        ] as const) {
          const wanted = kept[optimizer].includes(name) ? 0 : Math.fround(1e-3);
          assert(
            floats.subarray(from, from + n).every((value) => value === wanted),
            optimizer,
          );
        }
        backend.close();
      }
    });

    it('refuses an epsilon that could divide by zero', () => {
      assert.throws(() => runUpdate(anUpdate({ optimizer: 'adam', epsilon: 0 })), RangeError);
    });
  });
}

describe('a backend', () => {
  const start = (): { backend: WasmBackend; builder: ProgramBuilder } => {
    const builder = trainingStep(3, 4, 9, 5);
    const { layout } = builder.build();
    return { backend: createWasmBackend({ layout, build: 'strict' }), builder };
  };

  it('sees parameters that were written, and its own updates, in every program', () => {
    const { backend, builder } = start();
    const { program } = builder.build();
    const other = builder.build(program.floats).program;
    const [first, second] = [backend.load(program), backend.load(other)];
    const next = randomNumbers(2);
    const n = program.parameterFloats;
    for (let i = 0; i < n; i++) backend.floats()[i] = 0;
    backend.parametersChanged();
    const uniform = 12 * Math.log(5);
    assert(Math.abs(first.run(0).lossSum - uniform) < 1e-5);
    assert(Math.abs(second.run(0).lossSum - uniform) < 1e-5);
    builder.fill(backend.floats(), program.base, next);
    backend.parametersChanged();
    first.resetState();
    second.resetState();
    assert.equal(first.run(0).lossSum, second.run(0).lossSum);
    first.resetState();
    first.train(0, anUpdate());
    first.resetState();
    second.resetState();
    const after = second.run(0).lossSum;
    assert.notEqual(after, uniform);
    assert.equal(first.run(0).lossSum, after);
    backend.close();
  });

  it('reports the mean loss over targets, and none where there are none', () => {
    const { backend, builder } = start();
    const loaded = backend.load(builder.build().program);
    loaded.targets.fill(-1);
    assert.deepEqual(loaded.run(0), { lossSum: 0, count: 0 });
    assert.deepEqual(loaded.train(0, anUpdate()), { loss: 0, gradientNorm: 0 });
    loaded.targets.set([0, 1, 2], 4);
    assert(Math.abs(loaded.train(0, anUpdate()).loss - Math.log(5)) < 1e-6);
    assert.equal(loaded.run(0).count, 3);
    backend.close();
  });

  it('carries, resets, reads and writes states', () => {
    const { backend, builder } = start();
    const { program } = builder.build();
    const loaded = backend.load(program);
    assert.deepEqual(loaded.readState(), new Float64Array(27));
    const state = Float64Array.from({ length: 27 }, (_, i) => i / 32);
    loaded.writeState(state);
    assert.deepEqual(loaded.readState(), state);
    loaded.resetState(1);
    assert.deepEqual(
      loaded.readState(),
      state.map((value, i) => (i >= 9 && i < 18 ? 0 : value)),
    );
    assert.throws(() => loaded.writeState(new Float64Array(3)), RangeError);
    backend.close();
  });

  it('tells which token or target is not in the vocabulary', () => {
    const { backend, builder } = start();
    const loaded = backend.load(builder.build().program);
    loaded.tokens[4] = 5;
    assert.throws(
      () => loaded.run(0),
      /^RangeError: Token 5 at step 1, row 1 is outside the vocabulary of 5\.$/,
    );
    loaded.tokens[4] = -1;
    assert.throws(() => loaded.run(0), /Token -1/);
    loaded.tokens[4] = 4;
    loaded.targets[11] = 7;
    assert.throws(() => loaded.run(0), /Target 7 at step 3, row 2/);
    loaded.targets[11] = -9;
    assert.equal(loaded.run(0).count, 11);
    backend.close();
  });

  it('says so when it is closed or its memory was given away', () => {
    const { backend, builder } = start();
    const { program } = builder.build();
    const loaded = backend.load(program);
    backend.load(builder.build(8).program);
    assert.throws(() => loaded.run(0), /load it again/);
    const again = backend.load(program);
    again.run(0);
    backend.close();
    assert.throws(() => again.run(0), /closed/);
    backend.close();
  });

  it('finds room for programs that come later, without losing numbers', () => {
    const { backend, builder } = start();
    const { program } = builder.build();
    const loaded = backend.load(program);
    const next = randomNumbers(9);
    builder.fill(backend.floats(), program.base, next);
    backend.parametersChanged();
    const before = Float64Array.from(backend.floats());
    // Tokens and targets of the second program alone are 8 MB, more than is set aside at first.
    const wide = new ProgramBuilder(1024, 1024).build(program.floats).program;
    const large = { ...wide, storages: program.storages, parameterFloats: program.parameterFloats };
    backend.load({
      ...large,
      base: program.base + program.floats,
      losses: program.base + program.floats,
    });
    assert.deepEqual(Float64Array.from(backend.floats().subarray(0, before.length)), before);
    const state = loaded.readState();
    const { lossSum } = loaded.run(0);
    loaded.writeState(state);
    assert.equal(loaded.run(0).lossSum, lossSum);
    backend.close();
  });

  it('refuses what no memory could hold', () => {
    const { backend, builder } = start();
    const { program } = builder.build();
    assert.throws(
      () => backend.load({ ...program, floats: 2 ** 31 }),
      /smaller hidden size, batch or sequence/,
    );
    backend.close();
    const { layout } = builder.build();
    assert.throws(() => createWasmBackend({ layout, threads: 65 }), RangeError);
  });
});
