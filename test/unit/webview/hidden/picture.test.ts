import assert from 'node:assert/strict';
import { formatFor } from '../../../../src/protocol/format';
import type { WindowResult } from '../../../../src/protocol/panel';
import { candidatesAfter, pictureOf, readingOf } from '../../../../webview/views/hidden/picture';
import { readSlice } from '../../../../webview/views/hidden/slice';
import { csvOf } from '../../../../webview/views/hidden/tables';
import type { Theme } from '../../../../webview/theme';
import { vanilla } from '../gradients/evidence';

const format = formatFor('en');
const theme = { charts: { yellow: '#cc0', purple: '#c0c' } } as Theme;
const ln = (p: number) => -Math.log(p);

/** Four tokens, two units. */
const result: WindowResult = {
  tokens: ['a', ',', 'b', '␣'],
  probability: Float64Array.of(NaN, 0.5, 0.25, 0.01),
  loss: Float64Array.of(NaN, ln(0.5), ln(0.25), ln(0.01)),
  variables: [
    {
      name: 'layer1.s',
      width: 2,
      values: Float64Array.of(0.1, -0.1, 0.2, -0.2, 0.99, -0.3, 0.4, -0.4),
    },
  ],
  top: [
    [{ token: ',', probability: 0.5 }],
    [{ token: 'b', probability: 0.25 }],
    [{ token: 'x', probability: 0.9 }],
    [{ token: 'y', probability: 0.8 }],
  ],
};

/** Of the tokens from the `first` on. */
function sliceOf(first: number) {
  const { tokens, probability, loss, variables, top } = result;
  const window = {
    tokens: tokens.slice(first),
    probability: probability.slice(first),
    loss: loss.slice(first),
    variables: variables.map((each) => ({ ...each, values: each.values.slice(2 * first) })),
    top: top.slice(first),
  };
  return readSlice({ result: window }, vanilla, 'layer1.s');
}

const look = {
  quantity: 'value',
  sorting: 'index',
  order: Int32Array.of(1, 0),
  mostRows: 10,
  allNames: false,
  scale: undefined,
  name: 's',
  uniform: Math.log(5),
} as const;

describe('the window of hidden states', () => {
  it('keeps each value with its token', () => {
    const slice = sliceOf(2)!;
    assert.deepEqual(slice.tokens, ['b', '␣']);
    assert.deepEqual(Array.from(slice.activations.values), [0.99, -0.3, 0.4, -0.4]);
    assert.equal(slice.loss[1], ln(0.01));
    const { data } = pictureOf(slice, look, theme);
    // Row 0 is unit 1, as they are sorted.
    assert.deepEqual([data.at(0, 0), data.at(1, 0), data.at(1, 1)], [-0.3, 0.99, 0.4]);
  });

  it('is nothing where it has no token, or the variable was not asked for', () => {
    assert.equal(sliceOf(4), undefined);
    const other = readSlice({ result }, vanilla, 'layer1.c');
    assert.equal(other, undefined);
    assert.equal(readSlice({ result: null }, vanilla, 'layer1.s'), undefined);
  });

  it('tells of a cell its unit, value, slope, and the loss of its token', () => {
    const picture = pictureOf(sliceOf(2)!, look, theme);
    const reading = readingOf(picture, { row: 1, column: 0 }, format);
    assert.equal(reading.token, 'b');
    assert.deepEqual([reading.place, reading.tokens], [1, 2]);
    assert.equal(reading.loss, ln(0.25));
    assert.deepEqual(
      reading.lines.map(({ value }) => value),
      ['0.99', format.value(1 - 0.99 ** 2), '50%'],
    );
  });

  it('adds the token that does come to those that are expected, where it is not among them', () => {
    const all = sliceOf(0)!;
    assert.deepEqual(candidatesAfter(all, 0), [{ token: ',', probability: 0.5, isNext: true }]);
    const [expected, next] = candidatesAfter(all, 2);
    assert.deepEqual(expected, { token: 'x', probability: 0.9, isNext: false });
    assert.equal(next?.token, '␣');
    assert.ok(next.isNext && Math.abs(next.probability - 0.01) < 1e-12);
    assert.deepEqual(candidatesAfter(all, 3), [{ token: 'y', probability: 0.8, isNext: false }]);
  });

  it('is saved with all digits, units in their own order, and a token that is a comma in quotes', () => {
    const picture = pictureOf(sliceOf(0)!, look, theme);
    const [header, first, second] = csvOf(picture).split('\r\n');
    assert.equal(header, 'token,loss,layer1.s[1],layer1.s[2]');
    assert.equal(first, 'a,,0.1,-0.1');
    assert.equal(second, `",",${String(ln(0.5))},0.2,-0.2`);
  });
});
