import assert from 'node:assert/strict';
import {
  diagnose,
  recentNorms,
  type Evidence,
  type Finding,
} from '../../../../webview/views/gradients/diagnosis';
import { evidence, lstm, metricsOf, observation } from './evidence';

function find<Topic extends Finding['topic']>(topic: Topic, more: Partial<Evidence> = {}) {
  type Wanted = Extract<Finding, { readonly topic: Topic }>;
  return diagnose(evidence(more)).find((finding): finding is Wanted => finding.topic === topic);
}

const facts = evidence().facts;

describe('the diagnosis', () => {
  it('has nothing to say before the first observation', () => {
    assert.deepEqual(diagnose(evidence({ observations: [] })), []);
  });

  it('finds all well where it is', () => {
    const findings = diagnose(evidence());
    assert.deepEqual(
      findings.map(({ topic }) => topic),
      ['reach', 'clipping', 'saturation', 'updates'],
    );
    assert.ok(findings.every(({ severity }) => severity === 'good'));
  });

  describe('of how far gradients reach', () => {
    /** 1, 0.1, 0.01, 0.001 … : under 1 % from lag 3 on. */
    const falling = observation({
      lags: [{ variable: 'layer1.s', norms: Float64Array.of(1, 0.1, 0.01, 0.001, 1e-4, 1e-5) }],
    });

    it('is worth a word where less than half of the sequence is felt, and a warning below a quarter', () => {
      const of = (sequence: number) =>
        find('reach', { facts: { ...facts, sequence }, observations: [falling] });
      assert.deepEqual(of(6), {
        topic: 'reach',
        severity: 'good',
        sequence: 6,
        variable: 'layer1.s',
        reach: { kind: 'falls', lag: 3 },
      });
      assert.equal(of(7)?.severity, 'notice');
      assert.equal(of(12)?.severity, 'notice');
      assert.equal(of(13)?.severity, 'warning');
    });

    it('warns of gradients that grow', () => {
      const growing = observation({
        lags: [{ variable: 'layer1.s', norms: Float64Array.of(0.5, 1, 4, 20) }],
      });
      const finding = find('reach', { observations: [falling, growing] });
      assert.equal(finding?.severity, 'warning');
      assert.deepEqual(finding.reach, { kind: 'grows', lag: 3, factor: 40 });
    });
  });

  describe('of clipping', () => {
    it('weights rows by their steps and looks at the last hundred steps', () => {
      const metrics = metricsOf([
        { step: 100, steps: 100, clipped: 1, gradientNormMean: 900, gradientNormMax: 900 },
        { step: 160, steps: 60, clipped: 0.5, gradientNormMean: 2, gradientNormMax: 3 },
        { step: 200, steps: 40, clipped: 0, gradientNormMean: 1, gradientNormMax: 8 },
      ]);
      // 30 of 100 steps; a mean norm of 1.6, at most 8.
      assert.deepEqual(recentNorms(metrics, 3), { share: 0.3, steps: 100, peak: 5 });
    });

    it('looks at the last tenth of a long run', () => {
      const metrics = metricsOf(
        Array.from({ length: 100 }, (_, i) => ({
          step: 100 * (i + 1),
          steps: 100,
          clipped: i < 95 ? 0 : 0.4,
        })),
      );
      assert.deepEqual(recentNorms(metrics, 100), { share: 0.2, steps: 1000, peak: 1 });
    });

    it('leaves out what came later than the time that is looked at', () => {
      const metrics = metricsOf([
        { step: 10, clipped: 0.5 },
        { step: 20, clipped: 0 },
        { step: 30, clipped: 1 },
      ]);
      assert.deepEqual(recentNorms(metrics, 2), { share: 0.25, steps: 20, peak: 1 });
      assert.deepEqual(find('clipping', { metrics, rows: 1 })?.share, 0.5);
    });

    it('waits for some steps', () => {
      const of = (steps: number) =>
        find('clipping', { metrics: metricsOf([{ step: steps, steps, clipped: 1 }]) });
      assert.equal(of(9), undefined);
      assert.equal(of(10)?.share, 1);
    });

    it('is worth a word above a tenth, and a warning above nine', () => {
      const severity = (clipped: number) =>
        find('clipping', { metrics: metricsOf([{ step: 10, clipped }]) })?.severity;
      assert.equal(severity(0), 'good');
      assert.equal(severity(0.1), 'good');
      assert.equal(severity(0.12), 'notice');
      assert.equal(severity(0.9), 'notice');
      assert.equal(severity(0.95), 'warning');
    });

    it('that is off is worth a word where a norm towers above the others', () => {
      const severity = (gradientNormMax: number) =>
        find('clipping', {
          facts: { ...facts, clip: 0 },
          metrics: metricsOf([{ step: 10, gradientNormMean: 2, gradientNormMax }]),
        });
      assert.equal(severity(19)?.severity, 'good');
      assert.deepEqual(severity(30), {
        topic: 'clipping',
        severity: 'notice',
        share: 0,
        steps: 10,
        peak: 15,
        threshold: 0,
      });
    });
  });

  describe('of saturation', () => {
    it('takes the tanh with the largest share, and leaves gates alone', () => {
      const saturation = [
        { variable: 'layer1.f', share: 0.9 },
        { variable: 'layer1.g', share: 0.2 },
        { variable: 'layer2.g', share: 0.4 },
      ];
      const finding = find('saturation', {
        facts: { ...facts, network: lstm(2) },
        observations: [observation({ saturation })],
      });
      assert.deepEqual(finding, {
        topic: 'saturation',
        severity: 'notice',
        variable: 'layer2.g',
        share: 0.4,
      });
    });

    it('tells of gates where there is nothing else, without a warning', () => {
      const finding = find('saturation', {
        facts: { ...facts, network: lstm(1) },
        observations: [observation({ saturation: [{ variable: 'layer1.f', share: 0.9 }] })],
      });
      assert.equal(finding?.severity, 'good');
    });

    it('warns above two thirds', () => {
      const severity = (share: number) =>
        find('saturation', {
          observations: [observation({ saturation: [{ variable: 'layer1.s', share }] })],
        })?.severity;
      assert.equal(severity(0.33), 'good');
      assert.equal(severity(0.5), 'notice');
      assert.equal(severity(0.7), 'warning');
    });

    it('is silent where nothing can saturate', () => {
      assert.equal(
        find('saturation', { observations: [observation({ saturation: [] })] }),
        undefined,
      );
    });
  });

  describe('of updates', () => {
    /** U, W, b, V, c */
    const ratios = (...values: readonly number[]) =>
      observation({ updateRatio: Float64Array.from(values) });

    it('names the matrix that changes most, never a bias', () => {
      const observations = [ratios(1e-3, 4e-3, 0.9, 5e-4, 0.9)];
      assert.deepEqual(find('updates', { observations }), {
        topic: 'updates',
        severity: 'good',
        parameter: 'layer1.W',
        ratio: 4e-3,
        settled: false,
      });
    });

    it('takes the median of the last five observations', () => {
      const of = (w: number) => ratios(1e-3, w, 0, 1e-3, 0);
      const observations = [0.5, 2e-3, 0.4, 3e-3, 5e-3, 0.3].map(of);
      assert.equal(find('updates', { observations })?.ratio, 5e-3);
    });

    it('is worth a word at ten times the usual, and a warning at a hundred', () => {
      const severity = (ratio: number) =>
        find('updates', { observations: [ratios(ratio, 1e-3, 0, 1e-3, 0)] })?.severity;
      assert.equal(severity(0.009), 'good');
      assert.equal(severity(0.02), 'notice');
      assert.equal(severity(0.2), 'warning');
      // The others move enough.
      assert.equal(severity(1e-6), 'good');
    });

    it('is worth a word where no matrix changes by a tenth of the usual, and a warning at a hundredth', () => {
      const severity = (ratio: number) =>
        find('updates', { observations: [ratios(1e-7, ratio, 0.5, 1e-7, 0.5)] })?.severity;
      assert.equal(severity(2e-4), 'good');
      assert.equal(severity(5e-5), 'notice');
      assert.equal(severity(5e-6), 'warning');
    });

    it('does not mind small ones where the schedule has come down, nor in a warm-up', () => {
      const observations = [ratios(1e-5, 1e-5, 0, 1e-6, 0)];
      const rates = (...learningRates: readonly number[]) =>
        metricsOf(learningRates.map((learningRate, i) => ({ step: 10 * i, learningRate })));
      const after = find('updates', { observations, metrics: rates(0.01, 0.01, 0.0005) });
      assert.equal(after?.settled, true);
      assert.equal(after.severity, 'good');
      const during = find('updates', { observations, metrics: rates(0.001, 0.002) });
      assert.equal(during, undefined);
      const steady = find('updates', { observations, metrics: rates(0.01, 0.01) });
      assert.equal(steady?.severity, 'notice');
    });
  });

  describe('of gradients that are none', () => {
    const norms = (...values: readonly number[]) =>
      observation({ gradientNorm: Float64Array.from(values) });

    it('names parameters without a gradient in three observations in a row', () => {
      const dead = norms(1, 0, 1, 1, 0);
      assert.equal(find('gradients', { observations: [dead, dead] }), undefined);
      assert.equal(
        find('gradients', { observations: [dead, norms(1, 1, 1, 1, 1), dead, dead] }),
        undefined,
      );
      assert.deepEqual(find('gradients', { observations: [dead, dead, dead] }), {
        topic: 'gradients',
        severity: 'warning',
        parameters: ['layer1.W', 'output.c'],
        problem: 'zero',
      });
    });

    it('names those whose gradient is no number at once', () => {
      const finding = find('gradients', { observations: [norms(1, NaN, Infinity, 1, 1)] });
      assert.deepEqual(finding?.parameters, ['layer1.W', 'layer1.b']);
      assert.equal(finding.problem, 'not finite');
    });
  });

  it('does without numbers that a diverged run does not have', () => {
    const nothing = Float64Array.of(NaN, NaN, NaN, NaN, NaN);
    const diverged = observation({
      gradientNorm: nothing,
      updateRatio: nothing,
      lags: [{ variable: 'layer1.s', norms: Float64Array.of(NaN, NaN) }],
      saturation: [{ variable: 'layer1.s', share: NaN }],
    });
    const findings = diagnose(evidence({ observations: [diverged] }));
    assert.deepEqual(
      findings.map(({ topic }) => topic),
      ['clipping', 'gradients'],
    );
  });
});
