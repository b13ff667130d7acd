import assert from 'node:assert/strict';
import { matchesOf } from '../../../src/host/commands/matches';

describe('matches of an expression', () => {
  it('are all there are, but for empty ones', () => {
    const text = 'a "b" c\n"😀" ""x';
    assert.deepEqual(matchesOf(text, '"[^"]*"'), [
      { from: 2, to: 5 },
      { from: 8, to: 12 },
      { from: 13, to: 15 },
    ]);
    assert.deepEqual(matchesOf('abc\nabd', '^ab.$|x*'), [
      { from: 0, to: 3 },
      { from: 4, to: 7 },
    ]);
    assert.deepEqual(matchesOf(text, 'z'), []);
  });

  it('are given up where that takes ages', () => {
    assert.equal(matchesOf(`${'a'.repeat(60)}b`, '^(a+)+$'), undefined);
  });
});
