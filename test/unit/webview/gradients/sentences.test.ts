import assert from 'node:assert/strict';
import { formatFor } from '../../../../src/protocol/format';
import type { Finding } from '../../../../webview/views/gradients/diagnosis';
import { shareText, tell } from '../../../../webview/views/gradients/sentences';
import { lstm, vanilla } from './evidence';
import { strings } from './writing';

const format = formatFor('en');
const told = (finding: Finding, network = vanilla) => {
  const { claim, advice } = tell(finding, network, strings, format);
  // Places without a value are left as they are.
  const text = (written: string) => written.replaceAll(/\|?\{\d\}/g, '').replaceAll('()', '');
  return [text(claim), text(advice)];
};

describe('findings in words', () => {
  const falls = {
    topic: 'reach',
    variable: 'layer1.s',
    sequence: 32,
    severity: 'notice',
    reach: { kind: 'falls', lag: 9 },
  } as const;

  it('tell how far gradients reach, and what to try', () => {
    assert.deepEqual(told(falls), ['claimFalls(9)', 'adviceFalls(32)']);
    assert.deepEqual(told({ ...falls, severity: 'good' }), ['claimFalls(9)', '']);
    const one = { ...falls, reach: { kind: 'falls', lag: 1 } } as const;
    assert.deepEqual(told(one), ['claimFallsOne', 'adviceFalls(32)']);
  });

  it('name the state where there are several, and know gates', () => {
    const finding = { ...falls, variable: 'layer2.c' } as const;
    assert.deepEqual(told(finding, lstm(2)), [
      'claimOfState(claimFalls(9)|gradientsOfLayer(c|2))',
      'adviceFallsGated(32)',
    ]);
  });

  it('tell of gradients that last and that grow', () => {
    const lasts = { ...falls, severity: 'good', reach: { kind: 'lasts', lag: 63, share: 0.12 } };
    assert.deepEqual(told(lasts as Finding), ['claimLasts(63|12%)', 'adviceLasts']);
    // The window was shorter than the sequence: a longer sequence may be of no use.
    const short = { ...lasts, reach: { kind: 'lasts', lag: 15, share: 0.12 } };
    assert.deepEqual(told(short as Finding), ['claimLasts(15|12%)', '']);
    const grows = { ...falls, reach: { kind: 'grows', lag: 20, factor: 510 } } as const;
    assert.deepEqual(told(grows), ['claimGrows(510|20)', 'adviceGrows']);
    const overflows = { ...falls, reach: { kind: 'grows', lag: 4, factor: Infinity } } as const;
    assert.deepEqual(told(overflows), ['claimOverflows(4)', 'adviceGrows']);
  });

  it('tell of clipping', () => {
    const clipping = { topic: 'clipping', steps: 1234, peak: 3.25, threshold: 5 } as const;
    assert.deepEqual(told({ ...clipping, share: 0, severity: 'good' }), [
      'claimNoneClipped(1,234)',
      '',
    ]);
    assert.deepEqual(told({ ...clipping, share: 0.12, severity: 'notice' }), [
      'claimClipped(12%|1,234)',
      'adviceClipped',
    ]);
    const off = { ...clipping, share: 0, threshold: 0, severity: 'good' } as const;
    assert.deepEqual(told(off), ['claimUnclipped(3.25)', '']);
  });

  it('tell of saturation, updates and gradients that are none', () => {
    assert.deepEqual(
      told({ topic: 'saturation', severity: 'notice', variable: 'layer1.s', share: 0.312 }),
      ['claimSaturated(31%|s)', 'adviceSaturated'],
    );
    const updates = { topic: 'updates', parameter: 'layer1.W', settled: false } as const;
    assert.deepEqual(told({ ...updates, severity: 'notice', ratio: 0.04 }), [
      'claimUpdates(W|4%)',
      'adviceUpdatesLarge(0.1%)',
    ]);
    assert.deepEqual(told({ ...updates, severity: 'warning', ratio: 2e-6 }), [
      'claimUpdates(W|0.0002%)',
      'adviceUpdatesSmall(0.1%)',
    ]);
    assert.deepEqual(told({ ...updates, severity: 'good', ratio: 1e-5, settled: true }), [
      'claimSettled(W|0.001%)',
      '',
    ]);
    const broken = { topic: 'gradients', severity: 'warning' } as const;
    const parameters = ['layer1.W', 'output.c'];
    assert.deepEqual(told({ ...broken, problem: 'zero', parameters }), [
      'claimDead(W, c)',
      'adviceDead',
    ]);
    assert.deepEqual(told({ ...broken, problem: 'not finite', parameters }), [
      'claimNotFinite(W, c)',
      'adviceNotFinite',
    ]);
  });

  it('write shares from next to nothing to many times the whole', () => {
    const times = { ...strings, gradientsTimes: '×{0}' };
    const written = [1e-7, 0.005, 0.123, 3, 240, 12_345].map((share) =>
      shareText(share, times, format),
    );
    assert.deepEqual(written, ['1E-7', '0.5%', '12%', '300%', '×240', '×12.3K']);
  });
});
