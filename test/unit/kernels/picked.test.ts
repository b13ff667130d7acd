/** Rows that tokens pick, and all others: of a gradient, of its norm, and of updates that pass over them. */
import assert from 'node:assert/strict';
import type { Backend, LoadedProgram, Update } from '../../../src/core/engine/backend';
import { compileProgram } from '../../../src/core/engine/compile';
import { buildModel, layOut, type GraphModel } from '../../../src/core/engine/model';
import { pickedMatrices } from '../../../src/core/engine/picked';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { buildModelGraph } from '../../../src/core/graph/model-graph';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { loadInto, randomiseParameters } from '../engine/sketch';
import { random } from '../engine/tools';
import { allReady, anUpdate, builds, spawn } from './machine';
import { updated } from './updates';

const outputs = 7;

/** Of streams, the whole text's. */
const steps = { t: 5, u: 6 };
const batch = 3;

interface Subject {
  readonly model: GraphModel;
  readonly load: (backend: Backend) => LoadedProgram;
  /** Whose tokens pick columns of which parameter. */
  readonly picking: Readonly<Record<string, readonly ('t' | 'u')[]>>;
}

/** A language model of words. */
function wordModel(vocabulary: number, embedding: number): Subject {
  const cell = parseCell('s[t] = tanh(U x[t] + W s[t-1] + b)', 'cell');
  const model = buildModel({ cell, hidden: 12, layers: 1, vocabulary, embedding, dropout: 0 });
  const options = { batch, sequence: steps.t, mode: 'train', base: model.layout.free } as const;
  return {
    model,
    load: (backend) => backend.load(compileProgram(model, options)),
    picking: { [embedding === 0 ? 'layer1.U' : 'embedding.E']: ['t'] },
  };
}

/** Source and answer share an embedding, and the answer's one-hot input is a part of a stack besides. */
function translator(vocabulary: number): Subject {
  const source = `s[t] = tanh(A E x[t] + W s[t-1] + a)
d[u] = tanh(B E x[u] + C [x[u]; d[u-1]] + b)
init d = s[T]
y[u] = softmax(V d[u] + c)`;
  const cell = parseCell(source, 'model');
  const symbols = { kind: 'symbols', width: vocabulary } as const;
  const spec = { cell, hidden: 12, input: symbols, answer: symbols, output: outputs, dropout: 0 };
  const model = layOut((options) => buildModelGraph(spec, options));
  const extent = { batch, sequence: steps.t, answer: steps.u };
  return {
    model,
    load: (backend) => loadInto(model, backend, extent),
    picking: { E: ['t', 'u'], C: ['u'] },
  };
}

const subjects: Readonly<Record<string, (vocabulary: number) => Subject>> = {
  'one-hot matrix': (vocabulary) => wordModel(vocabulary, 0),
  embedding: (vocabulary) => wordModel(vocabulary, 10),
  'two sequences': translator,
};

/**
 * New tokens, and examples of other lengths; each token is there, if they are few enough. Tokens past an example's end
 * pick nothing.
 * @returns the tokens that are there
 */
function fill(loaded: LoadedProgram, vocabulary: number, seed: number) {
  const next = random(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const lengths = { t: [5, 1 + below(5), 4], u: [6, 1 + below(6), 4] };
  const isStream = loaded.program.rows === 'streams';
  if (!isStream) loaded.setExamples({ count: batch, ...lengths });
  loaded.targets.forEach((_, i) => (loaded.targets[i] = below(outputs)));
  const filled = (domain: 't' | 'u'): number[] => {
    const ids = loaded.inputs[domain];
    const first = below(vocabulary);
    const there: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const isThere = isStream || Math.floor(i / batch) < lengths[domain][i % batch]!;
      ids[i] = isThere ? (first + 11 * there.length) % vocabulary : below(vocabulary);
      if (isThere) there.push(ids[i]!);
    }
    return there;
  };
  return { t: filled('t'), u: filled('u') };
}

/** Places in the parameter block of what is in a row that no token picks. */
function untouchedOf(
  { model, picking }: Subject,
  tokens: Readonly<Record<'t' | 'u', number[]>>,
  vocabulary: number,
): Set<number> {
  const untouched = new Set<number>();
  for (const { name, offset, columnStride, rows } of model.parameters) {
    const picked = new Set((picking[name] ?? []).flatMap((domain) => tokens[domain]));
    if (picked.size === 0) continue;
    for (let column = 0; column < vocabulary; column++) {
      const start = offset + column * columnStride;
      for (let i = 0; !picked.has(column) && i < rows; i++) untouched.add(start + i);
    }
  }
  return untouched;
}

/** Parameters, gradients and moments. */
function blocksOf({ layout }: GraphModel, backend: Backend) {
  const block = (from: number): Float64Array =>
    Float64Array.from(backend.floats().subarray(from, from + layout.parameterFloats));
  const { parameters, gradients, first, second } = layout;
  return { p: block(parameters), g: block(gradients), m: block(first), v: block(second) };
}

interface Course {
  readonly vocabulary: number;
  readonly changes: Partial<Update>;
  readonly steps?: number;
}

/** Some steps from random parameters. */
function train(subject: Subject, backend: Backend, { vocabulary, changes, steps = 6 }: Course) {
  const loaded = subject.load(backend);
  randomiseParameters({ model: subject.model, backend }, 3);
  const norms: number[] = [];
  for (let step = 1; step <= steps; step++) {
    fill(loaded, vocabulary, step);
    norms.push(loaded.train(0, anUpdate({ clip: 0.05, ...changes, step })).gradientNorm);
  }
  return { norms, ...blocksOf(subject.model, backend) };
}

