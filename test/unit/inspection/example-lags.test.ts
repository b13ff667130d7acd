/** Gradients by lag of models of examples, against what each part of an answer depends on. */
import assert from 'node:assert/strict';
import type { Backend } from '../../../src/core/engine/backend';
import { buildExampleModel, type ExampleModel } from '../../../src/core/engine/model';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { structureOfExamples } from '../../../src/core/engine/structure';
import { parseCell } from '../../../src/core/equations/parse';
import { chooseParts, createExampleLagProbe } from '../../../src/core/inspection/example-lags';
import { inspectExample } from '../../../src/core/inspection/inspect-example';
import { isSaturated } from '../../../src/core/inspection/observation';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { channelsOf } from '../../../src/core/task/channels';
import type { Dataset } from '../../../src/core/task/dataset';
import { finish } from '../../../src/core/training/evaluate';
import { randomiseParameters } from '../engine/sketch';
import { channel, dataset, type Rows } from '../task/made';

function open(
  source: string,
  data: Dataset,
  make: (layout: ExampleModel['layout']) => Backend = createReferenceBackend,
): Network<ExampleModel> {
  const spec = { ...channelsOf(data), cell: parseCell(source, 'model'), hidden: 4, dropout: 0.5 };
  const model = buildExampleModel(spec);
  const backend = make(model.layout);
  randomiseParameters({ model, backend }, 3);
  return createNetwork(model, backend);
}

/** Rows of symbols of these lengths. */
function rows(lengths: readonly number[], classes: number): Rows {
  return lengths.map((length, i) =>
    Array.from({ length }, (_, t) => (3 * i + 2 * t * t) % classes),
  );
}

const lengths = [5, 2, 7, 4];
const answers = [3, 1, 4, 2];
const symbols = (of: readonly number[], classes: number) =>
  channel(rows(of, classes), classes, true);
const numbers = channel(
  lengths.map((length, i) => Array.from({ length }, (_, t) => [Math.sin(i + t), Math.cos(2 * t)])),
  undefined,
  true,
);
const labels = channel([[0], [1], [2], [1]], 3, false);

interface Case {
  readonly data: Dataset;
  readonly model: string;
  /** The step at lag 0 of each state, by the part of the answer, and the way it goes from there. */
  readonly lags: Readonly<Record<string, readonly ['part' | 'first' | 'last', 1 | -1]>>;
}

const cases: Readonly<Record<string, Case>> = {
  'many to one': {
    data: dataset(numbers, labels, 'one', 4, 0),
    model: 'h[t] = gru(x[t], h[t-1])\ny = softmax(V h[T] + c)',
    lags: { h: ['last', -1] },
  },
  'many to many, two ways': {
    data: dataset(symbols(lengths, 5), symbols(lengths, 3), 'synced', 4, 0),
    model: `f[t] = vanilla(x[t], f[t-1])
b[t] = vanilla(x[t], b[t+1])
y[t] = softmax(V [f[t]; b[t]] + c)`,
    lags: { f: ['part', -1], b: ['part', 1] },
  },
  'many to many, across the border': {
    data: dataset(symbols(lengths, 5), symbols(answers, 3), 'delayed', 4, 0),
    model: `s[t] = lstm(x[t], s[t-1])
r[t] = vanilla(x[t], r[t+1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T] + r[1]
y[u] = softmax(V d[u] + c)`,
    lags: {
      ...{ s: ['last', -1], 's.c': ['last', -1], r: ['first', 1] },
      ...{ d: ['part', -1], 'd.c': ['part', -1] },
    },
  },
  'one to many': {
    data: dataset(
      channel([[[1, 2]], [[0, 1]], [[2, 0]], [[1, 1]]], undefined, false),
      symbols(answers, 3),
      ...(['delayed', 4, 0] as const),
    ),
    model: 's[u] = gru(x[u], s[u-1])\ninit s = tanh(P x + p)\ny[u] = softmax(V s[u] + c)',
    lags: { s: ['part', -1] },
  },
};

