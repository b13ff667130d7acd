/** What answers depend on, against central differences, in every shape and both precisions. */
import assert from 'node:assert/strict';
import type { Backend } from '../../../src/core/engine/backend';
import { buildExampleModel, type ExampleModel } from '../../../src/core/engine/model';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { derivative } from '../../../src/core/inspection/differences';
import {
  inspectExample,
  type ExampleInspection,
  type ExampleInspectOptions,
} from '../../../src/core/inspection/inspect-example';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { channelsOf } from '../../../src/core/task/channels';
import type { Dataset } from '../../../src/core/task/dataset';
import { evaluateExamples } from '../../../src/core/task/evaluate-examples';
import { exampleShape } from '../../../src/core/task/run-examples';
import { randomiseParameters } from '../engine/sketch';
import { channel, dataset } from '../task/made';

function finish<Result>(work: Generator<undefined, Result, undefined>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

const hidden = 4;

function open(
  source: string,
  data: Dataset,
  make: (layout: ExampleModel['layout']) => Backend = (layout) => createReferenceBackend(layout),
): Network<ExampleModel> {
  const spec = { ...channelsOf(data), cell: parseCell(source, 'model'), hidden, dropout: 0.5 };
  const model = buildExampleModel(spec);
  const backend = make(model.layout);
  randomiseParameters({ model, backend }, 5);
  return createNetwork(model, backend);
}

function inspect(
  network: Network<ExampleModel>,
  data: Dataset,
  options: Partial<ExampleInspectOptions> = {},
): ExampleInspection {
  return finish(inspectExample(network, data, 0, { of: 'loss', ...options }));
}

/** Writes one entry of a matrix. */
function nudged(network: Network<ExampleModel>, name: string, at: number, by: number): () => void {
  const { model, backend } = network;
  const parameter = model.parameters.find((each) => each.name === name)!;
  const { parameters } = model.layout;
  const values = readParameter(backend.floats(), parameters, parameter);
  const write = (change: number): void => {
    const changed = Float64Array.from(values);
    changed[at]! += change;
    writeParameter(backend.floats(), parameters, parameter, changed);
    backend.parametersChanged();
  };
  write(by);
  return () => write(0);
}

const near = (found: number, expected: number, bound = 1e-7): void => {
  const scale = Math.abs(found) + Math.abs(expected) + 1e-6;
  assert.ok(Math.abs(found - expected) / scale < bound, `${String(found)} ${String(expected)}`);
};

/** No symbol twice: a column of an embedding is that of one step. */
const source = [3, 0, 4, 1, 2];
const answer = [1, 0, 2];
const classes = 5;
const symbols = (rows: readonly number[], of = classes) => channel([rows], of, true);
const translated = dataset(symbols(source), symbols(answer, 3), 'delayed', 1, 0);
const translation = `e[t] = E x[t]
s[t] = lstm(e[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(A d[u], s)
k[u] = tanh(K [a[u]; d[u]])
y[u] = softmax(V k[u] + c)
size e = 3`;

describe('inspection of an example', () => {
  it('tells how each symbol written depends on each that was read, across the border', () => {
    const network = open(translation, translated);
    const { steps, inputs, loss, states } = inspect(network, translated);
    assert.deepEqual(steps, { example: 1, t: 5, u: 4 });
    assert.deepEqual(
      inputs.map(({ variable, domain }) => [variable, domain]),
      [
        ['e', 't'],
        ['x[u]', 'u'],
      ],
    );
    assert.deepEqual(states.map(({ variable }) => variable).sort(), ['d', 'd.c', 's', 's.c']);
    const own = (output: number) => inspect(network, translated).loss[output]!;
    const evaluating = evaluateExamples(
      ...([network, translated, new Uint32Array(1)] as const),
      exampleShape(translated, [0], 1),
    );
    let measured = evaluating.next();
    while (measured.done !== true) measured = evaluating.next();
    near(
      loss.reduce((sum, value) => sum + value, 0),
      4 * measured.value.loss,
    );
    const [width, columns] = [3, classes];
    for (const [output, t] of [
      [0, 0],
      [2, 0],
      [2, 3],
      [3, 4],
    ] as const) {
      const norm = Math.hypot(
        ...Array.from({ length: width }, (_, row) =>
          derivative((h) => {
            const at = (by: number): number => {
              const undo = nudged(network, 'E', row * columns + source[t]!, by);
              const found = own(output);
              undo();
              return found;
            };
            return at(h) - at(-h);
          }),
        ),
      );
      near(inputs[0]!.norms[output * steps.t + t]!, norm);
    }
  });

  it('gives the gradient by a state as that by what is added to it, in both directions', () => {
    // x goes into both states as it is, so that a change of x is one of them.
    const model = `f[t] = tanh(W f[t-1]) + x[t]
b[t] = tanh(R b[t+1]) + z[t]
z[t] = q * x[t]
y[t] = softmax(V [f[t]; b[t]] + c)
init q = 0`;
    const rows = Array.from({ length: 5 }, (_, t) =>
      Array.from({ length: hidden }, (_, i) => Math.sin(3 * t + i)),
    );
    const data = (changed = rows) =>
      dataset(channel([changed], undefined, true), symbols([0, 1, 2, 1, 0], 3), 'synced', 1, 0);
    const network = open(model, data());
    const { model: laid, backend } = network;
    const q = laid.parameters.find(({ name }) => name === 'q')!;
    const scaled = (by: number): void => {
      writeParameter(
        backend.floats(),
        laid.layout.parameters,
        q,
        new Float64Array(hidden).fill(by),
      );
      backend.parametersChanged();
    };
    scaled(0);
    const forwards = inspect(network, data());
    const dependence = (of: ExampleInspection, name: string) =>
      [...of.states, ...of.inputs].find(({ variable }) => variable === name)!.norms;
    assert.deepEqual(dependence(forwards, 'x[t]'), dependence(forwards, 'f'));
    // What comes later has no bearing on what is read forwards: below the diagonal all is zero.
    for (let o = 0; o < 5; o++) {
      for (let s = 0; s < 5; s++) {
        assert.equal(dependence(forwards, 'f')[o * 5 + s]! > 0, s <= o);
        assert.equal(dependence(forwards, 'b')[o * 5 + s]! > 0, s >= o);
      }
    }
    scaled(1);
    const both = inspect(network, data(), { part: 3 });
    const { gradient, loss } = both;
    assert.deepEqual([gradient!.name, gradient!.width], ['x[t]', hidden]);
    for (const [t, i] of [
      [0, 1],
      [3, 0],
      [4, 2],
    ] as const) {
      const slope = derivative((h) => {
        const at = (by: number): number => {
          const changed = rows.map((row) => [...row]);
          changed[t]![i]! += by;
          return inspect(network, data(changed)).loss[3]!;
        };
        return at(h) - at(-h);
      });
      // The data has float32 numbers.
      near(gradient!.values[t * hidden + i]!, slope, 1e-4);
    }
    assert.ok(loss.every((value) => value > 0));
  });

  it('differentiates the answer itself where nobody knows the numbers that are right', () => {
    // y = V x: the gradient of the answer is a row of V.
    const plain = dataset(
      channel([[[0.4, -1, 2]]], undefined, false),
      channel([[[0]]], undefined, false),
      'one',
      1,
      0,
    );
    const network = open('y = V x + c', plain);
    const { gradient, loss } = inspect(network, plain, { of: 'answer', part: 0 });
    const { model, backend } = network;
    const V = model.parameters.find(({ name }) => name === 'V')!;
    const row = readParameter(backend.floats(), model.layout.parameters, V);
    assert.ok(Number.isNaN(loss[0]));
    gradient!.values.forEach((value, i) => near(value, row[i]!));
  });

  it('is the same in float32, of more parts than run side by side', () => {
    const long = Array.from({ length: 21 }, (_, i) => (i * 7) % 3);
    const data = dataset(symbols(source), symbols(long, 3), 'delayed', 1, 0);
    const exact = inspect(open(translation, data), data);
    const single = inspect(
      open(translation, data, (layout) => createWasmBackend({ layout, build: 'strict' })),
      data,
    );
    assert.equal(exact.loss.length, 22);
    exact.loss.forEach((value, i) => near(single.loss[i]!, value, 1e-5));
    const all = (of: ExampleInspection) => [...of.inputs, ...of.states];
    for (const [i, { norms }] of all(exact).entries()) {
      const greatest = Math.max(...norms);
      const others = all(single)[i]!.norms;
      norms.forEach((norm, at) => assert.ok(Math.abs(norm - others[at]!) < 1e-5 * greatest));
    }
    exact.variables.forEach(({ name, values }, i) => {
      assert.equal(single.variables[i]!.name, name);
      values.forEach((value, at) =>
        assert.ok(Math.abs(value - single.variables[i]!.values[at]!) < 1e-5),
      );
    });
    const weights = exact.variables.find(({ name }) => name === 'weights a')!;
    for (let u = 0; u < 22; u++) {
      const row = weights.values.subarray(u * weights.width, (u + 1) * weights.width);
      near(
        row.reduce((a, b) => a + b, 0),
        1,
      );
    }
  });
});
