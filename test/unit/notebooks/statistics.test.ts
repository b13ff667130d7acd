import assert from 'node:assert/strict';
import { createRandom } from '../../../src/core/random/random';
import { costOf, rungsOf, rungSteps, survivors } from '../../../src/core/notebooks/halving';
import { deviation, signFlipP } from '../../../src/core/notebooks/statistics';
import { quantile } from '../../../src/core/numerics';
import { varianceOf } from '../../../src/core/notebooks/variance';

const near = (a: number, b: number, within: number, what = ''): void =>
  assert.ok(Math.abs(a - b) <= within, `${what} ${String(a)} is not ${String(b)}`);

describe('statistics over seeds', () => {
  it('test Darwin’s maize as Fisher did: 863 of 32,768 ways', () => {
    // Differences of 15 pairs in eighths of an inch (Fisher 1935, The Design of Experiments, § 21).
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    assert.equal(signFlipP(darwin), 863 / 32_768);
  });

  it('count as all signs written out do', () => {
    const random = createRandom(3);
    for (let n = 1; n <= 9; n++) {
      const differences = Array.from({ length: n }, () => Math.round(10 * random.normal()) / 10);
      const observed = differences.reduce((sum, value) => sum + value, 0);
      let count = 0;
      for (let signs = 0; signs < 2 ** n; signs++) {
        const sum = differences.reduce((s, v, i) => s + ((signs >> i) & 1 ? -v : v), 0);
        if (sum >= observed - 1e-9) count++;
      }
      assert.equal(signFlipP(differences), count / 2 ** n);
    }
  });

  it('draw signs where they are too many to count, and come near the normal law', () => {
    const differences = Array.from({ length: 64 }, (_, i) => (i % 8 < 5 ? 1 : -1));
    // The sum is 16 of a standard deviation of 8; by continuity P(Z ≥ 15/8).
    near(signFlipP(differences), 0.0304, 0.001);
  });

  it('have R’s quantiles and standard deviation', () => {
    // quantile(c(1, 2, 4, 8), c(.025, .5, .9)), sd(c(1, 2, 4, 8)) in R.
    near(quantile([8, 1, 4, 2], 0.025), 1.075, 1e-12);
    near(quantile([8, 1, 4, 2], 0.5), 3, 1e-12);
    near(quantile([8, 1, 4, 2], 0.9), 6.8, 1e-12);
    near(deviation([8, 1, 4, 2]), 3.095695936834452, 1e-12);
  });

  it('divide the variance of R’s ToothGrowth as its aov does', () => {
    const growth = [
      [15.2, 21.5, 17.6, 9.7, 14.5, 10, 8.2, 9.4, 16.5, 9.7],
      [19.7, 23.3, 23.6, 26.4, 20, 25.2, 25.8, 21.2, 14.5, 27.3],
      [25.5, 26.4, 22.4, 24.5, 24.8, 30.9, 26.4, 27.3, 29.4, 23],
      [4.2, 11.5, 7.3, 5.8, 6.4, 10, 11.2, 11.2, 5.2, 7],
      [16.5, 16.5, 15.2, 17.3, 22.5, 17.3, 13.6, 14.5, 18.8, 15.5],
      [23.6, 18.5, 33.9, 25.5, 26.4, 32.5, 26.7, 21.5, 23.3, 29.5],
    ];
    const { effects, noise, total } = varianceOf([2, 3], growth);
    const [supplement, dose, both] = effects;
    // summary(aov(len ~ supp * factor(dose), ToothGrowth))
    near(supplement!.squares, 205.35, 0.005, 'supp');
    near(dose!.squares, 2426.43, 0.005, 'dose');
    near(both!.squares, 108.32, 0.005, 'supp:dose');
    near(noise.squares, 712.11, 0.005, 'residuals');
    assert.deepEqual(
      [supplement, dose, both, noise].map((each) => each!.freedom),
      [1, 2, 2, 54],
    );
    near(
      effects.reduce((sum, { squares }) => sum + squares, noise.squares),
      total,
      1e-9,
    );
    const [low, high] = dose!.interval!;
    assert.ok(low < dose!.share && dose!.share < high && low > 0.5 && high < 0.9);
  });

  it('give noise alone no share on the average', () => {
    const random = createRandom(7);
    const shares = Array.from({ length: 200 }, () => {
      const runs = Array.from({ length: 6 }, () =>
        Array.from({ length: 4 }, () => random.normal()),
      );
      return varianceOf([2, 3], runs, 1).effects[1]!.share;
    });
    near(shares.reduce((sum, share) => sum + share, 0) / shares.length, 0, 0.03);
  });
});

describe('successive halving', () => {
  it('has the rungs of Hyperband’s table', () => {
    // Li et al. 2018, table 1, s = 4: n = 81, 27, 9, 3, 1 and r = 1, 3, 9, 27, 81 of 81.
    const rungs = rungsOf(81, 3);
    assert.deepEqual(
      rungs.map(({ kept, share }) => [kept, Math.round(81 * share)]),
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
    );
    near(costOf(rungs), (81 + 2 * 27 + 6 * 9 + 18 * 3 + 54) / 81, 1e-12);
    assert.deepEqual(rungSteps(rungs, 8100), [100, 300, 900, 2700, 8100]);
    assert.deepEqual(rungSteps(rungsOf(6, 2), 10), [2, 4, 10]);
  });

  it('keeps the lowest losses, and what is no number last', () => {
    const means = new Map([
      [0, 2],
      [1, NaN],
      [2, 1],
      [3, 1],
    ]);
    assert.deepEqual(survivors(means, 2), [2, 3]);
    assert.deepEqual(survivors(means, 3), [0, 2, 3]);
  });
});
