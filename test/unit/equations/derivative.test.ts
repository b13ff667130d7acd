import assert from 'node:assert/strict';
import fc from 'fast-check';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import { derivative, derivativeBy } from '../../../src/core/equations/derivative';
import type { Target } from '../../../src/core/equations/local-derivative';
import { mentionsOf } from '../../../src/core/equations/names';
import { parseCell } from '../../../src/core/equations/parse';
import { printCell } from '../../../src/core/equations/print';
import { inferShapes, type CellShapes, type ModelSizes } from '../../../src/core/equations/shapes';
import type { Cell } from '../../../src/core/equations/syntax';
import { smoothCells } from './arbitrary-cells';
import { evaluateVariable, get, type Matrix, type Values } from './evaluate';
import { evaluateFormula } from './evaluate-formula';
import { often } from '../often';

const usualSizes: ModelSizes = { input: 4, hidden: 3, vocabulary: 5 };

/** Numbers that look random in [-1, 1], the same at every run (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

function randomValues(shapes: CellShapes, maximumLag: number): Values {
  const random = generator(7);
  const vector = (n: number): number[] => Array.from({ length: n }, random);
  const reads = new Map<string, number[]>();
  for (const [name, width] of shapes.variables) {
    for (let lag = 0; lag <= maximumLag; lag++) reads.set(`${name} ${String(lag)}`, vector(width));
  }
  return {
    matrices: new Map(
      [...shapes.matrices].map(([name, [rows, columns]]) => [
        name,
        Array.from({ length: rows }, () => vector(columns)),
      ]),
    ),
    biases: new Map([...shapes.biases].map(([name, width]) => [name, vector(width)])),
    reads,
    fixed: new Map(),
  };
}

/** One thing to differentiate by: its entries, and the same values with other entries. */
interface Direction {
  readonly name: string;
  readonly lag: number;
  readonly entries: readonly number[];
  readonly replaced: (entries: readonly number[]) => Values;
}

function directionsOf(cell: Cell, values: Values, maximumLag: number): Direction[] {
  const directions: Direction[] = [];
  for (const [name, matrix] of values.matrices) {
    // vec: the columns one below the other.
    const rows = matrix.length;
    const columns = matrix[0]?.length ?? 0;
    const entries = Array.from(
      { length: rows * columns },
      (_, k) => matrix[k % rows]?.[Math.floor(k / rows)] ?? NaN,
    );
    const unvec = (flat: readonly number[]): Matrix =>
      matrix.map((row, i) => row.map((_, j) => flat[j * rows + i] ?? NaN));
    directions.push({
      name,
      lag: 0,
      entries,
      replaced: (flat) => ({
        ...values,
        matrices: new Map([...values.matrices, [name, unvec(flat)]]),
      }),
    });
  }
  for (const [name, entries] of values.biases) {
    directions.push({
      name,
      lag: 0,
      entries,
      replaced: (flat) => ({ ...values, biases: new Map([...values.biases, [name, flat]]) }),
    });
  }
  for (const name of ['x', ...cell.equations.map((equation) => equation.name)]) {
    directions.push({
      name,
      lag: 0,
      entries: evaluateVariable(cell, name, values),
      replaced: (flat) => ({ ...values, fixed: new Map([[name, flat]]) }),
    });
    for (let lag = 1; lag <= maximumLag; lag++) {
      const key = `${name} ${String(lag)}`;
      directions.push({
        name,
        lag,
        entries: get(values.reads, key),
        replaced: (flat) => ({ ...values, reads: new Map([...values.reads, [key, flat]]) }),
      });
    }
  }
  return directions;
}

