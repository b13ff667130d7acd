import assert from 'node:assert/strict';
import { buildModel, type Model } from '../../../src/core/engine/model';
import { readParameter } from '../../../src/core/engine/parameters';
import { parseCell } from '../../../src/core/equations/parse';
import { initialise } from '../../../src/core/engine/initialise';
import { createRandom } from '../../../src/core/random/random';

function initialised(
  source: string,
  hidden = 40,
  embedding = 0,
): { model: Model; read: (name: string) => Float64Array } {
  const cell = parseCell(source, 'cell');
  const model = buildModel({ cell, hidden, layers: 1, vocabulary: 30, embedding, dropout: 0 });
  const floats = new Float64Array(model.layout.free);
  initialise(model, floats, createRandom(3));
  return {
    model,
    read: (name) =>
      readParameter(
        floats,
        model.layout.parameters,
        model.parameters.find((p) => p.name === name)!,
      ),
  };
}

/** Largest deviation of Q Qᵀ / scale² from the identity. */
function fromOrthogonal(q: Float64Array, n: number, scale: number): number {
  let worst = 0;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += q[a * n + k]! * q[b * n + k]!;
      worst = Math.max(worst, Math.abs(sum / scale ** 2 - (a === b ? 1 : 0)));
    }
  }
  return worst;
}

const deviation = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const largest = (values: Float64Array): number => Math.max(...values.map(Math.abs));

describe('initial values', () => {
  it('are by default orthogonal for a square matrix, unit normal for one that reads tokens, zero for a bias', () => {
    const { read } = initialised('h[t] = tanh(U x[t] + W h[t-1] + b)');
    assert.ok(fromOrthogonal(read('layer1.W'), 40, 1) < 1e-12);
    assert.ok(Math.abs(deviation(read('layer1.U')) - 1) < 0.1);
    assert.ok(read('layer1.b').every((value) => value === 0));
    assert.ok(read('output.c').every((value) => value === 0));
    // A tenth of Glorot's bound √(6 / (30 + 40)).
    assert.ok(largest(read('output.V')) <= 0.1 * Math.sqrt(6 / 70));
    assert.ok(largest(read('output.V')) > 0.09 * Math.sqrt(6 / 70));
  });

  it('are uniform within Glorot’s bound for any other matrix', () => {
    const { read } = initialised('h[t] = tanh(U x[t] + W h[t-1])', 40, 12);
    const bound = Math.sqrt(6 / (40 + 12));
    assert.ok(largest(read('layer1.U')) <= bound && largest(read('layer1.U')) > 0.98 * bound);
    assert.ok(Math.abs(deviation(read('layer1.U')) - bound / Math.sqrt(3)) < 0.05 * bound);
  });

  it('are what init says', () => {
    const { read } = initialised(
      [
        'h[t] = tanh(A x[t] + B h[t-1] + C h[t-2] + D h[t-3] + E h[t-4] + b)',
        'init A = 0.25',
        'init B = orthogonal(0.5)',
        'init C = identity(2)',
        'init D = uniform(0.3)',
        'init E = normal(0.7)',
        'init b = -1',
      ].join('\n'),
    );
    assert.ok(read('layer1.A').every((value) => value === 0.25));
    assert.ok(fromOrthogonal(read('layer1.B'), 40, 0.5) < 1e-12);
    read('layer1.C').forEach((value, at) => {
      assert.equal(value, at % 41 === 0 ? 2 : 0);
    });
    assert.ok(largest(read('layer1.D')) <= 0.3 && largest(read('layer1.D')) > 0.29);
    assert.ok(Math.abs(deviation(read('layer1.E')) - 0.7) < 0.05);
    assert.ok(read('layer1.b').every((value) => value === -1));
  });

  it('are small for the matrices of a cell’s own output layer, also for one that reads tokens', () => {
    const { read } = initialised(
      's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t] + Q x[t] + c)',
    );
    assert.ok(largest(read('layer1.V')) <= 0.1 * Math.sqrt(6 / 70));
    assert.ok(largest(read('layer1.Q')) <= 0.1 * Math.sqrt(6 / 60));
  });

  it('are those of any other matrix where a state is called y', () => {
    const { read } = initialised('y[t] = tanh(U x[t] + W y[t-1] + b)');
    assert.ok(fromOrthogonal(read('layer1.W'), 40, 1) < 1e-12);
    assert.ok(Math.abs(deviation(read('layer1.U')) - 1) < 0.1);
    // The output layer is the one that the model adds.
    assert.ok(largest(read('output.V')) <= 0.1 * Math.sqrt(6 / 70));
  });
});
