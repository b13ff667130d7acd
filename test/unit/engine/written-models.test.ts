/** Models as files write them: their graphs are differentiated right, and are those that their equations say. */
import assert from 'node:assert/strict';
import { layOut, type GraphModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { buildModelGraph, type Channel } from '../../../src/core/graph/model-graph';
import { often } from '../often';
import { largestError } from './largest-error';
import { examplesOf, fill, loadInto, randomiseParameters } from './sketch';

const symbols: Channel = { kind: 'symbols', width: 4 };
const numbers: Channel = { kind: 'numbers', width: 3 };

interface Written {
  readonly source: string;
  readonly input?: Channel;
  readonly answer?: Channel;
  /** Names of the parameters, in order. */
  readonly parameters: string;
}

const gru = (name: string): string =>
  ['Wz', 'Rz', 'bz', 'Wr', 'Rr', 'br', 'Wn', 'bn', 'Rn', 'cn'].map((p) => `${name}.${p}`).join(' ');

const models: Readonly<Record<string, Written>> = {
  sentiment: {
    source: 'h[t] = gru(x[t], h[t-1])\ny = softmax(V mean(h) + c)',
    parameters: `${gru('h')} V c`,
  },
  tagger: {
    source:
      'f[t] = lstm(x[t], f[t-1])\nb[t] = lstm(x[t], b[t+1])\ny[t] = softmax(V [f[t]; b[t]] + c)',
    parameters: '',
  },
  captions: {
    source: 's[u] = gru(x[u], s[u-1])\ninit s = tanh(P x + p)\ny[u] = softmax(V s[u] + c)',
    input: numbers,
    answer: symbols,
    parameters: '',
  },
  translation: {
    source: `s[t] = lstm(x[t], s[t-1])
d[u] = lstm(x[u], d[u-1])
init d = s[T]
init d.c = s.c[T]
a[u] = attend(A d[u], s)
k[u] = tanh(K [a[u]; d[u]])
y[u] = softmax(V k[u] + c)`,
    answer: symbols,
    parameters: '',
  },
  series: {
    source: 'h[t] = gru(x[t], h[t-1])\ny[t] = V h[t] + c',
    input: numbers,
    parameters: `${gru('h')} V c`,
  },
  plain: {
    source: 'h = tanh(A x + a)\ny = softmax(V h + c)',
    input: numbers,
    parameters: 'A a V c',
  },
  'additive attention, input feeding, dropout': {
    source: `s[t] = gru(x[t], s[t-1])
k[t] = Q s[t]
a[u] = attend(A d[u-1], k, s, v)
d[u] = tanh(U x[u] + R dropout(d[u-1]) + C a[u] + b)
init d = e
y[u] = sigmoid(V [d[u]; a[u]] + c)`,
    answer: symbols,
    parameters: '',
  },
  'its own answer comes back': {
    source: 'h[t] = tanh(U x[t] + W y[t-1] + b)\ny[t] = softmax(V h[t] + c)',
    parameters: 'U W b V c',
  },
};

function modelOf({ source, input = symbols, answer }: Written): GraphModel {
  const cell = parseCell(source, 'model');
  const channels = { input, output: 3, ...(answer && { answer }) };
  return layOut((options) =>
    buildModelGraph({ cell, hidden: 5, dropout: 0.3, ...channels }, options),
  );
}

describe('models as they are written', () => {
  for (const [name, written] of Object.entries(models)) {
    it(`${name}: gradients agree with central differences to 1e-7`, () => {
      const model = modelOf(written);
      const extent = { batch: 3, sequence: 6, answer: 5 };
      const backend = createReferenceBackend(model.layout);
      const bench = { model, backend, loaded: loadInto(model, backend, extent) };
      randomiseParameters(bench, 31);
      fill(bench, examplesOf(3, extent, 8));
      const error = largestError(bench, often(2));
      assert(error < 1e-7, `largest relative error ${String(error)}`);
    });
  }

  it('have the parameters that their equations name', () => {
    for (const { parameters, ...written } of Object.values(models)) {
      if (parameters === '') continue;
      const names = modelOf({ parameters, ...written }).parameters.map((p) => p.name);
      assert.deepEqual([...names].sort(), parameters.split(' ').sort());
    }
  });

  it('let the weights of an attention be read: of each row they are of its example alone, and 1 together', () => {
    const model = modelOf(models['translation']!);
    const extent = { batch: 3, sequence: 6, answer: 5, mode: 'inspect' } as const;
    const backend = createReferenceBackend(model.layout);
    const loaded = loadInto(model, backend, extent);
    randomiseParameters({ model, backend }, 31);
    const examples = examplesOf(3, extent, 8);
    fill({ backend, loaded }, examples);
    loaded.run(0);
    const view = loaded.program.probes.get('weights a')!;
    assert.equal(view.width, 6);
    examples.forEach(({ t, u }, row) => {
      for (let step = 0; step < u; step++) {
        const start = view.offset + step * view.timeStride + row * view.rowStride;
        const weights = [...backend.floats().subarray(start, start + 6)];
        assert(weights.slice(0, t).every((weight) => weight > 0));
        assert(weights.slice(t).every((weight) => weight === 0));
        assert(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-12);
      }
    });
  });

  it('a file without y is no model', () => {
    const written = { source: 's[t] = tanh(U x[t] + W s[t-1])', parameters: '' };
    assert.throws(() => modelOf(written), /model defines no y/);
  });
});
