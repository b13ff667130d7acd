/** Examples of different length on every backend: the same numbers, and each example's own whatever is beside it. */
import assert from 'node:assert/strict';
import type { Backend, LoadedProgram } from '../../../src/core/engine/backend';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { attend, stack, stepSum } from '../../../src/core/graph/steps';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { drawings } from '../engine/shapes-models';
import {
  examplesOf,
  fill,
  loadInto,
  modelOf,
  randomiseParameters,
  type Drawing,
  type Example,
  type Extent,
} from '../engine/sketch';
import { allReady, builds, spawn } from './machine';

const extent: Extent = { batch: 9, sequence: 11, answer: 9 };
const examples = examplesOf(8, extent, 7);

type Make = (layout: Parameters<typeof createReferenceBackend>[0]) => Backend;

const backends: Readonly<Record<string, Make>> = {
  reference: (layout) => createReferenceBackend(layout),
  ...Object.fromEntries(
    builds.map(
      (build) => [build, (layout): Backend => createWasmBackend({ layout, build })] as const,
    ),
  ),
};

const dropping: Drawing = {
  draw: (s) => {
    const h = s.dropped(s.gru('h', s.dropped(s.numbers('t', 9), 0.3), 6), 0.5);
    const start = s.dropped(stepSum(s.graph, h, 'all'), 0.2);
    return s.affine('y', 3, s.dropped(s.gru('d', s.onehot('u', 4), 6, 1, { start }), 0.4));
  },
};

/** Values of the rows of a quantity that an example has, step by step. */
function rowsOf(
  backend: Backend,
  view: { offset: number; timeStride: number; rowStride: number; width: number },
  steps: number,
  row: number,
): number[] {
  return Array.from({ length: steps }, (_, t) => {
    const start = view.offset + t * view.timeStride + row * view.rowStride;
    return [...backend.floats().subarray(start, start + view.width)];
  }).flat();
}

function stepsOf({ program }: LoadedProgram, { t, u }: Example): number {
  return { example: 1, t, u }[program.lossDomain];
}

function lossesOf(
  backend: Backend,
  loaded: LoadedProgram,
  example: Example,
  row: number,
): number[] {
  const { losses, batch } = loaded.program;
  const view = { offset: losses, timeStride: batch, rowStride: 1, width: 1 };
  return rowsOf(backend, view, stepsOf(loaded, example), row);
}