describe('gradients by lag of examples', () => {
  for (const [name, { data, model, lags: expected }] of Object.entries(cases)) {
    for (const [backendName, make, bound] of [
      ['float64', createReferenceBackend, 1e-12],
      ['float32', (layout: ExampleModel['layout']) => createWasmBackend({ layout }), 1e-4],
    ] as const) {
      it(`are those of each part of each answer: ${name}, ${backendName}`, () => {
        const network = open(model, data, make);
        const structure = structureOfExamples(network.model.spec);
        const parts = chooseParts(data, data.parts.train, 100);
        const looks = new Map(
          [0, 1, 2, 3].map((i) => [i, finish(inspectExample(network, data, i, { of: 'loss' }))]),
        );
        // Few answers have so many parts that some are left out.
        assert.equal(
          parts.length,
          [...looks.values()].reduce((sum, { loss }) => sum + loss.length, 0),
        );
        const probe = createExampleLagProbe(network, structure, data, parts, 64, 3);
        const { lags, saturation } = finish(probe.measure());
        assert.deepEqual(lags.map(({ variable }) => variable).sort(), Object.keys(expected).sort());
        for (const { variable, norms } of lags) {
          const [start, way] = expected[variable]!;
          const squares: number[][] = [];
          for (const { example, part } of parts) {
            const { states, steps } = looks.get(example)!;
            const { norms: all, domain } = states.find((state) => state.variable === variable)!;
            const count = steps[domain];
            const from = start === 'part' ? part : start === 'first' ? 0 : count - 1;
            for (let step = from, lag = 0; step >= 0 && step < count; step += way, lag++) {
              (squares[lag] ??= []).push(all[part * count + step]! ** 2);
            }
          }
          assert.equal(norms.length, squares.length, variable);
          norms.forEach((norm, lag) => {
            const of = squares[lag]!;
            const mean = Math.sqrt(of.reduce((a, b) => a + b, 0) / of.length);
            const error = Math.abs(norm - mean) / (norm + mean + 1e-9);
            assert.ok(error < bound, `${variable}, lag ${String(lag)}: ${String([norm, mean])}`);
          });
        }
        for (const { variable, share } of saturation) {
          const { activation } = structure.variables.find((each) => each.name === variable)!;
          const values = [...looks.values()].flatMap(({ variables }) => [
            ...variables.find((each) => each.name === variable)!.values,
          ]);
          const flat = values.filter((value) => isSaturated(activation!, value)).length;
          assert.ok(Math.abs(share - flat / values.length) < 1e-12, variable);
        }
      });
    }
  }

  it('are of no more lags than are asked for, and of what the work allows', () => {
    const { data, model } = cases['many to many, two ways']!;
    const network = open(model, data);
    const parts = chooseParts(data, data.parts.train, 100);
    const structure = structureOfExamples(network.model.spec);
    const probe = createExampleLagProbe(network, structure, data, parts, 3, 4);
    assert.deepEqual(
      finish(probe.measure()).lags.map(({ norms }) => norms.length),
      [3, 3],
    );
    assert.equal(chooseParts(data, data.parts.train, 1e12).length, 1);
    const long = dataset(symbols([100], 5), symbols([100], 3), 'synced', 1, 0);
    assert.deepEqual(
      chooseParts(long, long.parts.train, 1).map(({ part }) => part),
      [0, 14, 28, 42, 57, 71, 85, 99],
    );
  });

  it('leave out parts of an answer that nobody knows', () => {
    const data = dataset(
      symbols([3, 3], 5),
      channel(
        [
          [0, -1, 1],
          [-1, -1, 2],
        ],
        3,
        true,
      ),
      ...(['synced', 2, 0] as const),
    );
    const network = open('h[t] = gru(x[t], h[t-1])\ny[t] = softmax(V h[t] + c)', data);
    const structure = structureOfExamples(network.model.spec);
    const parts = chooseParts(data, data.parts.train, 1);
    const all = createExampleLagProbe(network, structure, data, parts, 8, 2);
    const known = parts.filter(({ example, part }) => part === 2 || (example === 0 && part === 0));
    const some = createExampleLagProbe(network, structure, data, known, 8, 3);
    const [a, b] = [all, some].map((probe) => finish(probe.measure()).lags[0]!.norms);
    assert.equal(a!.length, 3);
    a!.forEach((norm, lag) => assert.ok(Math.abs(norm / b![lag]! - 1) < 1e-12));
  });
});
