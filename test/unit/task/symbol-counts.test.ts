import assert from 'node:assert/strict';
import { createRandom } from '../../../src/core/random/random';
import { countSymbols } from '../../../src/core/task/symbol-counts';

describe('counts of symbols', () => {
  it('are exact as long as there is room', () => {
    const { add, counts, dropped } = countSymbols(3);
    for (const symbol of 'abcabbc') add(symbol);
    assert.deepEqual(
      [...counts],
      [
        ['a', 2],
        ['b', 3],
        ['c', 2],
      ],
    );
    assert.deepEqual(dropped, { symbols: 0, times: 0 });
  });

  it('keep what is common among very many, lose none of the sum, and stay within their room', () => {
    const { add, counts, dropped } = countSymbols(1000);
    const random = createRandom(1);
    const exact = new Map<string, number>();
    for (let i = 0; i < 200_000; i++) {
      // Zipf’s law among 99 words; every other symbol is of its own.
      const rank = Math.floor(100 ** random.uniform());
      const symbol = i % 2 === 0 ? `word ${String(rank)}` : `number ${String(i)}`;
      exact.set(symbol, (exact.get(symbol) ?? 0) + 1);
      add(symbol);
      assert.ok(counts.size <= 1000);
    }
    const common = [...exact].sort(([, a], [, b]) => b - a).slice(0, 99);
    for (const [symbol, times] of common) {
      const lost = times - (counts.get(symbol) ?? 0);
      assert.ok(
        lost >= 0 && lost <= 0.05 * times,
        `${symbol}: ${String(lost)} of ${String(times)}`,
      );
    }
    const kept = [...counts.values()].reduce((sum, times) => sum + times, 0);
    assert.equal(kept + dropped.times, 200_000);
    assert.ok(dropped.symbols > 90_000);
  });
});
