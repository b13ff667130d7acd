import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseWindows } from '../../../src/core/inspection/windows';

const stretches = fc
  .array(fc.record({ gap: fc.nat(50), length: fc.integer({ min: 1, max: 500 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => {
    let at = 1;
    return parts.map(({ gap, length }) => {
      const from = at + gap;
      at = from + length;
      return { from, to: at };
    });
  });

describe('windows of a text', () => {
  it('lie within what is trained on, one of its stretches each, and never twice at a place', () => {
    fc.assert(
      fc.property(
        stretches,
        fc.integer({ min: 2, max: 600 }),
        fc.nat(90),
        (parts, wanted, reach) => {
          const { starts, length, warmUp } = chooseWindows(parts, wanted, reach, 1000);
          const longest = Math.max(...parts.map(({ from, to }) => to - from));
          // A short text is measured from its beginning.
          const measured = Math.min(Math.max(wanted, reach + 1), longest);
          assert.equal(length, Math.min(measured + reach, longest));
          assert.equal(length - warmUp, measured);
          assert.ok(starts.length >= 1 && starts.length <= 16);
          assert.equal(new Set(starts).size, starts.length);
          for (const start of starts) {
            // The first prediction is of token start + 1, the last of token start + length.
            assert.ok(parts.some(({ from, to }) => from <= start + 1 && start + length < to));
          }
        },
      ),
    );
  });

  it('are spread evenly over a long text', () => {
    const { starts } = chooseWindows([{ from: 1, to: 100_001 }], 64, 0, 1000);
    const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
    assert.equal(starts.length, 16);
    assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1);
    assert.ok(Math.abs(starts[0]! - (100_000 - starts.at(-1)!)) < 100);
  });

  it('are fewer for a model whose gradients take long, and one at least', () => {
    const count = (parameters: number) =>
      chooseWindows([{ from: 1, to: 100_001 }], 64, 0, parameters).starts.length;
    assert.equal(count(900_000), 16);
    assert.equal(count(4_500_000), 3);
    assert.equal(count(1e9), 1);
  });
});
