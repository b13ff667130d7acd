import assert from 'node:assert/strict';
import fc from 'fast-check';
import { thinned } from '../../../src/protocol/thinned';

const steps = (items: readonly { readonly step: number }[]) => items.map(({ step }) => step);

describe('a thinned list', () => {
  it('keeps all up to its limit', () => {
    const list = thinned(
      5,
      [1, 2, 7].map((step) => ({ step })),
    );
    list.append({ step: 8 });
    list.append({ step: 9 });
    assert.deepEqual(steps(list.items), [1, 2, 7, 8, 9]);
  });

  it('stays evenly spread over all steps however long it goes on', () => {
    const list = thinned<{ step: number }>(60);
    for (let step = 1; step <= 100_000; step++) {
      list.append({ step });
      if (step % 9973 !== 0) continue;
      const kept = steps(list.items);
      const gaps = kept.slice(1).map((later, i) => later - kept[i]!);
      assert.ok(Math.max(...gaps) <= (4 * step) / 60, String(Math.max(...gaps)));
    }
  });

  it('keeps the first and the newest, in order, within its limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 3, max: 40 }),
        (gaps, limit) => {
          const list = thinned<{ step: number }>(limit);
          let step = 0;
          for (const gap of gaps) {
            step += gap;
            list.append({ step });
            assert.equal(list.items.at(-1)!.step, step);
          }
          const kept = steps(list.items);
          assert.equal(kept[0], gaps[0]);
          assert.equal(kept.length, Math.min(limit, gaps.length));
          assert.deepEqual(
            kept,
            [...new Set(kept)].sort((a, b) => a - b),
          );
        },
      ),
    );
  });

  it('drops what is of later steps', () => {
    const list = thinned(
      10,
      [1, 5, 9].map((step) => ({ step })),
    );
    list.truncate(5);
    assert.deepEqual(steps(list.items), [1, 5]);
    list.append({ step: 6 });
    assert.deepEqual(steps(list.items), [1, 5, 6]);
  });
});
