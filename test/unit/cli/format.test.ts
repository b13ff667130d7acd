import assert from 'node:assert/strict';
import { bar, duration, loss, plural, table } from '../../../src/cli/format';

describe('formats of the command line', () => {
  it('writes durations', () => {
    assert.equal(duration(7.4), '7 s');
    assert.equal(duration(59.6), '1 min 00 s');
    assert.equal(duration(65), '1 min 05 s');
    assert.equal(duration(7380), '2 h 03 min');
  });

  it('draws bars of one width', () => {
    for (const share of [-1, 0, 0.01, 0.49, 0.5, 0.999, 1, 2])
      assert.equal(bar(share, 10).length, 10);
    assert.equal(bar(0.5, 4), '██░░');
    assert.equal(bar(0.3125, 4), '█▎░░');
  });

  it('counts things', () => {
    assert.equal(plural(1, 'token'), '1 token');
    assert.equal(plural(1115394, 'token'), '1,115,394 tokens');
    assert.equal(loss(undefined), '–');
    assert.equal(loss(NaN), 'NaN');
  });

  it('aligns columns', () => {
    assert.equal(
      table([
        ['a', '1'],
        ['bcd', '22'],
      ]),
      'a     1\nbcd  22\n',
    );
  });
});
