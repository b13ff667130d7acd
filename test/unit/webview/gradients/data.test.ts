import assert from 'node:assert/strict';
import {
  earlierCurves,
  lagCurves,
  rebin,
  shareAt,
  valueRange,
} from '../../../../webview/views/gradients/data';
import { observation } from './evidence';

describe('the data of the gradients’ pictures', () => {
  describe('curves over the lag', () => {
    it('are those of one variable, where it was observed', () => {
      const h = { variable: 'layer1.h', norms: Float64Array.of(1, 0.5) };
      const c = { variable: 'layer1.c', norms: Float64Array.of(2, 1.5) };
      const observations = [
        observation({ step: 1, lags: [h, c] }),
        observation({ step: 2, lags: [] }),
        observation({ step: 3, lags: [c] }),
      ];
      assert.deepEqual(lagCurves(observations, 'layer1.c'), [
        { step: 1, norms: c.norms },
        { step: 3, norms: c.norms },
      ]);
    });

    it('that stand behind are the first and some between', () => {
      assert.deepEqual(earlierCurves(100, 99, 3), [0, 33, 66]);
      assert.deepEqual(earlierCurves(100, 50, 3), [0, 17, 33]);
      assert.deepEqual(earlierCurves(3, 2, 3), [0, 1]);
      assert.deepEqual(earlierCurves(1, 0, 3), []);
    });

    it('are told as shares of lag 0', () => {
      const norms = Float64Array.of(4, 1, Infinity);
      assert.equal(shareAt(norms, 1), 0.25);
      assert.equal(shareAt(norms, 2), Infinity);
      assert.ok(Number.isNaN(shareAt(norms, 3)));
      assert.ok(Number.isNaN(shareAt(Float64Array.of(0, 1), 1)));
    });
  });

  describe('histograms over steps', () => {
    const histogram = (least: number, greatest: number, ...counts: number[]) => ({
      least,
      greatest,
      counts: Float64Array.from(counts),
    });

    it('have an axis that holds all of them', () => {
      const nothing = histogram(NaN, NaN);
      const range = valueRange([histogram(-1, 2, 1), nothing, histogram(-3, 1, 1)]);
      assert.deepEqual(range, [-3, 2]);
      assert.deepEqual(valueRange([nothing]), [0, 0]);
    });

    it('share out a bin over those that it lies on', () => {
      // Two bins of width 2 on four of width 1.5 from -1: 4 values on [0, 2], 8 on [2, 4].
      const counts = rebin(histogram(0, 4, 4, 8), [-1, 5], 4);
      // [-1, .5]: 1 · [.5, 2]: 3 · [2, 3.5]: 6 · [3.5, 5]: 2
      assert.deepEqual([...counts], [1, 3, 6, 2]);
    });

    it('lose no value outside the axis', () => {
      const counts = rebin(histogram(-10, 10, 10, 10, 10, 10), [-1, 1], 2);
      assert.deepEqual([...counts], [20, 20]);
    });

    it('keep a single value in one bin', () => {
      assert.deepEqual([...rebin(histogram(1.5, 1.5, 7), [0, 4], 4)], [0, 7, 0, 0]);
      assert.deepEqual([...rebin(histogram(0, 0, 7), [0, 0], 3)], [0, 7, 0]);
    });
  });
});
