import assert from 'node:assert/strict';
import { learnPpm, suggestByPpm } from '../../../src/core/keystrokes/ppm';
import { random } from '../engine/tools';

const near = (actual: number | undefined, expected: number): void => {
  assert.ok(
    Math.abs((actual ?? NaN) - expected) < 1e-12,
    `${String(actual)}, not ${String(expected)}`,
  );
};

/** Probability of a symbol as the definition says it, by counting in the text itself. */
function counted(text: string, order: number, end: string, symbol: string): number {
  const excluded = new Set<string>();
  let escaped = 1;
  for (let length = Math.min(order, end.length); length >= 0; length--) {
    const context = end.slice(end.length - length);
    const after = Array.from({ length: text.length }, (_, i) => i)
      .filter((i) => i >= length && text.slice(i - length, i) === context)
      .map((i) => text[i]!);
    if (after.length === 0) continue;
    const different = new Set(after).size;
    const left = after.filter((other) => !excluded.has(other));
    const times = left.filter((other) => other === symbol).length;
    const all = left.length + different;
    if (times > 0) return (escaped * times) / all;
    escaped *= different / all;
    for (const other of after) excluded.add(other);
  }
  return 0;
}

describe('prediction by partial matching', () => {
  it('gives the probabilities that Cleary & Teahan 1997 give after abracadabra', () => {
    const predicted = learnPpm('abracadabra', 2).predict(Array.from('abracadabra'));
    near(predicted.get('c'), 1 / 2);
    near(predicted.get('d'), (1 / 2) * (1 / 6));
    // What is left for symbols never seen is shared by the other 251 of 256.
    const left = 1 - [...predicted.values()].reduce((sum, p) => sum + p, 0);
    near(left, (1 / 2) * (3 / 6) * (5 / 12));
  });

  it('is what counting in the text gives, after any contexts', () => {
    const next = random(11);
    const letters = (length: number, of: string): string =>
      Array.from({ length }, () => of[Math.floor(next() * of.length)]!).join('');
    for (const order of [0, 1, 3, 5]) {
      const text = letters(300, 'aaabbc');
      const ppm = learnPpm(text, order);
      for (let i = 0; i < 40; i++) {
        const end = letters(Math.floor(next() * 8), 'abcx');
        const predicted = ppm.predict(Array.from(end));
        for (const symbol of 'abc') near(predicted.get(symbol), counted(text, order, end, symbol));
        assert.ok(!predicted.has('x'));
      }
    }
  });

  it('suggests the likeliest symbols one after the other, to the end that is asked for', () => {
    const suggester = (until: 'word' | 'line' | 'text', maxTokens = 30) => {
      const made = suggestByPpm(learnPpm('one two\n'.repeat(50), 5), 5, { until, maxTokens });
      made.type('one two\non');
      return made
        .suggest(0.5)
        .map(({ text }) => text)
        .join('');
    };
    assert.equal(suggester('word'), 'e');
    assert.equal(suggester('line'), 'e two');
    assert.equal(suggester('text', 9), 'e two\none');
  });
});
