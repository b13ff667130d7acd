import assert from 'node:assert/strict';
import {
  evaluationColumns,
  evaluationTable,
  metricsColumns,
  metricsTable,
  toColumns,
} from '../../../../src/protocol/history';
import type { RunPhase } from '../../../../src/protocol/panel';
import type { Run } from '../../../../webview/state';
import { tellCourse } from '../../../../webview/views/loss/course';
import { diagnoseLoss } from '../../../../webview/views/loss/diagnosis';
import { format } from './run';

/** Losses by the step, nats per token. */
interface Curves {
  readonly training: (step: number) => number;
  readonly validation?: (step: number) => number;
  readonly steps?: number;
  readonly phase?: RunPhase;
  readonly facts?: Partial<Run['facts']>;
}

/** Noise as a batch has it, the same each time: of mean 0, up to `size` either way. */
function noise(step: number, size = 0.08): number {
  const hash = Math.sin(step * 12.9898) * 43758.5453;
  return size * (2 * (hash - Math.floor(hash)) - 1);
}

/** A row for every 4 steps, an evaluation for every 100. */
function runOf({ training, validation, steps = 2000, phase = 'training', facts }: Curves): Run {
  const metrics = metricsTable();
  const evaluations = evaluationTable();
  for (let step = 4; step <= steps; step += 4) {
    const row = { step, steps: 4, learningRate: 0.002, lossMean: training(step) + noise(step) };
    metrics.append(toColumns(metricsColumns, row));
    if (validation && step % 100 === 0) {
      const validationLoss = validation(step) + noise(step, 0.003);
      evaluations.append(toColumns(evaluationColumns, { step, validationLoss }));
    }
  }
  const known = {
    baselines: { uniform: 4.2, unigram: 3.2, bigram: 2.4 },
    ...{ hidden: 256, dropout: 0, learningRate: 0.002, tokens: 1e5 },
  };
  const status = { phase, canContinue: true };
  return { id: 'a', facts: { ...known, ...facts }, status, metrics, evaluations } as unknown as Run;
}

/** Falls from 4.2 to a floor. */
const falling = (floor: number, time: number) => (step: number) =>
  floor + (4.2 - floor) * Math.exp(-step / time);

const labels = (curves: Curves) => tellCourse(runOf(curves), format)!.remedies.map((r) => r.label);

