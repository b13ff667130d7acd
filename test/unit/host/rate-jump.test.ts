import assert from 'node:assert/strict';
import { rateJump } from '../../../src/host/commands/rate-jump';
import { initialScheduleState, rateFactor } from '../../../src/core/settings/schedules';
import type { Run } from '../../../src/host/runs/run';
import { metricsColumns, metricsTable, toColumns } from '../../../src/protocol/history';

/** A run that has ended after 1000 steps, at a learning rate. */
function ended(learningRate: number, schedule: string): Run {
  const metrics = metricsTable();
  metrics.append(toColumns(metricsColumns, { step: 1000, seconds: 60, learningRate }));
  const settings = {
    ...{ 'training.schedule': schedule, 'training.warmup': 50, 'training.minimumRatio': 0.1 },
    ...{ 'training.decayFactor': 0.5, 'training.decayEvery': 1000 },
  };
  return { facts: { settings, learningRate: 0.004 }, metrics } as unknown as Run;
}

describe('the learning rate of a run that goes on', () => {
  it('rises to where the longer cosine is', () => {
    // Half-way: 0.1 + 0.9 · (1 + cos(π/2)) / 2 = 0.55 of the height.
    const jump = rateJump(ended(0.0004, 'cosine'), { 'training.steps': 2000 });
    assert.ok(jump && Math.abs(jump.to - 0.0022) < 1e-9 && jump.from === 0.0004, String(jump?.to));
    const schedule = { warmup: 50, minimumRatio: 0.1, decayFactor: 0.5, decayEvery: 1000 };
    const moment = { step: 1001, progress: 0.5 };
    const engines = rateFactor({ schedule: 'cosine', ...schedule }, moment, initialScheduleState);
    assert.ok(Math.abs(jump.to - 0.004 * engines) < 1e-12);
    const timed = rateJump(ended(0.0004, 'cosine'), { 'training.seconds': 120 });
    assert.ok(timed && Math.abs(timed.to - 0.0022) < 1e-9);
  });

  it('is not told of where it stays what it was', () => {
    assert.equal(rateJump(ended(0.0004, 'step'), { 'training.steps': 2000 }), undefined);
    assert.equal(rateJump(ended(0.0004, 'cosine'), {}), undefined);
    // At 0.1 + 0.9 · (1 + cos(10π/10.1)) / 2 it has hardly left its end.
    assert.equal(rateJump(ended(0.0004, 'cosine'), { 'training.steps': 1010 }), undefined);
  });
});
