import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { readTokenizer } from '../../../src/core/data/tokenizers';
import { createTokenizer } from './tools';

const wellFormed = fc.string({ unit: 'binary', minLength: 2, maxLength: 80 });

function roundTrip(tokenizer: Tokenizer): Tokenizer {
  return readTokenizer(JSON.parse(JSON.stringify(tokenizer.toJSON())));
}

describe('tokenizers', () => {
  for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
    it(`${kind}: gives back the text it was made from, also after being saved`, () => {
      fc.assert(
        fc.property(wellFormed, (text) => {
          fc.pre(new Set(text).size > 1);
          // Room for all words, so that none is UNKNOWN.
          if (kind === 'word')
            fc.pre(
              new Set(new Intl.Segmenter('en', { granularity: 'word' }).segment(text)).size > 1,
            );
          const tokenizer = createTokenizer(kind, text, 1000);
          const { ids, unknown, characters } = tokenizer.encode(text);
          assert.equal(tokenizer.decode(ids), text);
          assert.equal(unknown.kinds, 0);
          assert.equal(characters(0, ids.length), Array.from(text).length);
          assert.ok(ids.every((id) => id < tokenizer.vocabulary));
          assert.deepEqual(roundTrip(tokenizer).encode(text).ids, ids);
        }),
      );
    });
  }

  it('char: counts code points, not UTF-16 units, and adds nothing to the vocabulary', () => {
    const tokenizer = createTokenizer('char', '你好，世界😀👩‍🚀', 0);
    // 👩‍🚀 is woman, joiner, rocket
    assert.equal(tokenizer.vocabulary, 9);
    assert.equal(tokenizer.encode('😀').ids.length, 1);
    assert.equal(tokenizer.unknown, undefined);
  });

  it('uses the smallest array', () => {
    assert.ok(createTokenizer('char', 'ab', 0).encode('ab').ids instanceof Uint8Array);
    const many = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    assert.ok(createTokenizer('char', many, 0).encode('').ids instanceof Uint16Array);
  });

  it('char: replaces what it does not know by what is near, and leaves out the rest', () => {
    const tokenizer = createTokenizer('char', 'cafe AB "x" - . \n', 0);
    const { ids, unknown } = tokenizer.encode('“CAFÈ”—ab…\t漢');
    assert.equal(tokenizer.decode(ids), '"cAfe"-aB... ');
    const examples = ['“', 'C', 'F', 'È', '”', '—', 'b', '…', '\t', '漢'];
    assert.deepEqual(unknown, { kinds: 10, times: 10, examples });
  });

  it('byte: streams characters whole, and broken ones as U+FFFD', () => {
    const tokenizer = createTokenizer('byte', 'ab', 0);
    const decoder = tokenizer.decoder();
    const pieces = [...tokenizer.encode('é😀a').ids].map((id) => decoder.push(id));
    assert.deepEqual(pieces, ['', 'é', '', '', '', '😀', 'a']);
    assert.equal(decoder.push(0xe2) + decoder.push(0x82) + decoder.end(), '\uFFFD');
    assert.equal(tokenizer.decode([0x61, 0xff, 0x62]), 'a\uFFFDb');
    assert.equal(tokenizer.encode('é😀a').characters(0, 7), 3);
  });

  it('word: keeps the commonest words within the limit, UNKNOWN among them', () => {
    const text = 'the cat and the dog and the bird';
    const tokenizer = createTokenizer('word', text, 4);
    assert.equal(tokenizer.vocabulary, 4);
    // ' ' 7, 'the' 3, 'and' 2
    assert.equal(
      tokenizer.decode(tokenizer.encode(text).ids),
      'the <UNKNOWN> and the <UNKNOWN> and the <UNKNOWN>',
    );
    assert.deepEqual(tokenizer.encode(text).unknown, {
      kinds: 3,
      times: 3,
      examples: ['cat', 'dog', 'bird'],
    });
    assert.equal(tokenizer.unknown, 0);
    assert.equal(tokenizer.encode(text).characters(0, 3), 7);
    assert.equal(tokenizer.decode(tokenizer.encode('And THE').ids), 'and the');
  });

  it('word: cuts Chinese into words and keeps white space and line ends', () => {
    const text = '我喜欢学习。\n\n  我喜欢  猫。\r\n';
    const tokenizer = createTokenizer('word', text, 100);
    const { ids } = tokenizer.encode(text);
    assert.ok(ids.length < Array.from(text).length);
    assert.equal(tokenizer.decode(ids), text);
    assert.ok(tokenizer.encode('喜欢').ids.length === 1);
  });

  it('names tokens for the eye', () => {
    const characters = createTokenizer('char', 'a \n\t\u0007', 0);
    const names = Array.from({ length: 5 }, (_, id) => characters.describe(id));
    assert.deepEqual(names, ['U+0007', '⇥', '↵', '␣', 'a']);
    const bytes = createTokenizer('byte', 'ab', 0);
    assert.deepEqual(
      [0x41, 0x0a, 0xe4].map((id) => bytes.describe(id)),
      ['A', '↵', '0xE4'],
    );
    assert.equal(createTokenizer('word', 'a b', 9).describe(0), 'UNKNOWN');
  });

  it('refuses data that is no tokenizer', () => {
    assert.throws(() => readTokenizer({ kind: 'char' }));
    assert.throws(() => readTokenizer({ kind: 'subword', words: [] }));
  });
});
