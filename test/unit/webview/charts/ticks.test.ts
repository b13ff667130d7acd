import assert from 'node:assert/strict';
import { formatFor } from '../../../../src/protocol/format';
import { powerTicks, writeTicks } from '../../../../webview/charts/ticks';

const { value, percent } = formatFor('en');

describe('ticks of an axis', () => {
  it('are as numbers are written elsewhere where none of them needs an exponent', () => {
    assert.deepEqual(writeTicks([0.001, 0.01, 0.1, 1], value), ['0.001', '0.01', '0.1', '1']);
    assert.deepEqual(writeTicks([0, 0.5, 1], percent), ['0%', '50%', '100%']);
  });

  it('are all powers of ten where one of them does', () => {
    const share = (x: number) => (x < 1e-4 ? value(x) : percent(x));
    assert.deepEqual(writeTicks(powerTicks(1e-6, 1, 4), share), ['10⁻⁶', '10⁻⁴', '10⁻²', '10⁰']);
    const around = [-5e-5, 0, 5e-5];
    assert.deepEqual(writeTicks(around, value), ['-5·10⁻⁵', '0', '5·10⁻⁵']);
    assert.deepEqual(writeTicks([2e-4, 5e-5, 1.5e12], value), ['2·10⁻⁴', '5·10⁻⁵', '1.5·10¹²']);
  });
});
