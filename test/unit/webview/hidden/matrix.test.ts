import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as core from '../../../../src/core/inspection/observation';
import {
  cellValue,
  isSaturated,
  roundUp,
  rowsFor,
  saturatedShares,
  scaleOf,
  slope,
  unitsOf,
} from '../../../../webview/views/hidden/matrix';
import { byIndex } from '../../../../webview/views/hidden/order';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const activations = [
  { activation: 'tanh', of: Math.tanh },
  { activation: 'sigmoid', of: sigmoid },
] as const;

describe('values of hidden units as a picture', () => {
  it('have the slope of their activation: that of central differences', () => {
    for (const { activation, of } of activations) {
      for (let x = -4; x <= 4; x += 0.25) {
        const difference = (of(x + 1e-5) - of(x - 1e-5)) / 2e-5;
        assert.ok(Math.abs(slope(activation, of(x)) - difference) < 1e-9);
      }
    }
  });

  it('are saturated where the engine says so', () => {
    for (const { activation, of } of activations) {
      for (let x = -6; x <= 6; x += 0.01) {
        assert.equal(isSaturated(activation, of(x)), core.isSaturated(activation, of(x)));
      }
    }
  });

  it('tell the share of saturated units after each token', () => {
    const values = Float64Array.of(0, 0.5, 0.99, -1, /* next token */ 1, 1, -1, 0.9);
    const shares = saturatedShares({ width: 4, tokens: 2, values }, 'tanh');
    assert.deepEqual(Array.from(shares), [0.5, 0.75]);
  });

  it('are drawn as means of neighbours where there are more units than rows', () => {
    assert.deepEqual(rowsFor(256, 400), { count: 256, each: 1 });
    assert.deepEqual(rowsFor(8192, 400), { count: 391, each: 21 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9000 }),
        fc.integer({ min: 1, max: 500 }),
        (width, most) => {
          const rows = rowsFor(width, most);
          assert.ok(rows.count <= most);
          const order = byIndex(width);
          const drawn = Array.from({ length: rows.count }, (_, row) => [
            ...unitsOf(order, rows, row),
          ]);
          assert.deepEqual(drawn.flat(), [...order]);
          assert.ok(drawn.every(({ length }) => length > 0));
        },
      ),
      { numRuns: 50 },
    );
    const values = Float64Array.of(1, 2, 6, /* next token */ 10, 20, 60);
    const of = { width: 3, tokens: 2, values };
    const same = (value: number) => value;
    assert.equal(cellValue(of, Int32Array.of(0, 2), 0, same), 3.5);
    assert.equal(
      cellValue(of, Int32Array.of(1), 1, (value) => -value),
      -20,
    );
  });
});

describe('scale of the colours', () => {
  const of = (...values: number[]) => ({
    width: 1,
    tokens: values.length,
    values: Float64Array.from(values),
  });
  const diverging = (least: number, greatest: number) => ({ kind: 'diverging', least, greatest });

  it('is what an activation or its slope can reach', () => {
    assert.deepEqual(scaleOf(of(0.2), 'tanh', 'value', undefined), diverging(-1, 1));
    // A gate's middle is one half: below it is shut rather than open, as −1 is low and 1 is high of a tanh.
    assert.deepEqual(scaleOf(of(0.2), 'sigmoid', 'value', undefined), diverging(0, 1));
    const slope = { kind: 'sequential', least: 0, greatest: 1 };
    assert.deepEqual(scaleOf(of(0.2), 'tanh', 'slope', undefined), slope);
    assert.deepEqual(scaleOf(of(0.2), 'sigmoid', 'slope', undefined), { ...slope, greatest: 0.25 });
  });

  it('holds all values where nothing bounds them, and zero is in its middle where there are negative ones', () => {
    assert.deepEqual(scaleOf(of(-3.2, 1), null, 'value', undefined), diverging(-5, 5));
    const positive = scaleOf(of(0, 17), null, 'value', undefined);
    assert.deepEqual(positive, { kind: 'positive', least: 0, greatest: 20 });
    const strange = scaleOf(of(NaN, Infinity, -Infinity, 0.3), null, 'value', undefined);
    assert.deepEqual(strange, diverging(-0.5, 0.5));
    assert.deepEqual(scaleOf(of(0, 0), null, 'value', undefined), {
      kind: 'positive',
      least: 0,
      greatest: 1,
    });
  });

  it('stays while values move a little, and follows when they move far', () => {
    const first = scaleOf(of(-3.2, 1), null, 'value', undefined);
    assert.deepEqual(scaleOf(of(-1.9, 1), null, 'value', first), first);
    assert.deepEqual(scaleOf(of(2, 1), null, 'value', first), first);
    assert.deepEqual(scaleOf(of(-5.1), null, 'value', first), diverging(-10, 10));
    assert.deepEqual(scaleOf(of(-0.2), null, 'value', first), diverging(-0.2, 0.2));
  });

  it('ends at 1, 2 or 5 times a power of ten, the least that is not below', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
        const limit = roundUp(value);
        const digit = Number(limit.toExponential().split('e')[0]);
        assert.ok(
          [1, 2, 5].some((wanted) => Math.abs(digit - wanted) < 1e-9),
          String(limit),
        );
        assert.ok(limit >= value * (1 - 1e-9) && limit <= value * 2.5 * (1 + 1e-9));
      }),
    );
  });
});