describe('matrices whose rows tokens pick', () => {
  it('are embeddings and one-hot matrices, and none that another product is summed into', () => {
    const source = 'h[t] = tanh(U x[t] + U y[t-1] + W h[t-1] + b)\ny[t] = softmax(V h[t] + c)';
    const symbols = { kind: 'symbols', width: outputs } as const;
    const spec = { hidden: 4, input: symbols, output: outputs, dropout: 0 };
    const cell = parseCell(source, 'model');
    const fedBack = layOut((options) => buildModelGraph({ cell, ...spec }, options));
    const rowsOf = (model: GraphModel) => {
      const extent = { batch, sequence: 3, answer: 3, mode: 'train', rows: 'examples' } as const;
      return pickedMatrices(compileProgram(model, { ...extent, base: 0 })).map(
        ({ storage, domains }) => [storage.inputs, domains.toSorted()] as const,
      );
    };
    assert.deepEqual(rowsOf(fedBack), []);
    assert.deepEqual(rowsOf(translator(150).model), [
      [150, ['t', 'u']],
      [150, ['u']],
    ]);
  });

  for (const [name, make] of Object.entries(subjects)) {
    it(`${name}: lazy Adam is Adam, bit for bit, where every batch has every token`, () => {
      const subject = make(7);
      const { layout } = subject.model;
      const backends = [
        ...builds.map((build) => () => createWasmBackend({ layout, build })),
        () => createReferenceBackend(layout),
      ];
      for (const create of backends) {
        for (const weightDecay of [0, 0.1]) {
          const of = (optimizer: 'adam' | 'lazyAdam') => {
            const backend = create();
            const result = train(subject, backend, {
              vocabulary: 7,
              changes: { optimizer, weightDecay, clipValue: 0.01 },
            });
            backend.close();
            return result;
          };
          assert.deepEqual(of('lazyAdam'), of('adam'));
        }
      }
    });

    it(`${name}: gradient, norm and update are those of a step that passes over nothing`, () => {
      const vocabulary = 150;
      const subject = make(vocabulary);
      const { model } = subject;
      const create = (build: (typeof builds)[number]) =>
        createWasmBackend({ layout: model.layout, build });
      for (const build of builds) {
        for (const optimizer of ['lazyAdam', 'adam', 'sgd', 'adagrad'] as const) {
          const backend = create(build);
          const loaded = subject.load(backend);
          randomiseParameters({ model, backend }, 3);
          for (let step = 1; step <= 5; step++) {
            const before = blocksOf(model, backend);
            const tokens = fill(loaded, vocabulary, step);
            const decay = optimizer === 'sgd' ? 0 : 0.1;
            const update = anUpdate({ optimizer, clip: 0.05, weightDecay: decay, step });
            const state = loaded.readState();
            const { gradientNorm } = loaded.train(0, update);
            const after = blocksOf(model, backend);
            // A backend that has seen no other tokens has nothing to clear.
            const fresh = create(build);
            const other = subject.load(fresh);
            fresh.floats().set(before.p);
            fresh.parametersChanged();
            other.writeState(state);
            fill(other, vocabulary, step);
            other.run(0);
            assert.deepEqual(after.g, blocksOf(model, fresh).g);
            fresh.close();
            const norm = Math.hypot(...after.g);
            assert(Math.abs(gradientNorm - norm) < 1e-12 * norm);
            assert(norm > update.clip);
            const untouched = untouchedOf(subject, tokens, vocabulary);
            assert(untouched.size > 100 * 10);
            after.p.forEach((p, i) => {
              const [was, m, v] = [before.p[i]!, before.m[i]!, before.v[i]!];
              if (optimizer === 'lazyAdam' && untouched.has(i)) {
                assert.deepEqual([p, after.m[i], after.v[i]], [was, m, v]);
                return;
              }
              const g = (after.g[i]! * update.clip) / norm;
              const wanted = updated(update, { p: was, g, m, v });
              const lost = i < model.layout.matrixFloats ? 0.1 * decay * was : 0;
              assert(Math.abs(p - (wanted.p - lost)) < 1e-6, `${optimizer} ${String(i)}`);
              assert(Math.abs(after.m[i]! - wanted.m) < 1e-7);
              assert(Math.abs(after.v[i]! - wanted.v) < 1e-9);
            });
          }
          backend.close();
        }
      }
    });

    it(`${name}: kernels learn with lazy Adam what the reference does`, () => {
      const subject = make(40);
      const { layout } = subject.model;
      const changes = { optimizer: 'lazyAdam', weightDecay: 0.01, epsilon: 1e-4 } as const;
      const course = { vocabulary: 40, changes, steps: 20 };
      const wanted = train(subject, createReferenceBackend(layout), course);
      for (const build of builds) {
        const backend = createWasmBackend({ layout, build });
        const got = train(subject, backend, course);
        backend.close();
        got.p.forEach((value, i) => {
          assert(
            Math.abs(value - wanted.p[i]!) < 1e-4,
            `${String(value)}, not ${String(wanted.p[i])}`,
          );
        });
      }
    });
  }

  for (const build of builds) {
    it(`give the same bits whatever the number of threads, ${build} build`, async () => {
      // Large enough for several threads to take part.
      const subject = wordModel(15_000, 64);
      const changes = { optimizer: 'lazyAdam', weightDecay: 0.01 } as const;
      const bits = async (threads: number) => {
        const backend = createWasmBackend({ layout: subject.model.layout, threads, spawn, build });
        try {
          await allReady(backend);
          return train(subject, backend, { vocabulary: 15_000, changes, steps: 3 });
        } finally {
          backend.close();
        }
      };
      const alone = await bits(1);
      assert.deepEqual(await bits(3), alone);
    });
  }
});