/** Central differences of fourth order: column j is (8 f(h) - 8 f(-h) - f(2h) + f(-2h)) / 12h. */
function differences(cell: Cell, of: string, { entries, replaced }: Direction): Matrix {
  const h = 1e-3;
  const columns = entries.map((entry, j) => {
    const moved = (by: number): readonly number[] =>
      evaluateVariable(
        cell,
        of,
        replaced(entries.map((other, k) => (k === j ? entry + by : other))),
      );
    const [a, b, c, d] = [moved(h), moved(-h), moved(2 * h), moved(-2 * h)];
    return a.map(
      (value, i) => (8 * (value - (b[i] ?? NaN)) - (c[i] ?? NaN) + (d[i] ?? NaN)) / (12 * h),
    );
  });
  return evaluateVariable(cell, of, replaced(entries)).map((_, i) =>
    columns.map((column) => column[i] ?? NaN),
  );
}

/** Compares every derivative of a cell with central differences; returns how many. */
function checkAll(cell: Cell, sizes = usualSizes): number {
  const shapes = inferShapes(cell, sizes);
  const { lags } = mentionsOf(cell.equations.map(({ expression }) => expression));
  const maximumLag = Math.max(0, ...lags.values()) + 1;
  const values = randomValues(shapes, maximumLag);
  let checked = 0;
  for (const { name: of } of cell.equations) {
    for (const direction of directionsOf(cell, values, maximumLag)) {
      const { formula, text } = derivative(cell, of, direction.name, direction.lag);
      const rows = get(shapes.variables, of);
      const actual = evaluateFormula(formula, rows, direction.entries.length, cell, values);
      const expected = differences(cell, of, direction);
      for (const [i, row] of expected.entries()) {
        for (const [j, entry] of row.entries()) {
          const difference = Math.abs((actual[i]?.[j] ?? NaN) - entry);
          assert.ok(
            difference <= 1e-6 * Math.max(1, Math.abs(entry)),
            `${text}\n${printCell(cell)}[${String(i)}, ${String(j)}]: ${String(actual[i]?.[j])}, not ${String(entry)}`,
          );
        }
      }
      checked++;
    }
  }
  return checked;
}

const madeUp: Readonly<Record<string, string>> = {
  'two lags and two widths': `
    z[t] = tanh(A x[t] + B h[t-1] + C h[t-3] + a)
    h[t] = D z[t] * h[t-1] + E (z[t] - z[t-2])
    size z = 2`,
  'softmax gates': `
    a[t] = softmax(Wa x[t] + Ra h[t-1] + ba)
    h[t] = a[t] * h[t-1] + (1 - a[t]) * tanh(W x[t] + softmax(R h[t-1]))
    y[t] = softmax(V h[t] + c)`,
  layernorm: `
    p[t] = W h[t-1] + layernorm(U x[t])
    h[t] = tanh(g * layernorm(p[t]) + b) + 0.5 * layernorm(h[t-1] * p[t])`,
  'all functions': `
    h[t] = exp(A h[t-1]) / (2 + softplus(B x[t])) - sqrt(1 + abs(C h[t-2])) + relu(D x[t] + d)
    r[t] = relu(E h[t])
    q[t] = log(3 + tanh(h[t])) * -sigmoid(r[t]) / -abs(r[t] + 2)
    e[t] = exp(q[t]) - softplus(q[t] / 3) * (1 / 3)
    s[t] = sqrt(4 + e[t] * e[t] * e[t]) - (e[t] - (1 - e[t]))`,
  'a matrix used twice': `
    h[t] = tanh(W tanh(W h[t-1] + b) + W W h[t-2] + U x[t] + b)`,
  'many paths': `
    a[t] = tanh(A h[t-1])
    b[t] = sigmoid(B a[t] + C x[t])
    d[t] = a[t] * b[t] + D (a[t] - b[t])
    h[t] = d[t] * a[t] - tanh(E d[t] + F b[t]) * b[t]`,
  peepholes: `
    i[t] = sigmoid(Wi x[t] + Ri h[t-1] + pi * c[t-1] + bi)
    f[t] = sigmoid(Wf x[t] + Rf h[t-1] + pf * c[t-1] + bf)
    c[t] = f[t] * c[t-1] + i[t] * tanh(Wc x[t] + Rc h[t-1] + bc)
    o[t] = sigmoid(Wo x[t] + Ro h[t-1] + po * c[t] + bo)
    h[t] = o[t] * tanh(c[t])`,
  'earlier inputs': `
    z[t] = tanh(Wz x[t] + Vz x[t-1])
    f[t] = sigmoid(Wf x[t] + Vf x[t-1])
    h[t] = f[t] * h[t-1] + (1 - f[t]) * z[t]`,
  'a prediction that feeds back': `
    h[t] = tanh(U x[t] + W y[t-1] + b)
    y[t] = softmax(V h[t] + c)`,
  'numbers and signs': `
    h[t] = -(2 * -(3 * W h[t-1] - U x[t]) / 4 - 1 / 3 * h[t-1]) - -h[t-2] * 0 + h[t-1] * h[t-1] * h[t-1]`,
};

