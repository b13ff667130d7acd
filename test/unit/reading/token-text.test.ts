import assert from 'node:assert/strict';
import { prepareText } from '../../../src/core/data/text';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { createTokenText, type TokenText } from '../../../src/core/reading/token-text';
import { random } from '../engine/tools';
import { makeTokenizer, randomText } from './tools';

const kinds = ['char', 'byte', 'word', 'bpe'] as const;

function expected(tokenizer: Tokenizer, text: string): number[] {
  return [...tokenizer.encode(prepareText(text).text).ids];
}

function all(text: TokenText): { ids: number[]; starts: number[]; ends: number[] } {
  const { ids, starts, ends } = text.tokens(0, text.length());
  return { ids: [...ids], starts: [...starts], ends: [...ends] };
}

describe('a text as tokens', () => {
  for (const kind of kinds) {
    const tokenizer = makeTokenizer(kind);

    it(`is what the tokenizer makes of it, however long: ${kind}`, () => {
      const next = random(3);
      for (const length of [0, 1, 2, 30, 400, 3000]) {
        const whole = randomText(next, length);
        assert.deepEqual(all(createTokenText(tokenizer, whole)).ids, expected(tokenizer, whole));
      }
    });

    it(`stays that under any edits, which say what they leave as it was: ${kind}`, () => {
      const next = random(4);
      for (let run = 0; run < 12; run++) {
        let whole = randomText(next, Math.floor(next() * 1500));
        const text = createTokenText(tokenizer, whole);
        for (let edit = 0; edit < 25; edit++) {
          // Sometimes nobody has asked for the tokens before.
          const before = edit % 5 === 4 ? undefined : all(text);
          const offset = Math.floor(next() * (whole.length + 1));
          const removed = Math.floor(
            next() ** 4 * Math.min(next() < 0.1 ? 3000 : 20, whole.length - offset + 1),
          );
          const inserted = randomText(next, Math.floor(next() ** 3 * (next() < 0.1 ? 900 : 6)));
          const change = text.replace({ offset, removed, inserted });
          whole = whole.slice(0, offset) + inserted + whole.slice(offset + removed);
          assert.equal(text.length(), whole.length);
          assert.equal(text.slice(0, whole.length), whole);
          const after = all(text);
          assert.deepEqual(after.ids, expected(tokenizer, whole));
          if (before === undefined) continue;
          const { from, oldTo, newTo } = change;
          const kept = (tokens: typeof before): number[][] =>
            tokens.ids.flatMap((id, i) =>
              tokens.ends[i]! <= from ? [[id, tokens.starts[i]!, tokens.ends[i]!]] : [],
            );
          const moved = (tokens: typeof before, to: number): number[][] =>
            tokens.ids.flatMap((id, i) =>
              tokens.starts[i]! >= to ? [[id, tokens.starts[i]! - to, tokens.ends[i]! - to]] : [],
            );
          assert.deepEqual(kept(after), kept(before));
          assert.deepEqual(moved(after, newTo), moved(before, oldTo));
          assert.equal(newTo - oldTo, inserted.length - removed);
        }
      }
    });

    it(`finds places, tokens before them and counts: ${kind}`, () => {
      const next = random(5);
      const whole = randomText(next, 1200);
      const text = createTokenText(tokenizer, whole);
      const { ids, starts, ends } = all(text);
      for (let i = 0; i < 200; i++) {
        const offset = Math.floor(next() * (whole.length + 1));
        const place = Math.max(0, ...ends.filter((end) => end <= offset));
        assert.equal(text.place(offset), place);
        const first = starts.find((_, k) => ends[k]! > offset) ?? whole.length;
        assert.equal(text.startAfter(offset), first);
        assert.equal(text.endBefore(offset), ends[starts.findLastIndex((s) => s < offset)] ?? 0);
        const wanted = Math.floor(next() * 700);
        const back = text.back(offset, wanted);
        const between = (from: number): number =>
          ids.filter((_, k) => starts[k]! >= from && ends[k]! <= offset).length;
        assert.equal(text.count(back, offset), between(back));
        assert.ok(back === 0 || between(back) >= wanted);
        // No later place would do.
        const later = ends.find((end) => end > back);
        assert.ok(later === undefined || wanted === 0 || between(later) < wanted);
        assert.ok(back === 0 || ends.includes(back));
      }
    });
  }

  it('retokenises little around an edit of a long text', () => {
    const tokenizer = makeTokenizer('word');
    const line = 'the cab is a 3.14 the b.\n';
    const text = createTokenText(tokenizer, line.repeat(40_000));
    text.tokens(500_000, 503_000);
    const offset = 501_000;
    const { from, oldTo } = text.replace({ offset, removed: 0, inserted: 'x' });
    assert.ok(offset - from <= line.length && oldTo - offset <= line.length);
  });

  it('refuses a change that is not within it', () => {
    const text = createTokenText(makeTokenizer('char'), 'abc');
    assert.throws(
      () => text.replace({ offset: 2, removed: 2, inserted: '' }),
      /A change at 2 of 2 units is outside the document of 3\. Reopen the document/,
    );
  });
});
