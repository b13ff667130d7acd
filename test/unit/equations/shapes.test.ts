import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/equations/load-cell';
import { parseCell } from '../../../src/core/equations/parse';
import { inferShapes, type CellShapes, type ModelSizes } from '../../../src/core/equations/shapes';

const sizes: ModelSizes = { input: 65, hidden: 100, vocabulary: 65 };

function shapesOf(source: string, given: Partial<ModelSizes> = {}): CellShapes {
  return inferShapes(parseCell(source, 'test.rnn'), { ...sizes, ...given });
}

function parameterCount({ matrices, biases }: CellShapes): number {
  const entries = [...matrices.values()].map(([rows, columns]) => rows * columns);
  return [...entries, ...biases.values()].reduce((sum, count) => sum + count, 0);
}

function failure(source: string, given: Partial<ModelSizes> = {}): string {
  try {
    shapesOf(source, given);
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  return assert.fail('expected an error');
}

describe('shape inference', () => {
  it('counts 2HC + H² parameters in a vanilla cell without bias, C = 8000, H = 100', () => {
    const shapes = shapesOf('s[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])', {
      input: 8000,
      vocabulary: 8000,
    });
    assert.equal(parameterCount(shapes), 1_610_000);
    assert.deepEqual(shapes.matrices.get('V'), [8000, 100]);
    assert.equal(shapes.variables.get('y'), 8000);
  });

  it('counts the parameters of the built-in cells as published', () => {
    const [C, H] = [65, 100];
    const count = (name: string): number => parameterCount(inferShapes(loadCell(name), sizes));
    assert.equal(count('vanilla'), H * C + H * H + H);
    assert.equal(count('vanilla-nobias'), H * C + H * H);
    // PyTorch's GRU has a second bias for every gate; only the candidate's is not redundant.
    assert.equal(count('gru'), 3 * (H * C + H * H + H) + H);
    assert.equal(count('lstm'), 4 * (H * C + H * H + H));
  });

  it('gives what stays open the hidden size', () => {
    const { variables, matrices, biases } = shapesOf(
      'z[t] = A x[t]\nr[t] = B z[t]\nh[t] = C r[t] + b',
    );
    assert.deepEqual(Object.fromEntries(variables), { x: 65, z: 100, r: 100, h: 100 });
    assert.deepEqual(Object.fromEntries(matrices), { A: [100, 65], B: [100, 100], C: [100, 100] });
    assert.deepEqual(Object.fromEntries(biases), { b: 100 });
  });

  it('follows sizes through equations in both directions', () => {
    const { variables, matrices, biases } = shapesOf(
      'p[t] = q[t] + a\nq[t] = A r[t]\nr[t] = tanh(B x[t]) * g\nh[t] = C p[t]\nsize p = 7\nsize r = hidden / 4',
    );
    assert.deepEqual(Object.fromEntries(variables), { x: 65, p: 7, q: 7, r: 25, h: 100 });
    assert.deepEqual(Object.fromEntries(matrices), { A: [7, 25], B: [25, 65], C: [100, 7] });
    assert.deepEqual(Object.fromEntries(biases), { a: 7, g: 25 });
  });

  it('lets a size line widen the output', () => {
    assert.equal(shapesOf('h[t] = U x[t]\nsize h = 2 hidden').variables.get('h'), 200);
  });

  it('finds the width of nested products', () => {
    const { matrices } = shapesOf(
      'h[t] = A B C x[t] + D (h[t-1] * b)\nz[t] = C x[t]\nsize z = 3\noutput h',
    );
    assert.deepEqual(matrices.get('C'), [3, 65]);
    assert.deepEqual(matrices.get('B'), [100, 3]);
  });

  it('takes numbers for vectors of any width', () => {
    assert.deepEqual(
      Object.fromEntries(
        shapesOf('a[t] = 1 / 2\nh[t] = 1 - a[t] * (2 - x[t])', { hidden: 65 }).variables,
      ),
      {
        x: 65,
        a: 65,
        h: 65,
      },
    );
  });

  it('feeds a prediction back (Jordan)', () => {
    const { matrices } = shapesOf('h[t] = tanh(U x[t] + W y[t-1])\ny[t] = softmax(V h[t] + c)');
    assert.deepEqual(matrices.get('W'), [100, 65]);
  });

  it('takes a y that is no softmax for a variable like any other', () => {
    const { variables } = shapesOf('h[t] = W h[t-1] + U x[t]\ny[t] = C h[t]');
    assert.equal(variables.get('y'), 100);
  });

  it('resolves a third of the hidden size', () => {
    assert.equal(
      shapesOf('h[t] = U x[t]\nsize h = hidden / 3', { hidden: 99 }).variables.get('h'),
      33,
    );
  });

  it('says both shapes and their origins where operands disagree', () => {
    assert.equal(
      failure('z[t] = A x[t]\nh[t] = z[t] * h[t-1]\nsize z = 64'),
      'test.rnn:2:8: z[t] has shape [64], but h[t-1] has shape [100]. 64 because line 3 gives the size of z; ' +
        '100 because h is the output, of the hidden size. A matrix before a vector changes its width, as in W x[t].',
    );
  });

  it('says both shapes where an equation disagrees with its left side', () => {
    assert.equal(
      failure('s[t] = tanh(x[t])'),
      'test.rnn:1:1: s[t] has shape [100], but tanh(x[t]) has shape [65]. 100 because s is the output, of the hidden size; ' +
        '65 because x is the input. A matrix before a vector changes its width, as in W x[t].',
    );
  });

  it('says both shapes where a matrix is used for two widths', () => {
    assert.equal(
      failure('s[t] = b +\n  W x[t] + W s[t-1]'),
      'test.rnn:2:12: W has shape [100, 65], but s[t-1] has shape [100]. W has 65 columns because x is the input; ' +
        's[t-1] is 100 wide because s is the output, of the hidden size. Use another matrix here, or change a size line.',
    );
  });

  it('says where a bias is used for two widths', () => {
    assert.equal(
      failure('h[t] = U x[t] + b\nz[t] = V h[t]\nr[t] = z[t] - b\nsize z = 64\noutput h'),
      'test.rnn:3:8: z[t] has shape [64], but b has shape [100]. 64 because line 4 gives the size of z; ' +
        '100 because h is the output, of the hidden size. A matrix before a vector changes its width, as in W x[t].',
    );
  });

  it('refuses sizes that are no whole numbers', () => {
    assert.equal(
      failure('h[t] = U x[t]\nsize h = hidden / 3'),
      'test.rnn:2:1: The size of h would be 33.3333 with a hidden size of 100. It must be a whole number of at least 1: change the line or the hidden size.',
    );
    assert.equal(
      failure('h[t] = b', { hidden: 0 }),
      'The hidden size must be a whole number of at least 1, not 0.',
    );
    assert.equal(
      failure('h[t] = b', { input: Number.NaN }),
      'The input size must be a whole number of at least 1, not NaN.',
    );
  });
});
