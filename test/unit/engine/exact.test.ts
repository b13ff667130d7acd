import assert from 'node:assert/strict';
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import { parameterCount } from '../../../src/core/engine/parameters';
import {
  linspace,
  prepare,
  probe,
  random,
  randomise,
  rowsOf,
  setMatrix,
  transpose,
  type Bench,
} from './tools';

function close(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected[i]!) <= tolerance,
      `${String(value)} is not ${String(expected[i])}`,
    );
  });
}

/**
 * Feeds dense inputs through a one-hot model: token i selects column i of U, so that a matrix
 * U' = Wx x for the wanted inputs gives the same pre-activation (D inputs become N tokens).
 */
function inputRows(x: number[][], weights: number[][]): number[][] {
  const columns = weights[0]!.map((_, c) => weights.map((row) => row[c]!));
  return x.map((row) => columns.map((w) => w.reduce((sum, value, d) => sum + value * row[d]!, 0)));
}

describe('published numbers', () => {
  it("cs231n's vanilla step", () => {
    const [n, d, h] = [3, 10, 4];
    const bench = prepare(vanilla, {
      hidden: h,
      vocabulary: n,
      batch: n,
      sequence: 1,
    });
    const x = rowsOf(linspace(-0.4, 0.7, n * d), d);
    const wx = rowsOf(linspace(-0.1, 0.9, d * h), h);
    const wh = rowsOf(linspace(-0.3, 0.7, h * h), h);
    setMatrix(bench, 'layer1.U', transpose(inputRows(x, wx)));
    setMatrix(bench, 'layer1.W', transpose(wh));
    setMatrix(bench, 'layer1.b', rowsOf(linspace(-0.2, 0.4, h), 1));
    bench.loaded.tokens.set([0, 1, 2]);
    bench.loaded.writeState(Float64Array.from(linspace(-0.2, 0.5, n * h)));
    bench.loaded.run(0);
    close(
      probe(bench, 'layer1.s', 0, 0),
      [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
      1e-8,
    );
  });

  it("cs231n's LSTM step", () => {
    const [n, d, h] = [3, 4, 5];
    const bench = prepare(lstm, {
      hidden: h,
      vocabulary: n,
      batch: n,
      sequence: 1,
    });
    const x = rowsOf(linspace(-0.4, 1.2, n * d), d);
    const wx = rowsOf(linspace(-2.1, 1.3, d * 4 * h), 4 * h);
    const wh = rowsOf(linspace(-0.7, 2.2, h * 4 * h), 4 * h);
    const b = linspace(0.3, 0.7, 4 * h);
    const inputs = inputRows(x, wx);
    ['i', 'f', 'o', 'g'].forEach((gate, index) => {
      const part = (row: number[]): number[] => row.slice(index * h, (index + 1) * h);
      setMatrix(bench, `layer1.W${gate}`, transpose(inputs.map(part)));
      setMatrix(bench, `layer1.R${gate}`, transpose(wh.map(part)));
      setMatrix(bench, `layer1.b${gate}`, rowsOf(part(b), 1));
    });
    bench.loaded.tokens.set([0, 1, 2]);
    const states = new Map([
      ['layer1.h', linspace(-0.3, 0.7, n * h)],
      ['layer1.c', linspace(-0.4, 0.9, n * h)],
    ]);
    const order = bench.loaded.program.carried.map(({ name }) => states.get(name)!);
    bench.loaded.writeState(Float64Array.from(order.flat()));
    bench.loaded.run(0);
    close(
      probe(bench, 'layer1.h', 0, 0),
      [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
      1e-8,
    );
    close(
      probe(bench, 'layer1.c', 0, 0),
      [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
      1e-8,
    );
  });

  it('counts 2HC + H² parameters of a vanilla network without biases', () => {
    for (const sequence of [4, 32]) {
      const source = 's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])';
      const { model } = prepare(source, {
        hidden: 100,
        vocabulary: 8000,
        batch: 1,
        sequence,
        mode: 'evaluate',
      });
      assert.equal(parameterCount(model.parameters), 1_610_000);
    }
  });

  it('starts at ln C with small weights', () => {
    for (const vocabulary of [65, 8000]) {
      const bench = prepare(vanilla, {
        hidden: 8,
        vocabulary,
        batch: 2,
        sequence: 4,
        mode: 'evaluate',
      });
      randomise(bench, 1, 1e-4);
      const { lossSum, count } = bench.loaded.run(0);
      assert.equal(count, 8);
      assert.ok(Math.abs(lossSum / count - Math.log(vocabulary)) < 1e-3);
    }
  });
});

describe('reductions of gated cells', () => {
  const sizes = { hidden: 7, vocabulary: 5, batch: 3, sequence: 13 };

  function copyWeights(
    from: Bench,
    to: Bench,
    pairs: readonly (readonly [string, string])[],
  ): void {
    for (const [source, target] of pairs) {
      const parameter = from.model.parameters.find(({ name }) => name === source)!;
      const floats = from.backend.floats();
      const rows = Array.from({ length: parameter.rows }, (_, r) =>
        Array.from(
          { length: parameter.columns },
          (_, c) => floats[parameter.offset + c * parameter.columnStride + r]!,
        ),
      );
      setMatrix(to, target, rows);
    }
    to.loaded.tokens.set(from.loaded.tokens);
  }

  it('GRU with r = 1, z = 0 is the vanilla cell', () => {
    const plain = prepare(vanilla, sizes);
    randomise(plain, 3);
    const gated = prepare(gru, sizes);
    copyWeights(plain, gated, [
      ['layer1.U', 'layer1.Wn'],
      ['layer1.W', 'layer1.Rn'],
      ['layer1.b', 'layer1.bn'],
    ]);
    setMatrix(
      gated,
      'layer1.br',
      Array.from({ length: 7 }, () => [1000]),
    );
    setMatrix(
      gated,
      'layer1.bz',
      Array.from({ length: 7 }, () => [-1000]),
    );
    plain.loaded.run(0);
    gated.loaded.run(0);
    for (let t = 0; t < 13; t++)
      close(probe(gated, 'layer1.h', t, 2), probe(plain, 'layer1.s', t, 2), 1e-12);
  });

  it('LSTM with i = 1, f = 0, o = 1 is the vanilla cell with one more tanh', () => {
    const plain = prepare('c[t] = tanh(U x[t] + W h[t-1] + b)\nh[t] = tanh(c[t])', sizes);
    randomise(plain, 4);
    const gated = prepare(lstm, sizes);
    copyWeights(plain, gated, [
      ['layer1.U', 'layer1.Wg'],
      ['layer1.W', 'layer1.Rg'],
      ['layer1.b', 'layer1.bg'],
    ]);
    for (const [bias, value] of [
      ['bi', 1000],
      ['bf', -1000],
      ['bo', 1000],
    ] as const) {
      setMatrix(
        gated,
        `layer1.${bias}`,
        Array.from({ length: 7 }, () => [value]),
      );
    }
    plain.loaded.run(0);
    gated.loaded.run(0);
    for (let t = 0; t < 13; t++)
      close(probe(gated, 'layer1.h', t, 1), probe(plain, 'layer1.h', t, 1), 1e-12);
  });
});

describe('carried state', () => {
  it('makes two chunks of T the same as one of 2T', () => {
    for (const source of [
      vanilla,
      lstm,
      gru,
      's[t] = tanh(U x[t] + W s[t-1] + A s[t-3] + D x[t-2])',
    ]) {
      const long = prepare(source, {
        hidden: 6,
        vocabulary: 5,
        batch: 2,
        sequence: 8,
        mode: 'evaluate',
      });
      const short = prepare(source, {
        hidden: 6,
        vocabulary: 5,
        batch: 2,
        sequence: 4,
        mode: 'evaluate',
      });
      randomise(long, 9);
      randomise(short, 9);
      const next = random(2);
      for (let i = 0; i < 16; i++) {
        long.loaded.tokens[i] = Math.floor(next() * 5);
        long.loaded.targets[i] = Math.floor(next() * 5);
      }
      const whole = long.loaded.run(0).lossSum;
      let sum = 0;
      for (const part of [0, 1]) {
        short.loaded.tokens.set(long.loaded.tokens.subarray(part * 8, part * 8 + 8));
        short.loaded.targets.set(long.loaded.targets.subarray(part * 8, part * 8 + 8));
        sum += short.loaded.run(0).lossSum;
      }
      assert.ok(Math.abs(whole - sum) < 1e-10, `${String(whole)} is not ${String(sum)}`);
    }
  });
});
