import assert from 'node:assert/strict';
import { age } from '../../../src/host/views/age';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('how long ago something was', () => {
  const now = Date.UTC(2026, 5, 15, 12);
  const cases: readonly (readonly [elapsed: number, english: string, chinese: string])[] = [
    [0, 'now', '现在'],
    [59_999, 'now', '现在'],
    [minute, '1 minute ago', '1分钟前'],
    [59 * minute, '59 minutes ago', '59分钟前'],
    [hour, '1 hour ago', '1小时前'],
    [day - 1, '23 hours ago', '23小时前'],
    [day, 'yesterday', '昨天'],
    [6 * day, '6 days ago', '6天前'],
    [7 * day, 'last week', '上周'],
    [30 * day, 'last month', '上个月'],
    [800 * day, '2 years ago', '2年前'],
    // A clock that was set back.
    [-hour, 'now', '现在'],
  ];
  for (const [elapsed, english, chinese] of cases) {
    it(`is ${english}`, () => {
      assert.equal(age(now - elapsed, now, 'en', 'long'), english);
      assert.equal(age(now - elapsed, now, 'zh-cn', 'long'), chinese);
    });
  }

  it('is told in English where the language is not known', () => {
    assert.equal(age(now - hour, now, 'tlh', 'long'), '1 hour ago');
  });
});
