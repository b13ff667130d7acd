import assert from 'node:assert/strict';
import { builtinCells } from '../../../src/core/cells';
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import { largestError } from './largest-error';
import { prepare, randomise, type Sizes } from './tools';
import { often } from '../often';

const bound = 1e-7;

const sizes: Sizes = {
  hidden: 6,
  vocabulary: 5,
  batch: 2,
  sequence: 12,
  mode: 'train',
};

const cells: Record<string, string> = {
  ...Object.fromEntries(builtinCells),
  'GRU as Cho wrote it': `z[t] = sigmoid(Wz x[t] + Rz h[t-1])
    r[t] = sigmoid(Wr x[t] + Rr h[t-1])
    h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(W x[t] + R (r[t] * h[t-1]))`,
  'two lags and a lagged input': 's[t] = tanh(U x[t] + D x[t-2] + W s[t-1] + A s[t-3] + b)',
  layernorm: 's[t] = tanh(g * layernorm(U x[t] + W s[t-1]) + b)\ninit g = 1',
  'softmax gate': `a[t] = softmax(Wa x[t] + Ra s[t-1])
    s[t] = a[t] * tanh(U x[t] + W s[t-1]) + (1 - a[t]) * s[t-1]`,
  'own output layer': 's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])',
  Jordan: 's[t] = tanh(U x[t] + W y[t-1] + b)\ny[t] = softmax(V s[t] + c)',
  peepholes: `i[t] = sigmoid(Wi x[t] + Ri h[t-1] + p * c[t-1])
    c[t] = (1 - i[t]) * c[t-1] + i[t] * tanh(Wg x[t] + Rg h[t-1])
    h[t] = sigmoid(Wo x[t] + q * c[t]) * tanh(c[t])`,
  'every function': `a[t] = exp(-abs(U x[t] + W s[t-1]))
    d[t] = log(2 + a[t] * a[t]) / sqrt(1 + softplus(A x[t]))
    s[t] = tanh(d[t] - 0.3 * relu(C s[t-1] + k)) / (1.5 + sigmoid(B a[t]))`,
  'shared matrix': 's[t] = tanh(U x[t] + W s[t-1] + W s[t-2])',
  'matrix of a matrix': 's[t] = tanh(A U x[t] + W B s[t-1])',
  sizes: 'z[t] = tanh(A x[t] + B z[t-1])\ns[t] = tanh(U z[t] + W s[t-1])\nsize z = 3',
  'initial state': 's[t] = tanh(U x[t] + W s[t-1])\ninit s = 0.5',
};

describe('backpropagation through time against central differences', () => {
  for (const [name, source] of Object.entries(cells)) {
    it(name, () => {
      const bench = prepare(source, sizes);
      randomise(bench, 11);
      const error = largestError(bench, often(6));
      assert.ok(error < bound, `largest relative error ${String(error)}`);
    });
  }

  const variants: Record<string, Partial<Sizes>> = {
    'two layers': { layers: 2 },
    'three layers, embedding': { layers: 3, embedding: 4 },
    'dropout with a fixed mask': { layers: 2, dropout: 0.4 },
    'odd sizes': { hidden: 9, vocabulary: 11, batch: 3 },
    'one row': { batch: 1 },
  };
  for (const [name, variant] of Object.entries(variants)) {
    for (const [cellName, source] of Object.entries({
      vanilla,
      gru,
      lstm,
      own: cells['own output layer']!,
      // Its V and the next layer's U multiply the same values, unless some of them are dropped for U alone.
      jordan: builtinCells.get('jordan')!,
    })) {
      it(`${cellName}, ${name}`, () => {
        const bench = prepare(source, { ...sizes, ...variant });
        randomise(bench, 12);
        const error = largestError(bench, often(5));
        assert.ok(error < bound, `largest relative error ${String(error)}`);
      });
    }
  }

  // What is carried back over two layers reaches past the chunk's end by all their lags together.
  for (const source of [
    'c[t] = tanh(A x[t-1])\nh[t] = c[t-1]',
    'c[t] = tanh(A x[t-3] + B x[t])\nh[t] = c[t-2]',
  ]) {
    it(`lags of lags: ${source.replace('\n', ', ')}`, () => {
      const bench = prepare(source, { ...sizes, layers: 2, embedding: 4 });
      randomise(bench, 16);
      const error = largestError(bench, often(6));
      assert.ok(error < bound, `largest relative error ${String(error)}`);
    });
  }

  it('a variable that only watches has gradient zero', () => {
    const source = 'c[t] = tanh(U x[t] + W c[t-1])\nu[t] = tanh(D x[t] + E c[t-1])\noutput c';
    const bench = prepare(source, sizes);
    randomise(bench, 14);
    bench.loaded.run(0);
    const { gradients } = bench.model.layout;
    const largest = (symbol: string): number => {
      const { offset, rows, columns, columnStride } = bench.model.parameters.find(
        (p) => p.symbol === symbol,
      )!;
      const starts = Array.from(
        { length: columns },
        (_, c) => gradients + offset + c * columnStride,
      );
      const floats = bench.backend.floats();
      return Math.max(
        ...starts.flatMap((start) => [...floats.subarray(start, start + rows)].map(Math.abs)),
      );
    };
    assert.equal(largest('D'), 0);
    assert.equal(largest('E'), 0);
    assert.ok(largest('W') > 0);
  });

  it('a look at a chunk leaves the gradient with respect to parameters as it was', () => {
    const bench = prepare(vanilla, { ...sizes, mode: 'inspect' });
    randomise(bench, 15);
    const { gradients, parameterFloats } = bench.model.layout;
    bench.backend.floats().fill(0.25, gradients, gradients + parameterFloats);
    bench.loaded.run(0);
    const after = bench.backend.floats().subarray(gradients, gradients + parameterFloats);
    assert.ok(after.every((value) => value === 0.25));
  });

  it('positions without a target add nothing', () => {
    const bench = prepare(lstm, sizes);
    randomise(bench, 13);
    bench.loaded.targets.fill(-1, 0, 22);
    assert.equal(bench.loaded.run(0).count, 2);
    assert.ok(largestError(bench, often(5)) < bound);
  });
});
