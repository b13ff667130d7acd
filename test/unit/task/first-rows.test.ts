import assert from 'node:assert/strict';
import { createRandom } from '../../../src/core/random/random';
import { countsOf, firstRows } from '../../../src/core/task/first-rows';
import { groupsOf, keyOf } from '../../../src/core/task/split-rows';

describe('rows with the same key', () => {
  const random = createRandom(3);

  for (const [name, keyAt] of Object.entries({
    'few keys': () => random.integer(7),
    'keys that are texts’': () => keyOf(String(random.integer(4000))),
    'keys that differ above 32 bits alone': () => random.integer(900) * 2 ** 32,
    'no key twice': (i: number) => 2 ** 53 - 1 - i,
  })) {
    it(`are found as a map finds them: ${name}`, () => {
      const keys = Float64Array.from({ length: 5000 }, (_, i) => keyAt(i));
      const seen = new Map<number, number>();
      const wanted = Array.from(keys, (key, row) => {
        if (!seen.has(key)) seen.set(key, row);
        return seen.get(key)!;
      });
      const first = firstRows(keys);
      assert.deepEqual([...first], wanted);
      const counts = countsOf(first);
      for (const [key, row] of seen) {
        assert.equal(counts[row], keys.filter((other) => other === key).length);
      }
      assert.equal(
        counts.reduce((sum, times) => sum + times, 0),
        keys.length,
      );
    });
  }

  it('are none of none', () => {
    assert.equal(firstRows(new Float64Array(0)).length, 0);
    assert.deepEqual(groupsOf(0, []).count, 0);
  });

  it('are one group where they share either key, and a key of 0 is none', () => {
    const { count, of } = groupsOf(6, [
      Float64Array.of(1, 2, 1, 0, 0, 5),
      Float64Array.of(0, 9, 8, 9, 0, 0),
    ]);
    assert.deepEqual([...of], [0, 1, 0, 1, 2, 3]);
    assert.equal(count, 4);
  });
});
