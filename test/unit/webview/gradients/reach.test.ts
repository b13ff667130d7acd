import assert from 'node:assert/strict';
import { farthest, reachOf } from '../../../../webview/views/gradients/reach';

/** gain^k at lag k */
const powers = (gain: number, length: number) =>
  Float64Array.from({ length }, (_, lag) => 3 * gain ** lag);

describe('how far a gradient reaches', () => {
  it('is the first lag under 1 % of a geometric decay', () => {
    // 0.5^6 = 1.6 %, 0.5^7 = 0.8 %; 0.9^43 = 1.08 %, 0.9^44 = 0.97 %
    assert.deepEqual(reachOf(powers(0.5, 20)), { kind: 'falls', lag: 7 });
    assert.deepEqual(reachOf(powers(0.9, 64)), { kind: 'falls', lag: 44 });
    assert.deepEqual(reachOf(powers(0.001, 3)), { kind: 'falls', lag: 1 });
  });

  it('counts 1 % itself as reached', () => {
    assert.deepEqual(reachOf(Float64Array.of(100, 1, 0.5)), { kind: 'falls', lag: 2 });
  });

  it('is the whole window where 1 % or more is left at its end', () => {
    // 0.9^32 = 3.434 %
    const reach = reachOf(powers(0.9, 33));
    assert.ok(reach?.kind === 'lasts');
    assert.equal(reach.lag, 32);
    assert.ok(Math.abs(reach.share - 0.03434) < 1e-5);
  });

  it('is taken from where the gradient comes back last', () => {
    // A cell that reads s[t-3] only.
    const norms = Float64Array.of(1, 0, 0, 0.3, 0, 0, 0.09, 0, 0, 0.0027);
    assert.deepEqual(reachOf(norms), { kind: 'falls', lag: 7 });
  });

  it('says that a gradient grows from ten times on', () => {
    // ‖∂s_t/∂s_{t−k}‖ of a random matrix of gain 5 at k = 0, 1, 5, 10, 20, as measured for H = 100.
    assert.deepEqual(reachOf(Float64Array.of(1, 3.6, 13, 35, 510)), {
      kind: 'grows',
      lag: 4,
      factor: 510,
    });
    assert.deepEqual(reachOf(Float64Array.of(2, 5, 18, 1)), {
      kind: 'lasts',
      lag: 3,
      share: 0.5,
    });
  });

  it('grows beyond all numbers where a norm is none', () => {
    const grows = { kind: 'grows', lag: 2, factor: Infinity };
    assert.deepEqual(reachOf(Float64Array.of(1, 1e30, Infinity, NaN)), grows);
    assert.deepEqual(reachOf(Float64Array.of(1, 1e30, NaN)), grows);
  });

  it('says nothing without a lag beyond 0, or without a gradient at 0', () => {
    assert.equal(reachOf(Float64Array.of(1)), undefined);
    assert.equal(reachOf(Float64Array.of(0, 1)), undefined);
    assert.equal(reachOf(Float64Array.of(NaN, 1)), undefined);
  });

  it('of several states is that of the one that reaches farthest, or grows most', () => {
    const short = { variable: 'layer1.h', norms: powers(0.5, 20) };
    const long = { variable: 'layer1.c', norms: powers(0.7, 20) };
    const whole = { variable: 'layer2.c', norms: powers(0.95, 20) };
    const growing = { variable: 'layer2.h', norms: powers(1.2, 20) };
    const faster = { variable: 'layer3.h', norms: powers(1.5, 20) };
    assert.equal(farthest([short, long])?.variable, 'layer1.c');
    assert.equal(farthest([long, whole, short])?.variable, 'layer2.c');
    assert.equal(farthest([growing, whole])?.variable, 'layer2.h');
    assert.equal(farthest([growing, faster, whole])?.variable, 'layer3.h');
    assert.equal(farthest([]), undefined);
  });
});