/** Loss, count and gradient of a training run. */
function gradientOf(drawing: Drawing, make: Make, given: readonly Example[]) {
  const model = modelOf(drawing);
  const backend = make(model.layout);
  const loaded = loadInto(model, backend, extent);
  randomiseParameters({ model, backend }, 5, 0.4);
  fill({ backend, loaded }, examplesOf(9, extent, 1));
  loaded.run(1);
  fill({ backend, loaded }, given);
  const { lossSum, count } = loaded.run(77);
  const { gradients, parameterFloats } = model.layout;
  const gradient = Float64Array.from(
    backend.floats().subarray(gradients, gradients + parameterFloats),
  );
  const losses = given.map((example, row) => lossesOf(backend, loaded, example, row));
  backend.close();
  return { lossSum, count, gradient, losses };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

const all = { ...drawings, dropout: dropping };

describe('examples of different length', () => {
  for (const [name, drawing] of Object.entries(all)) {
    it(`${name}: kernels come to what the reference does`, () => {
      const wanted = gradientOf(drawing, backends['reference']!, examples);
      const size = Math.max(...wanted.gradient.map(Math.abs));
      assert(size > 1e-3);
      for (const build of builds) {
        const got = gradientOf(drawing, backends[build]!, examples);
        assert.equal(got.count, wanted.count);
        assert(Math.abs(got.lossSum - wanted.lossSum) < 1e-5 * wanted.lossSum);
        const difference = largestDifference(got.gradient, wanted.gradient);
        assert(difference < 1e-5 * Math.max(size, 0.1), `${build}: ${String(difference)}`);
      }
    });

    it(`${name}: gradient and loss are the sums of the examples' own`, () => {
      const make = backends['reference']!;
      const together = gradientOf(drawing, make, examples);
      const sum = new Float64Array(together.gradient.length);
      let lossSum = 0;
      for (const example of examples) {
        const own = gradientOf(drawing, make, [example]);
        lossSum += own.lossSum;
        own.gradient.forEach((value, i) => (sum[i]! += (value * own.count) / together.count));
      }
      const size = Math.max(...sum.map(Math.abs));
      assert(largestDifference(sum, together.gradient) < 1e-12 * size);
      assert(Math.abs(lossSum - together.lossSum) < 1e-12 * lossSum);
    });

    it(`${name}: an example's prediction does not depend on its row and neighbours`, () => {
      for (const [kind, make] of Object.entries(backends)) {
        const model = modelOf(drawing);
        const backend = make(model.layout);
        const predict = (given: readonly Example[], size: Partial<Extent>): number[][] => {
          const mode = drawing === dropping ? 'train' : 'evaluate';
          const loaded = loadInto(model, backend, { ...extent, ...size, mode });
          randomiseParameters({ model, backend }, 6, 0.4);
          fill({ backend, loaded }, given);
          loaded.run(9);
          return given.map((example, row) => {
            const losses = lossesOf(backend, loaded, example, row);
            const logits = loaded.program.probes.get('logits');
            if (logits === undefined) return losses;
            return [...losses, ...rowsOf(backend, logits, stepsOf(loaded, example), row)];
          });
        };
        const together = predict(examples, {});
        const reversed = predict([...examples].reverse(), { batch: 8 }).reverse();
        const longest = (key: 't' | 'u'): number => Math.max(...examples.map((e) => e[key]));
        const sorted = examples.map((_, i) => i).sort((a, b) => examples[b]!.t - examples[a]!.t);
        const size = { batch: 13, sequence: longest('t'), answer: longest('u') };
        const inOrder = predict(
          sorted.map((i) => examples[i]!),
          size,
        );
        examples.forEach((example, i) => {
          const [alone] = predict([example], { batch: 1, sequence: example.t, answer: example.u });
          assert.deepEqual(together[i], alone, `${kind}, example ${String(i)}`);
          assert.deepEqual(reversed[i], alone, `${kind}, example ${String(i)} reversed`);
          assert.deepEqual(
            inOrder[sorted.indexOf(i)],
            alone,
            `${kind}, example ${String(i)} sorted`,
          );
        });
        backend.close();
      }
    });
  }

  for (const name of [
    'translation: dot attention',
    'translation: additive attention with input feeding',
  ]) {
    it(`${name}: an answer is read step by step behind a source that is read once`, () => {
      for (const [kind, make] of Object.entries(backends)) {
        const model = modelOf(drawings[name]!);
        const backend = make(model.layout);
        const loaded = loadInto(model, backend, { ...extent, mode: 'read' });
        randomiseParameters({ model, backend }, 6, 0.4);
        const logits = loaded.program.probes.get('logits')!;
        const read = (parts: readonly (readonly [number, number])[]): number[][] => {
          for (const [from, to] of parts) loaded.runPart({ pass: 'forward', axis: 'u', from, to });
          return examples.map(({ u }, row) => rowsOf(backend, logits, u, row));
        };
        fill({ backend, loaded }, examples);
        const steps = Array.from({ length: 9 }, (_, u) => [u, u + 1] as const);
        const oneByOne = read(steps);
        assert(oneByOne.flat().every(Number.isFinite));
        // Other examples in between, so that nothing is left of the first ones.
        fill({ backend, loaded }, examplesOf(9, extent, 99));
        assert.notDeepEqual(read([[0, 9]]).slice(0, 8), oneByOne);
        fill({ backend, loaded }, examples);
        assert.deepEqual(read([[0, 9]]), oneByOne, kind);
        assert.deepEqual(
          read([
            [0, 4],
            [4, 9],
          ]),
          oneByOne,
          kind,
        );
        assert.throws(() => {
          loaded.runPart({ pass: 'forward', axis: 'u', from: 3, to: 10 });
        }, /Steps 3 to 10 are not steps of a program of 9/);
        backend.close();
      }
    });
  }

  /** Enough to do for several threads. */
  const large: Drawing = {
    draw: (s) => {
      const source = s.gru('s', s.onehot('t', 4), 40);
      const back = s.gru('r', s.onehot('t', 4), 40, -1);
      const memory = stack(s.graph, [source, back]);
      const start = stepSum(s.graph, back, 1);
      const d = s.gru('d', s.onehot('u', 4), 40, 1, { start });
      const query = s.matrix('A', d, 80);
      const { output } = attend(s.graph, { query, keys: memory, values: memory });
      return s.affine('y', 3, stack(s.graph, [output, d]));
    },
  };

  for (const build of builds) {
    it(`give the same bits whatever the number of threads, ${build} build`, async () => {
      const model = modelOf(large);
      const size = { batch: 12, sequence: 20, answer: 15 };
      const trained = async (threads: number): Promise<Uint32Array> => {
        const backend = createWasmBackend({ layout: model.layout, threads, spawn, build });
        try {
          await allReady(backend);
          const loaded = loadInto(model, backend, size);
          randomiseParameters({ model, backend }, 5, 0.3);
          for (let step = 1; step <= 3; step++) {
            fill({ backend, loaded }, examplesOf(13 - step, size, step));
            loaded.train(step, { ...update, step });
          }
          return new Uint32Array(Float32Array.from(backend.floats()).buffer);
        } finally {
          backend.close();
        }
      };
      const alone = await trained(1);
      for (const threads of [2, 5]) assert.deepEqual(await trained(threads), alone);
    });
  }
});

const update = {
  optimizer: 'adam',
  learningRate: 0.01,
  clip: 1,
  clipValue: 0,
  momentum: 0.9,
  alpha: 0.95,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
} as const;
