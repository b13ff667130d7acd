import assert from 'node:assert/strict';
import { automaticLearningRate } from '../../../src/core/settings/automatic';
import {
  afterMeasurement,
  initialScheduleState,
  rateFactor,
} from '../../../src/core/settings/schedules';
import { parseSettings } from '../../../src/core/settings/settings';

function settings(more: Record<string, unknown>) {
  return parseSettings({ training: { warmup: 0, minimumRatio: 0, ...more } }).training;
}

function factor(more: Record<string, unknown>, step: number, progress = 0): number {
  return rateFactor(settings(more), { step, progress }, initialScheduleState);
}

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-12, `${String(actual)} is not ${String(expected)}`);
}

describe('learning-rate schedules', () => {
  it('warms up linearly to the height', () => {
    const more = { schedule: 'constant', warmup: 4 };
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((step) => factor(more, step)),
      [0.25, 0.5, 0.75, 1, 1],
    );
  });

  it('decays by a factor every few steps, down to the minimum', () => {
    const more = { schedule: 'step', decayFactor: 0.5, decayEvery: 10, minimumRatio: 0.2 };
    assert.deepEqual(
      [1, 10, 11, 20, 21, 31].map((step) => factor(more, step)),
      [1, 1, 0.5, 0.5, 0.25, 0.2],
    );
  });

  it('follows a cosine from the height to the minimum, and no further', () => {
    const more = { schedule: 'cosine', minimumRatio: 0.1 };
    close(factor(more, 1, 0), 1);
    close(factor(more, 1, 0.5), 0.55);
    close(factor(more, 1, 1 / 3), 0.1 + 0.9 * 0.75);
    close(factor(more, 1, 1), 0.1);
    close(factor(more, 1, 1.3), 0.1);
  });

  it('halves when the loss rises', () => {
    const halving = settings({ schedule: 'halve', decayFactor: 0.5 });
    let state = initialScheduleState;
    const factors = [3, 2.5, 2.6, 2.55, 2.56].map((loss) => {
      state = afterMeasurement(halving, state, loss);
      return rateFactor(halving, { step: 100, progress: 0 }, state);
    });
    assert.deepEqual(factors, [1, 1, 0.5, 0.5, 0.25]);
    const constant = settings({ schedule: 'constant' });
    assert.equal(afterMeasurement(constant, { factor: 1, previous: 1 }, 2).factor, 1);
  });
});

describe('automatic learning rate', () => {
  it('tells cells with gates from plain ones, comments aside', () => {
    const plain = automaticLearningRate('# sigmoid *\ns[t] = tanh(U x[t] + W s[t-1])', 'adam');
    const gated = automaticLearningRate('z[t] = sigmoid(Wz x[t])\nh[t] = z[t] * h[t-1]', 'adam');
    assert.ok(gated > plain);
  });
});