describe('derivatives', () => {
  for (const name of builtinCells.keys()) {
    it(`of ${name} agree with central differences`, () => {
      assert.ok(checkAll(loadCell(name)) >= 4);
    });
  }
  for (const [name, source] of Object.entries(madeUp)) {
    it(`of a cell with ${name} agree with central differences`, () => {
      assert.ok(checkAll(parseCell(source, name)) >= 8);
    });
  }

  it('of stacks, attention, dropout and values of the example agree with central differences', () => {
    const cell = parseCell(
      `k = tanh(A p + a)
      z[t] = [tanh(U x[t] + B k); dropout(W h[t-1])]
      h[t] = tanh(C z[t] + k * D h[t-1])
      q[t] = attend(Q h[t] + v, s)
      r[t] = attend(R h[t], s, x, v)
      o[t] = P [q[t] * k; r[t]] + s[T] * mean(s)
      s[t] = S x[t]`,
      'shapes',
    );
    const sizes = { input: 3, hidden: 4, vocabulary: 3 };
    const shapes = inferShapes(cell, sizes);
    const plain = randomValues(shapes, 1);
    const steps = (width: number) =>
      Array.from({ length: 5 }, (_, t) => Array.from({ length: width }, generator(width + t)));
    const sequences = new Map([
      ['s', steps(get(shapes.variables, 's'))],
      ['x', steps(get(shapes.variables, 'x'))],
    ]);
    const values = { ...plain, sequences };
    let checked = 0;
    for (const of of ['z', 'h', 'q', 'r', 'o']) {
      for (const by of directionsOf(cell, values, 1)) {
        // A step of a sequence is not its whole.
        if (by.name === 's' || by.name === 'S' || (by.name === 'k' && by.lag > 0)) continue;
        const { formula, text } = derivative(cell, of, by.name, by.lag);
        const rows = evaluateVariable(cell, of, values).length;
        const actual = evaluateFormula(formula, rows, by.entries.length, cell, values);
        for (const [i, row] of differences(cell, of, by).entries()) {
          for (const [j, entry] of row.entries()) {
            const difference = Math.abs((actual[i]?.[j] ?? NaN) - entry);
            assert.ok(difference <= 1e-6 * Math.max(1, Math.abs(entry)), text);
          }
        }
        checked++;
      }
    }
    assert.ok(checked >= 60, String(checked));
  });

  it('of what is read of other steps are told in its own notation', () => {
    const read = (source: string, of: string, by: Target): string =>
      derivativeBy(parseCell(source, 'r'), of, by).text;
    const sentiment = 'h[t] = tanh(U x[t] + W h[t-1])\ny = softmax(V mean(h) + c)';
    assert.equal(
      read(sentiment, 'y', { kind: 'pool', pool: 'mean', name: 'h' }),
      '∂y/∂mean(h) = (diag(y) - y yᵀ) V',
    );
    assert.equal(
      read('b[t] = tanh(W b[t+1])', 'b', { kind: 'variable', name: 'b', lag: -1, domain: 't' }),
      '∂b[t]/∂b[t+1] = diag(1 - b[t]²) W',
    );
    assert.equal(
      read('f[t] = U x[t]\nz[u] = V [W d[u-1]; f[T]]\nd[u] = z[u]', 'z', {
        ...{ kind: 'variable', name: 'd', lag: 1, domain: 'u' },
      }),
      '∂z[u]/∂d[u-1] = V [W; 0]',
    );
    assert.equal(
      read('s[t] = U x[t]\na[u] = attend(d[u-1], s)\nd[u] = a[u]', 'a', {
        ...{ kind: 'variable', name: 'd', lag: 1, domain: 'u' },
      }),
      '∂a[u]/∂d[u-1] = (Σ_t α[t] (s[t] - a[u]) s[t]ᵀ)',
    );
  });

  it('of random cells agree with central differences', () => {
    fc.assert(
      fc.property(smoothCells, (cell) => {
        checkAll(cell, { input: 3, hidden: 3, vocabulary: 3 });
      }),
      { numRuns: often(300), seed: 1990 },
    );
  });

  it('stay short where paths multiply', () => {
    const lines = Array.from({ length: 24 }, (_, i) => {
      const [last, before] = [
        i === 0 ? 'h[t-1]' : `a${String(i - 1)}[t]`,
        i < 2 ? 'h[t-2]' : `a${String(i - 2)}[t]`,
      ];
      return `a${String(i)}[t] = tanh(${last} * ${before}) + W${String(i % 3)} ${before}`;
    });
    const cell = parseCell(`${lines.join('\n')}\nh[t] = a23[t]`, 'deep');
    const { text, formula } = derivative(cell, 'h', 'h', 1);
    assert.ok(text.length < 2000, String(text.length));
    assert.match(text, /∂h\[t\]\/∂a\d+\[t\]/);
    const values = randomValues(inferShapes(cell, usualSizes), 2);
    const direction = directionsOf(cell, values, 2).find(
      ({ name, lag }) => name === 'h' && lag === 1,
    );
    assert.ok(direction);
    const actual = evaluateFormula(formula, 3, 3, cell, values);
    const expected = differences(cell, 'h', direction);
    actual.flat().forEach((entry, i) => {
      assert.ok(Math.abs(entry - (expected.flat()[i] ?? NaN)) < 1e-6);
    });
  });

  const formulas: readonly (readonly [
    cell: string,
    of: string,
    by: string,
    lag: number,
    text: string,
  ])[] = [
    ['vanilla', 's', 's', 1, '∂s[t]/∂s[t-1] = diag(1 - s[t]²) W'],
    ['vanilla', 's', 'x', 0, '∂s[t]/∂x[t] = diag(1 - s[t]²) U'],
    ['vanilla', 's', 'b', 0, '∂s[t]/∂b = diag(1 - s[t]²)'],
    ['vanilla', 's', 'W', 0, '∂s[t]/∂vec(W) = s[t-1]ᵀ ⊗ diag(1 - s[t]²)'],
    ['vanilla', 's', 's', 0, '∂s[t]/∂s[t] = I'],
    ['vanilla', 's', 's', 2, '∂s[t]/∂s[t-2] = 0'],
    ['lstm', 'c', 'c', 1, '∂c[t]/∂c[t-1] = diag(f[t])'],
    ['lstm', 'c', 'f', 0, '∂c[t]/∂f[t] = diag(c[t-1])'],
    ['lstm', 'h', 'c', 0, '∂h[t]/∂c[t] = diag(o[t] * (1 - tanh(c[t])²))'],
    ['lstm', 'i', 'h', 1, '∂i[t]/∂h[t-1] = diag(i[t] * (1 - i[t])) Ri'],
    [
      'lstm',
      'c',
      'h',
      1,
      '∂c[t]/∂h[t-1] = diag(i[t] * (1 - g[t]²)) Rg + diag(c[t-1] * f[t] * (1 - f[t])) Rf + diag(g[t] * i[t] * (1 - i[t])) Ri',
    ],
    ['gru', 'h', 'z', 0, '∂h[t]/∂z[t] = diag(h[t-1] - n[t])'],
    ['gru', 'h', 'n', 0, '∂h[t]/∂n[t] = diag(1 - z[t])'],
    [
      'gru',
      'h',
      'h',
      1,
      '∂h[t]/∂h[t-1] = diag(z[t]) + diag((1 - z[t]) * (1 - n[t]²) * r[t]) Rn' +
        ' + diag((1 - z[t]) * (1 - n[t]²) * (Rn h[t-1] + cn) * r[t] * (1 - r[t])) Rr' +
        ' + diag((h[t-1] - n[t]) * z[t] * (1 - z[t])) Rz',
    ],
  ];
  for (const [cell, of, by, lag, text] of formulas) {
    it(`writes ${text.slice(0, text.indexOf(' '))} of ${cell} as in the literature`, () => {
      assert.equal(derivative(loadCell(cell), of, by, lag).text, text);
    });
  }

  const simplified: readonly (readonly [source: string, by: string, text: string])[] = [
    ['2 * h[t-1]', 'h', '2 I'],
    ['-h[t-1]', 'h', '-I'],
    ['h[t-1] / 3', 'h', '(1 / 3) I'],
    ['h[t-1] - h[t-1]', 'h', '0'],
    ['W h[t-1] + W h[t-1]', 'h', '2 W'],
    ['A (B h[t-1])', 'h', 'A B'],
    ['A (2 * B h[t-1])', 'h', '2 A B'],
    ['tanh(A h[t-1] + B h[t-1])', 'h', 'diag(1 - h[t]²) (A + B)'],
    ['h[t-1] + a * h[t-1]', 'h', 'diag(1 + a)'],
    ['h[t-1] * h[t-1]', 'h', 'diag(2 * h[t-1])'],
    ['a / h[t-1]', 'h', '-diag(a / h[t-1]²)'],
    ['log(h[t-1])', 'h', 'diag(1 / h[t-1])'],
    ['sqrt(h[t-1])', 'h', 'diag(0.5 / h[t])'],
    ['exp(-h[t-1])', 'h', '-diag(h[t])'],
    ['relu(W h[t-1])', 'h', 'diag(step(h[t])) W'],
    ['a + abs(W h[t-1])', 'h', 'diag(sign(W h[t-1])) W'],
    ['softplus(h[t-1])', 'h', 'diag(sigmoid(h[t-1]))'],
    ['softmax(h[t-1])', 'h', 'diag(h[t]) - h[t] h[t]ᵀ'],
    ['softmax(W h[t-1])', 'h', '(diag(h[t]) - h[t] h[t]ᵀ) W'],
    ['layernorm(W h[t-1])', 'h', '(1 / std(W h[t-1])) (I - (1 1ᵀ + h[t] h[t]ᵀ) / n) W'],
    ['A tanh(B h[t-1])', 'B', 'h[t-1]ᵀ ⊗ (A diag(1 - tanh(B h[t-1])²))'],
    ['W h[t-1]', 'W', 'h[t-1]ᵀ ⊗ I'],
    ['0.5 * W h[t-1]', 'W', 'h[t-1]ᵀ ⊗ (0.5 I)'],
    ['W W h[t-1]', 'W', '(W h[t-1])ᵀ ⊗ I + h[t-1]ᵀ ⊗ W'],
  ];
  for (const [source, by, text] of simplified) {
    it(`simplifies ∂(${source})/∂${by}`, () => {
      const derived = derivative(parseCell(`h[t] = ${source}`, 'test'), 'h', by, 1).text;
      assert.equal(derived.slice(derived.indexOf(' = ') + 3), text);
    });
  }

  it('refuses names and lags that the cell does not have', () => {
    const cell = loadCell('vanilla');
    assert.throws(() => derivative(cell, 'q', 's', 1), {
      name: 'RangeError',
      message: 'No equation of the cell vanilla defines q; use s.',
    });
    assert.throws(() => derivative(cell, 's', 'q', 1), {
      name: 'RangeError',
      message: 'The cell vanilla has no q; use x, s, U, W or b.',
    });
    assert.throws(() => derivative(cell, 's', 's', 0.5), {
      name: 'RangeError',
      message: 'A lag is a whole number, not 0.5.',
    });
  });
});
