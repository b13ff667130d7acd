import assert from 'node:assert/strict';
import fc from 'fast-check';
import { distribution, draw, logProbability } from '../../../src/core/sampling/choose';
import { createRandom } from '../../../src/core/random/random';

const logitsOf = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), {
  minLength: 2,
  maxLength: 40,
});
const all = { temperature: 1, topK: 0, topP: 1 };

function close(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${String(actual)} is not ${String(expected)}`,
  );
}

describe('choice of a token', () => {
  it('is softmax of the logits over the temperature', () => {
    // exp(ln 8 / 3) = 2, exp(0) = 1
    const halves = distribution([Math.log(8), 0, 0], { ...all, temperature: 3 });
    [0.5, 0.25, 0.25].forEach((p, id) => close(halves[id]!, p));
    fc.assert(
      fc.property(
        logitsOf,
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        (logits, temperature) => {
          const p = distribution(logits, { ...all, temperature });
          close(
            p.reduce((sum, x) => sum + x, 0),
            1,
          );
          for (let i = 1; i < p.length; i++) {
            if (p[i]! > 1e-200 && p[0]! > 1e-200) {
              close(Math.log(p[i]! / p[0]!), (logits[i]! - logits[0]!) / temperature, 1e-8);
            }
          }
        },
      ),
    );
  });

  it('takes the likeliest token as the temperature goes to 0, the first of equals', () => {
    fc.assert(
      fc.property(logitsOf, (logits) => {
        const top = logits.indexOf(Math.max(...logits));
        assert.equal(draw(distribution(logits, { ...all, temperature: 0 }), 0.999), top);
        const gap = logits.every((l, id) => id === top || logits[top]! - l > 0.1);
        if (gap) assert.ok(distribution(logits, { ...all, temperature: 1e-3 })[top]! > 1 - 1e-12);
      }),
    );
    assert.equal(draw(distribution([1, 3, 3], { ...all, temperature: 0 }), 0.5), 1);
  });

  it('top-k keeps the k likeliest in their proportions', () => {
    fc.assert(
      fc.property(logitsOf, fc.integer({ min: 1, max: 45 }), (logits, topK) => {
        const whole = distribution(logits, all);
        const p = distribution(logits, { ...all, topK });
        const kept = [...p.keys()].filter((id) => p[id]! > 0);
        assert.ok(kept.length <= Math.min(topK, logits.length));
        close(
          p.reduce((sum, x) => sum + x, 0),
          1,
        );
        const mass = kept.reduce((sum, id) => sum + whole[id]!, 0);
        for (const id of kept) close(p[id]!, whole[id]! / mass, 1e-9);
        const left = [...whole.keys()].filter((id) => p[id] === 0);
        for (const id of left) for (const k of kept) assert.ok(whole[id]! <= whole[k]!);
      }),
    );
  });

  it('top-p keeps the smallest set of likeliest tokens that reaches p', () => {
    fc.assert(
      fc.property(logitsOf, fc.double({ min: 0, max: 0.999, noNaN: true }), (logits, topP) => {
        const whole = distribution(logits, all);
        const kept = [...distribution(logits, { ...all, topP }).entries()]
          .filter(([, p]) => p > 0)
          .map(([id]) => id);
        const mass = kept.reduce((sum, id) => sum + whole[id]!, 0);
        assert.ok(kept.length >= 1 && mass >= topP - 1e-9);
        const least = Math.min(...kept.map((id) => whole[id]!));
        if (kept.length > 1) assert.ok(mass - least < topP + 1e-9);
      }),
    );
    const p = distribution([0.5, 0.3, 0.15, 0.05].map(Math.log), { ...all, topP: 0.75 });
    [0.625, 0.375, 0, 0].forEach((expected, id) => close(p[id]!, expected));
    const both = distribution([0.4, 0.3, 0.2, 0.1].map(Math.log), { ...all, topK: 2, topP: 0.5 });
    [1, 0, 0, 0].forEach((expected, id) => close(both[id]!, expected));
  });

  it('never draws what is excluded', () => {
    const p = distribution([9, 1, 1], all, 0);
    assert.deepEqual([...p], [0, 0.5, 0.5]);
    assert.deepEqual([...distribution([9, 1, 2], { ...all, temperature: 0 }, 0)], [0, 0, 1]);
  });

  it('draws each token as often as it is likely (chi-square)', () => {
    const probabilities = distribution([2, 1, 0, -1, 1.5], { temperature: 0.7, topK: 4, topP: 1 });
    const random = createRandom(11);
    const n = 100_000;
    const counts = new Float64Array(5);
    for (let i = 0; i < n; i++) counts[draw(probabilities, random.uniform())]! += 1;
    assert.equal(counts[3], 0);
    let chi = 0;
    counts.forEach((count, id) => {
      const expected = n * probabilities[id]!;
      if (expected > 0) chi += (count - expected) ** 2 / expected;
    });
    // Three degrees of freedom: 16.27 is exceeded once in a thousand.
    assert.ok(chi < 16.27, String(chi));
    assert.equal(draw(Float64Array.of(0.5, 0.5 - 1e-9, 0), 1 - 1e-16), 1);
  });

  it('knows the logarithm of a probability, also where the probability itself is 0', () => {
    close(logProbability([0, 0, 0, 0], 2), -Math.log(4));
    close(logProbability([1000, 0], 1), -1000);
    fc.assert(
      fc.property(logitsOf, (logits) => {
        const p = distribution(logits, all);
        p.forEach((value, id) => close(Math.exp(logProbability(logits, id)), value, 1e-12));
      }),
    );
  });

  it('refuses logits that are no numbers', () => {
    for (const logits of [
      [NaN, 1],
      [1, NaN],
      [NaN, NaN],
      [-Infinity, -Infinity],
      [Infinity, 0],
    ]) {
      assert.throws(() => distribution(logits, all), RangeError);
    }
    assert.deepEqual([...distribution([-Infinity, 0], all)], [0, 1]);
  });
});