describe('the diagnosis of the losses', () => {
  it('says nothing of the first steps', () => {
    assert.equal(diagnoseLoss(runOf({ training: falling(1.5, 300), steps: 96 })), undefined);
    // Nor before the validation loss has a tendency.
    const young = { training: falling(1.5, 300), validation: falling(1.6, 300), steps: 300 };
    assert.equal(diagnoseLoss(runOf(young)), undefined);
  });

  it('finds overfitting, and since when, where the validation loss rises and the training loss falls', () => {
    const best = 800;
    const curves = {
      training: (step: number) => 2 - step / 2000,
      // 1.678 at its best, 1.855 at the end: the run of the tour.
      validation: (step: number) =>
        step < best ? 1.678 + (best - step) / 1000 : 1.678 + (0.177 * (step - best)) / 1200,
    };
    const course = diagnoseLoss(runOf(curves));
    assert.equal(course?.kind, 'overfitting');
    assert.equal(course.severity, 'warning');
    assert.ok(Math.abs(course.since - best) <= 100, String(course.since));
    assert.ok(Math.abs(course.best - 1.678) < 0.005 && Math.abs(course.now - 1.855) < 0.005);
    assert.deepEqual(labels(curves), [
      'Stop, and use the best checkpoint',
      'Train again with dropout 0.2',
    ]);
    const { claim } = tellCourse(runOf({ ...curves, phase: 'stopped' }), format)!;
    assert.match(claim, /^Overfitting since step [789]00: .* from 1\.6[78]\d to 1\.85\d while/);
    const dropped = { ...curves, phase: 'finished' as const, facts: { dropout: 0.4 } };
    assert.deepEqual(labels(dropped), ['Train again with dropout 0.5']);
    // Without its text it cannot be trained again.
    assert.deepEqual(labels({ ...dropped, facts: { tokens: 0 } }), []);
  });

  it('finds overfitting where the first measurement is the best', () => {
    const curves = {
      training: (step: number) => 2.77 - step / 4000,
      validation: (step: number) => 2.8 + step / 5000,
    };
    const course = diagnoseLoss(runOf(curves));
    assert.ok(course?.kind === 'overfitting' && course.since === 100, course?.kind);
  });

  it('takes a single peak, and a rise of less than a hundredth, for neither', () => {
    const training = falling(1.2, 500);
    const peak = (step: number) => falling(1.5, 500)(step) + (step === 2000 ? 0.3 : 0);
    assert.equal(diagnoseLoss(runOf({ training, validation: peak }))?.kind, 'improving');
    const flat = (step: number) => 1.6 + Math.max(0, (800 - step) / 1000);
    const course = diagnoseLoss(runOf({ training: (step) => 2 - step / 2000, validation: flat }));
    assert.equal(course?.kind, 'plateau');
    assert.ok(course.learns && Math.abs(course.since - 800) <= 100, String(course.since));
  });

  it('finds underfitting where both losses are flat and close', () => {
    const curves = { training: falling(2.1, 150), validation: falling(2.13, 150) };
    const course = diagnoseLoss(runOf(curves));
    assert.equal(course?.kind, 'underfitting');
    // exp(-step / 150) · 2.07 is below half a hundredth from step 904 on.
    assert.ok(Math.abs(course.since - 900) <= 300, String(course.since));
    assert.deepEqual(labels(curves), ['Train again with 512 units']);
    assert.deepEqual(labels({ ...curves, facts: { hidden: 8192 } }), []);
  });

  it('asks for nothing more where everything is learnt', () => {
    const zero = () => 0.04;
    const run = runOf({ training: zero, validation: zero });
    assert.equal(diagnoseLoss(run)?.kind, 'learnt');
    assert.deepEqual(labels({ training: zero, phase: 'finished' }), []);
  });

  it('finds a plateau where the losses are flat and apart, or nothing is held out', () => {
    const apart = { training: falling(1.2, 150), validation: falling(1.7, 150) };
    const course = diagnoseLoss(runOf(apart));
    assert.ok(course?.kind === 'plateau' && !course.learns && Math.abs(course.gap! - 0.5) < 0.05);
    assert.deepEqual(labels(apart), ['Halve the learning rate']);
    assert.deepEqual(labels({ ...apart, phase: 'finished' }), ['Train again with dropout 0.2']);
    const alone = diagnoseLoss(runOf({ training: falling(1.2, 100) }));
    assert.equal(alone?.kind, 'plateau');
  });

  it('sees that it still improves, and offers to go on once it has ended', () => {
    const curves = { training: falling(1.2, 900), validation: falling(1.4, 900) };
    const course = diagnoseLoss(runOf(curves));
    assert.equal(course?.kind, 'improving');
    // From step 1500 to 2000 the curve falls by 2.8 (e^(-1500/900) - e^(-2000/900)).
    const gain = 2.8 * (Math.exp(-1500 / 900) - Math.exp(-2000 / 900));
    assert.ok(Math.abs(course.gain - gain) < 0.01 && course.since === 1500, String(course.gain));
    assert.deepEqual(labels(curves), []);
    assert.deepEqual(labels({ ...curves, phase: 'finished' }), ['Continue training']);
  });

  it('finds a learning rate that is too high, whether the loss rises, explodes or is no number', () => {
    const rises = (step: number) =>
      falling(1.6, 200)(Math.min(step, 1000)) + (step > 1000 ? 0.4 : 0);
    const course = diagnoseLoss(runOf({ training: rises, validation: rises }));
    assert.equal(course?.kind, 'rate too high');
    assert.ok(Math.abs(course.since - 1000) <= 100, String(course.since));
    assert.deepEqual(labels({ training: rises }), ['Halve the learning rate']);
    assert.deepEqual(labels({ training: rises, phase: 'stopped' }), [
      'Train again with learning rate 0.001',
    ]);
    const explodes = (step: number) => (step < 5 ? 4.2 : 30);
    const worse = diagnoseLoss(runOf({ training: explodes }));
    assert.ok(worse?.kind === 'rate too high' && worse.lowest === 4.2 && worse.since === 1);
    const broken = diagnoseLoss(runOf({ training: (step) => (step < 40 ? 3 : NaN), steps: 60 }));
    assert.ok(broken?.kind === 'rate too high' && broken.since === 40 && Number.isNaN(broken.now));
  });
});
