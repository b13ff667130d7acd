import assert from 'node:assert/strict';
import { formatFor } from '../../../../src/protocol/format';
import type { Finding } from '../../../../webview/views/gradients/diagnosis';
import { shareText, tell } from '../../../../webview/views/gradients/sentences';
import { loadCell } from '../../../../src/core/equations/load-cell';
import { lstm, vanilla } from './evidence';

const format = formatFor('en');

/** @param advice undefined: none is given */
function assertTold(
  finding: Finding,
  claim: string,
  advice?: RegExp,
  network = vanilla,
  equations = '',
): void {
  const told = tell(finding, { network, cell: { name: '', equations } }, format);
  assert.equal(told.claim, claim);
  if (advice) assert.match(told.advice, advice);
  else assert.equal(told.advice, '');
}

describe('findings in words', () => {
  const falls = {
    topic: 'reach',
    variable: 'layer1.s',
    sequence: 32,
    severity: 'notice',
    reach: { kind: 'falls', lag: 9 },
  } as const;

  it('tell how far gradients reach, and what to try', () => {
    const advice = /training goes back 32 steps\. A gated cell/;
    assertTold(falls, 'Gradients fall under 1% after 9 steps.', advice);
    assertTold({ ...falls, severity: 'good' }, 'Gradients fall under 1% after 9 steps.');
    const one = { ...falls, reach: { kind: 'falls', lag: 1 } } as const;
    assertTold(one, 'Gradients fall under 1% after a single step.', advice);
  });

  it('speak of the whole example where nothing is truncated', () => {
    const whole = { ...falls, sequence: 0 };
    const advice =
      /although training goes back through the whole example\. A gated cell .* longer\.$/;
    assertTold(whole, 'Gradients fall under 1% after 9 steps.', advice);
    const lasts = { kind: 'lasts', lag: 20, share: 0.2 } as const;
    const reaches = { ...whole, severity: 'good', reach: lasts } as const;
    const claim = 'Gradients reach through the whole window: after 20 steps 20% of them is left.';
    assertTold(reaches, claim);
  });

  it('name the state where there are several, and know gates', () => {
    const finding = { ...falls, variable: 'layer2.c' } as const;
    const claim = 'c, layer 2: Gradients fall under 1% after 9 steps.';
    const builtIn = loadCell('lstm').source;
    // σ(1) = 0.731, and 0.731 ^ 15 = 0.0091; σ(3) = 0.953, and 0.953 ^ 95 = 0.0099.
    const told =
      /training goes back 32 steps\. The gate f starts with bf = 1, which keeps 1% of c for 15 steps; init bf = 3 would keep it for 95\.$/;
    assertTold(finding, claim, told, lstm(2), builtIn);
    const closed = builtIn.replace('init bf = 1', '');
    assertTold(finding, claim, /starts with bf = 0, .* for 7 steps; init bf = 3/, lstm(2), closed);
    const open = builtIn.replace('init bf = 1', 'init bf = 4 # open');
    assertTold(
      finding,
      claim,
      /32 steps\. The gates may learn to remember for longer\.$/,
      lstm(2),
      open,
    );
  });

  it('tell of gradients that last and that grow', () => {
    const lasting = (lag: number) => {
      return { ...falls, severity: 'good', reach: { kind: 'lasts', lag, share: 0.12 } } as const;
    };
    const claim = (lag: number) =>
      `Gradients reach through the whole window: after ${lag} steps 12% of them is left.`;
    assertTold(lasting(63), claim(63), /^A longer sequence \(rnnLab\.training\.sequence\)/);
    // The window was shorter than the sequence: a longer sequence may be of no use.
    assertTold(lasting(15), claim(15));
    const advice = /^Start with smaller recurrent weights/;
    const grows = { ...falls, reach: { kind: 'grows', lag: 20, factor: 510 } } as const;
    assertTold(grows, 'Gradients grow 510-fold within 20 steps: they explode.', advice);
    const overflows = { ...falls, reach: { kind: 'grows', lag: 4, factor: Infinity } } as const;
    assertTold(overflows, 'Gradients overflow within 4 steps: they explode.', advice);
    const atOnce = { ...falls, reach: { kind: 'grows', lag: 1, factor: 20 } } as const;
    assertTold(atOnce, 'Gradients grow 20-fold within a single step: they explode.', advice);
  });

  it('tell of clipping', () => {
    const clipping = { topic: 'clipping', steps: 1234, peak: 3.25, threshold: 5 } as const;
    const none = { ...clipping, share: 0, severity: 'good' } as const;
    assertTold(none, 'None of the last 1,234 steps was clipped.');
    const some = { ...clipping, share: 0.12 } as const;
    const claim = '12% of the last 1,234 steps were clipped.';
    assertTold({ ...some, severity: 'notice' }, claim, /^Clipping is meant for rare peaks/);
    assertTold({ ...some, severity: 'warning' }, claim, /^Nearly every step has the same length/);
    const off = { ...clipping, share: 0, threshold: 0, severity: 'good' } as const;
    assertTold(off, 'Gradients are not clipped; the largest recent norm was 3.25 times the mean.');
  });

  it('tell of saturation, updates and gradients that are none', () => {
    assertTold(
      { topic: 'saturation', severity: 'notice', variable: 'layer1.s', share: 0.312 },
      '31% of the values of s are saturated.',
      /Some units act as switches/,
    );
    const updates = { topic: 'updates', parameter: 'layer1.W', settled: false } as const;
    assertTold(
      { ...updates, severity: 'notice', ratio: 0.04 },
      'A step changes W most, by 4%.',
      /^Far more than the usual 0\.1%/,
    );
    assertTold(
      { ...updates, severity: 'warning', ratio: 2e-6 },
      'A step changes W most, by 0.0002%.',
      /^Far less than the usual 0\.1%/,
    );
    assertTold(
      { ...updates, severity: 'good', ratio: 1e-5, settled: true },
      'A step changes W most, by 0.001%, now that the schedule has lowered the learning rate.',
    );
    const broken = { topic: 'gradients', severity: 'warning' } as const;
    const parameters = ['layer1.W', 'output.c'];
    assertTold(
      { ...broken, problem: 'zero', parameters },
      'No gradient reaches W, c.',
      /^It does not learn/,
    );
    assertTold(
      { ...broken, problem: 'not finite', parameters },
      'The gradient of W, c is not a finite number.',
      /^Lower the learning rate/,
    );
  });

  it('write shares from next to nothing to many times the whole', () => {
    const written = [1e-7, 0.005, 0.123, 3, 240, 12_345].map((share) => shareText(share, format));
    assert.deepEqual(written, ['1E-7', '0.5%', '12%', '300%', '×240', '×12.3K']);
  });
});
