import assert from 'node:assert/strict';
import {
  firstEvaluation,
  nextEvaluation,
  type EvaluationPlan,
} from '../../../src/core/training/evaluation-plan';
import { createMeter } from '../../../src/core/training/meter';
import { createStopwatch } from '../../../src/core/training/stopwatch';

function schedule(plan: EvaluationPlan, steps: number): number[] {
  const due: number[] = [];
  for (let step = firstEvaluation(plan); step <= steps; step = nextEvaluation(plan, step))
    due.push(step);
  return due;
}

describe('evaluation plan', () => {
  it('keeps the distance it is given', () => {
    assert.deepEqual(schedule({ every: 40, tokens: 10, stepTokens: 10 }, 130), [40, 80, 120]);
  });

  it('spends by itself about 5 % of the work, early measurements aside', () => {
    const plan = { every: 0, tokens: 111_540, stepTokens: 2048 };
    const due = schedule(plan, 10_000);
    assert.ok(due[0]! < 60);
    const work = (due.length * plan.tokens) / 3 / (10_000 * plan.stepTokens);
    assert.ok(work > 0.02 && work < 0.06, String(work));
    // However long the run is, the number of measurements stays small.
    assert.ok(schedule({ every: 0, tokens: 10, stepTokens: 2048 }, 1_000_000).length < 300);
  });
});

describe('stopwatch', () => {
  it('counts slices and short gaps, but neither pauses nor a machine that slept', () => {
    let time = 100;
    const stopwatch = createStopwatch(() => time, 5);
    const slice = (seconds: number): void => {
      stopwatch.enter();
      time += seconds;
      stopwatch.leave();
    };
    time += 50;
    slice(2);
    assert.equal(stopwatch.seconds(), 7);
    time += 0.5;
    slice(3);
    assert.equal(stopwatch.seconds(), 10.5);
    stopwatch.pause();
    time += 0.5;
    slice(1);
    assert.equal(stopwatch.seconds(), 11.5);
    time += 3600;
    slice(1);
    assert.equal(stopwatch.seconds(), 13.5);
    stopwatch.enter();
    time += 0.25;
    assert.equal(stopwatch.seconds(), 13.75);
  });
});

describe('meter', () => {
  it('sums steps up to a row and begins again', () => {
    const meter = createMeter();
    [3, 1, 2].forEach((loss, i) => {
      meter.add({ loss, gradientNorm: 10 * loss, clipped: i === 0, seconds: 0.5, tokens: 30 });
    });
    assert.deepEqual(meter.take(), {
      steps: 3,
      loss: { mean: 2, min: 1, max: 3 },
      gradientNorm: { mean: 20, min: 10, max: 30 },
      clipped: 1 / 3,
      tokensPerSecond: 60,
    });
    meter.add({ loss: 7, gradientNorm: 1, clipped: false, seconds: 0, tokens: 30 });
    const row = meter.take();
    assert.deepEqual(row.loss, { mean: 7, min: 7, max: 7 });
    assert.ok(Number.isFinite(row.tokensPerSecond));
  });
});
