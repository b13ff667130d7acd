import assert from 'node:assert/strict';
import { parseLimit, unitsOf } from '../../../src/host/commands/limit';

describe('a length of a training, as people write it', () => {
  const cases: readonly (readonly [text: string, kind: string, value: number])[] = [
    ['90', 'seconds', 90],
    ['90 s', 'seconds', 90],
    ['90s.', 'seconds', 90],
    [' 1.5 Minutes ', 'seconds', 90],
    ['.5 h', 'seconds', 1800],
    ['2 小时', 'seconds', 7200],
    ['5分钟', 'seconds', 300],
    ['2,000 steps', 'steps', 2000],
    ['1000步', 'steps', 1000],
    ['0.25 epochs', 'epochs', 0.25],
    ['3轮', 'epochs', 3],
  ];
  for (const [text, kind, value] of cases) {
    it(`is understood: ${text}`, () => {
      assert.deepEqual(parseLimit(text), { kind, value });
    });
  }

  for (const text of ['', '0', '-5', '1.5 steps', '5 parsecs', 'soon', '1..5', '1e3', 'min']) {
    it(`is none: “${text}”`, () => {
      assert.equal(parseLimit(text), undefined);
    });
  }

  it('is shown in the unit in which it is a short number', () => {
    assert.deepEqual(unitsOf(45), { count: 45, unit: 'seconds' });
    assert.deepEqual(unitsOf(60), { count: 1, unit: 'minutes' });
    assert.deepEqual(unitsOf(90), { count: 1.5, unit: 'minutes' });
    assert.deepEqual(unitsOf(100), { count: 100, unit: 'seconds' });
    assert.deepEqual(unitsOf(3600), { count: 1, unit: 'hours' });
    assert.deepEqual(unitsOf(5400), { count: 1.5, unit: 'hours' });
  });
});
