import assert from 'node:assert/strict';
import { randomOrthogonal } from '../../../src/core/engine/orthogonal';
import { createRandom, restoreRandom } from '../../../src/core/random/random';

/** `[n, m]` times its transpose, the other way round: columns' inner products `[m, m]`. */
function gram(q: Float64Array, n: number, m: number): number[] {
  return Array.from({ length: m * m }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += q[i * m + Math.floor(at / m)]! * q[i * m + (at % m)]!;
    return sum;
  });
}

describe('random', () => {
  it('goes on from its state', () => {
    const random = createRandom(7);
    random.normal();
    const copy = restoreRandom(JSON.parse(JSON.stringify(random.state())) as number[]);
    const expected = [random.uniform(), random.normal(), random.integer(10), random.bits()];
    assert.deepEqual([copy.uniform(), copy.normal(), copy.integer(10), copy.bits()], expected);
  });

  it('gives other numbers for another seed, and the same for the same', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return [random.bits(), random.bits(), random.bits()];
    };
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.notDeepEqual(draw(0), draw(4_294_967_295));
  });

  it('begins anywhere, whatever the seed', () => {
    const n = 4000;
    for (const draws of [1, 2, 3]) {
      const values = Array.from({ length: n }, (_, seed) => {
        const random = createRandom(seed);
        for (let i = 1; i < draws; i++) random.uniform();
        return random.uniform();
      }).sort((a, b) => a - b);
      // Kolmogorov & Smirnov's distance from the uniform distribution; above 2 / √n once in 1500 times.
      const distance = Math.max(...values.map((value, i) => Math.abs(value - (i + 0.5) / n)));
      assert.ok(distance < 2 / Math.sqrt(n), `draw ${String(draws)}: ${String(distance)}`);
    }
  });

  it('has the moments of the uniform and the normal distribution', () => {
    const random = createRandom(3);
    const n = 200_000;
    const sums = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const u = random.uniform();
      const z = random.normal();
      assert.ok(u >= 0 && u < 1);
      [u, u * u, z, z * z, z ** 3, z ** 4].forEach((value, k) => (sums[k]! += value / n));
    }
    // Within five standard errors of 1/2, 1/3, 0, 1, 0, 3.
    [1 / 2, 1 / 3, 0, 1, 0, 3].forEach((expected, k) => {
      const deviation = [
        1 / Math.sqrt(12),
        Math.sqrt(4 / 45),
        1,
        Math.SQRT2,
        Math.sqrt(15),
        Math.sqrt(96),
      ][k]!;
      assert.ok(
        Math.abs(sums[k]! - expected) < (5 * deviation) / Math.sqrt(n),
        `moment ${String(k)}`,
      );
    });
  });
});

describe('random orthogonal matrix', () => {
  it('has orthonormal columns, square or not', () => {
    const random = createRandom(1);
    for (const [n, m] of [
      [1, 1],
      [2, 2],
      [17, 17],
      [40, 7],
    ] as const) {
      gram(
        randomOrthogonal(n, m, () => random.normal()),
        n,
        m,
      ).forEach((product, at) => {
        const expected = Math.floor(at / m) === at % m ? 1 : 0;
        assert.ok(Math.abs(product - expected) < 1e-13);
      });
    }
  });

  it('is uniformly distributed: the trace has mean 0, variance 1 and fourth moment 3', () => {
    // Diaconis & Shahshahani 1994: traces of Haar orthogonal matrices have a normal's moments up to order n.
    const random = createRandom(2);
    const n = 20_000;
    const moments = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const q = randomOrthogonal(4, 4, () => random.normal());
      const trace = q[0]! + q[5]! + q[10]! + q[15]!;
      [trace, trace ** 2, trace ** 4].forEach((value, k) => (moments[k]! += value / n));
    }
    assert.ok(Math.abs(moments[0]!) < 0.035);
    assert.ok(Math.abs(moments[1]! - 1) < 0.05);
    assert.ok(Math.abs(moments[2]! - 3) < 0.35);
  });
});
