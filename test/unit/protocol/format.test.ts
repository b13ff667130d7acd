import assert from 'node:assert/strict';
import { formatFor } from '../../../src/protocol/format';

describe('numbers for people', () => {
  const format = formatFor('en');

  it('are losses with three decimals', () => {
    assert.equal(format.loss(4.17438), '4.174');
    assert.equal(format.loss(2), '2.000');
    // A loss that is not 0 is not written as if it were.
    assert.equal(format.loss(0.0005), '0.001');
    assert.equal(format.loss(0.000_123_4), '0.000123');
    assert.equal(format.loss(4.9e-7), '4.9E-7');
    assert.equal(format.loss(0), '0.000');
    assert.equal(format.loss(NaN), 'NaN');
    assert.equal(format.loss(Infinity), 'Infinity');
  });

  it('are counts with groups, and short ones', () => {
    assert.equal(format.count(1_003_855), '1,003,855');
    assert.equal(format.compact(85_123), '85.1K');
    assert.equal(format.compact(1_234_567), '1.23M');
  });

  it('have three digits, and an exponent where they are tiny', () => {
    assert.equal(format.value(0.001318), '0.00132');
    assert.equal(format.value(1.25e-9), '1.3E-9');
    assert.equal(format.value(0), '0');
    // Two of them in one sentence are in one notation.
    assert.deepEqual([8.07e-5, 3.21e-4, 1e-7].map(format.rate), ['0.0000807', '0.000321', '1E-7']);
    assert.equal(format.decimal(3.14), '3.1');
    assert.equal(format.percent(0.6249), '62%');
    assert.equal(format.percent(0.00041), '0.041%');
    assert.equal(format.percent(1e-6), '0.0001%');
    assert.equal(format.percent(5.7e-10), '<0.0001%');
    assert.equal(format.percent(0), '0%');
  });

  it('are times as a clock shows them', () => {
    const times: [number, string][] = [
      [0, '0:00'],
      [7.9, '0:07'],
      [59.99, '0:59'],
      [60, '1:00'],
      [754, '12:34'],
      [3600, '1:00:00'],
      [3723, '1:02:03'],
      [-1, '0:00'],
    ];
    for (const [seconds, text] of times) assert.equal(format.duration(seconds), text);
  });

  it('follow the language, and fall back to English', () => {
    assert.equal(formatFor('de').loss(1.5), '1,500');
    assert.equal(formatFor('zh-cn').count(12_345), '12,345');
    assert.equal(formatFor('xx-unknown').loss(1.5), '1.500');
  });
});
