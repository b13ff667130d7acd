import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { loadCell } from '../../../src/core/equations/load-cell';
import { parseCell } from '../../../src/core/equations/parse';
import { evaluateElement } from '../../../src/core/graph/elements';
import { derivative } from '../../../src/core/inspection/differences';
import {
  checkGradients,
  sweepSteps,
  type GradientCheckOptions,
  type GradientCheckResult,
} from '../../../src/core/inspection/gradient-check';
import { finish } from '../../../src/core/training/evaluate';
import { often } from '../often';

const models = path.resolve('test/fixtures/models');

function check(source: string, more: Partial<GradientCheckOptions> = {}): GradientCheckResult {
  const cell = source.includes('=') ? parseCell(source, 'cell') : loadCell(source);
  return finish(checkGradients({ cell, entries: often(3), ...more }));
}

describe('derivative by differences', () => {
  it('is exact to 1e-10 for smooth functions, steep and flat', () => {
    const cases: [(x: number) => number, number][] = [
      [(x) => Math.exp(3 * x), 3],
      [(x) => Math.sin(10 * x) + 2 * x, 12],
      [(x) => Math.tanh(x + 1), 1 - Math.tanh(1) ** 2],
      [(x) => 1e-6 * Math.log(x + 1.5), 1e-6 / 1.5],
    ];
    for (const [f, expected] of cases) {
      const found = derivative((h) => f(h) - f(-h));
      assert.ok(
        Math.abs(found / expected - 1) < 1e-10,
        `${String(found)} is not ${String(expected)}`,
      );
    }
  });

  it('finds the slope beside a kink', () => {
    const f = (x: number): number => Math.max(0, x + 0.01);
    assert.ok(Math.abs(derivative((h) => f(h) - f(-h)) - 1) < 1e-9);
  });
});

describe('gradient check', () => {
  for (const cell of ['vanilla', 'vanilla-nobias', 'gru', 'lstm']) {
    it(`${cell}: below 1e-7, in one layer, stacked, and with an embedding`, () => {
      for (const more of [{}, { layers: 2 }, { embedding: 5 }]) {
        const { rows, maxRelativeError } = check(cell, more);
        assert.ok(maxRelativeError < 1e-7, `${JSON.stringify(more)}: ${JSON.stringify(rows)}`);
        for (const row of rows)
          assert.ok(row.live > 0 && row.live <= row.checked && row.checked <= row.entries);
      }
    });
  }

  const made = {
    'several lags': 'h[t] = tanh(U x[t] + W h[t-1] + R h[t-3] + Q x[t-2] + b)',
    layernorm: 'a[t] = layernorm(U x[t] + W h[t-1] + b)\nh[t] = tanh(g * a[t] + c)\ninit g = 1',
    'softmax gates': 'p[t] = softmax(A x[t] + B h[t-1])\nh[t] = tanh(U x[t] + W (p[t] * h[t-1]))',
    'all functions':
      'a[t] = exp(-abs(U x[t] + W h[t-1]))\nb[t] = sqrt(a[t] + softplus(V h[t-1]))\nh[t] = log(1 + b[t]) / (2 + relu(Q x[t] + R h[t-1])) - sigmoid(S h[t-2])',
    'its own output layer': 's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t] + Q x[t])',
  };
  for (const [name, source] of Object.entries(made)) {
    it(`made-up cell with ${name}: below 1e-7`, () => {
      const { rows, maxRelativeError } = check(source);
      assert.ok(maxRelativeError < 1e-7, JSON.stringify(rows));
    });
  }

  for (const file of fs.readdirSync(models)) {
    it(`model of examples ${file}: below 1e-7, of examples of different length`, () => {
      const source = fs.readFileSync(path.join(models, file), 'utf8');
      const { rows, maxRelativeError } = check(source, { of: 'examples', batch: 3 });
      assert.ok(maxRelativeError < 1e-7, String(maxRelativeError));
      assert.ok(rows.every(({ live }) => live > 0));
    });
  }

  it('finds a wrong gradient of a model of examples', () => {
    const wrong: GradientCheckOptions['evaluate'] = (operation, a, b) =>
      evaluateElement(operation, a, b) * (operation === 'sigmoidGradient' ? 1.001 : 1);
    const source = fs.readFileSync(path.join(models, 'sentiment.rnn'), 'utf8');
    const { maxRelativeError } = check(source, { of: 'examples', evaluate: wrong });
    assert.ok(maxRelativeError > 1e-5, String(maxRelativeError));
  });

  it('does not stumble over kinks: the IRNN of the docs, and abs, with many seeds', () => {
    const irnn = 'h[t] = relu(U x[t] + W h[t-1] + b)\ninit W = identity\ninit U = normal(0.001)';
    const folded = 'h[t] = abs(U x[t] + W h[t-1]) - relu(V h[t-1] + b)';
    for (const source of [irnn, folded]) {
      for (let seed = 1; seed <= 6; seed++) {
        const { rows, maxRelativeError } = check(source, { seed, batch: 3, entries: often(8) });
        assert.ok(maxRelativeError < 1e-7, `${String(seed)}: ${JSON.stringify(rows)}`);
      }
    }
  });

  it('finds a wrong gradient of relu and of abs', () => {
    const cells = {
      reluGradient: 'h[t] = relu(U x[t] + W h[t-1] + b)',
      absGradient: 'h[t] = tanh(abs(U x[t] + W h[t-1] + b))',
    };
    for (const [wrong, source] of Object.entries(cells)) {
      // Passes on what a kink's flat or falling side should hold back or turn round.
      const { rows } = check(source, {
        evaluate: (operation, a, b) =>
          operation === wrong ? b! : evaluateElement(operation, a, b),
      });
      const { maxRelativeError } = rows.find(({ name }) => name === 'layer1.W')!;
      assert.ok(maxRelativeError > 0.01, `${wrong}: ${String(maxRelativeError)}`);
    }
  });

  it('sweeps the step: the error falls as ε² while curvature rules, and grows as 1/ε where rounding does', () => {
    const { rows } = check('gru');
    for (const { name, sweep } of rows) {
      const at = (step: number): number => sweep[sweepSteps.findIndex((one) => one === step)]!;
      const curvature = at(1e-1) / at(1e-2);
      assert.ok(curvature > 50 && curvature < 200, `${name}: ${String(curvature)}`);
      assert.ok(at(1e-8) > 10 * Math.min(...sweep), `${name}: ${sweep.join(' ')}`);
    }
  });

  it('ends in time, with one entry of every parameter at least', () => {
    let time = 0;
    const { rows } = check('lstm', { seconds: 5, now: () => time++ });
    for (const { checked } of rows) assert.ok(checked >= 1 && checked < 5, String(checked));
  });

  it('counts entries with no gradient at all as not live', () => {
    const { rows } = check('vanilla', { vocabulary: 40, batch: 1, sequence: 12, entries: 1000 });
    const input = rows.find(({ name }) => name === 'layer1.U')!;
    // At most 12 of 40 one-hot columns were ever fed in.
    assert.ok(
      input.live <= 12 * 8 && input.live > 0 && input.entries === 320 && input.checked === 320,
    );
    assert.ok(input.maxRelativeError < 1e-7);
  });
});
