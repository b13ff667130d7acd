import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bpeTokenizer, createMerger, unitsOf } from '../../../src/core/data/bpe';
import { learnMerges } from '../../../src/core/data/learn-merges';
import { createTextReader } from '../../../src/core/data/read-text';
import { readTokenizer } from '../../../src/core/data/tokenizers';
import { InputError } from '../../../src/core/input-error';
import { often } from '../often';
import { replaced, slowMerges } from './tools';

/** Few letters, so that pairs come again, overlap and tie. */
const few = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'aa', ' ', '  ', '\n', 'é', '春', '😀', '.'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function read(text: string, limit: number) {
  const bytes = bytesOf(text);
  const reader = createTextReader({
    kind: 'bpe',
    limit,
    tokenizer: undefined,
    bytes: bytes.length,
  });
  reader.push(bytes);
  return reader.finish();
}

describe('byte-pair encoding', () => {
  it('learns the merges of the definition, in their order', () => {
    fc.assert(
      fc.property(few, fc.integer({ min: 0, max: 40 }), (text, most) => {
        const units = [...unitsOf(text)].map(bytesOf);
        const starts = units.reduce((ends, { length }) => [...ends, ends.at(-1)! + length], [0]);
        const pieces = { bytes: bytesOf(text), starts, counts: units.map(() => 1) };
        const { merges, tokensOf } = learnMerges(pieces, most);
        assert.deepEqual(merges, slowMerges(text, most));
        const merger = createMerger(merges);
        units.forEach((unit, piece) => {
          const tokens: number[] = [];
          tokensOf(piece, (token) => tokens.push(token));
          assert.deepEqual(tokens, merger(unit));
        });
      }),
      { numRuns: often(300), examples: [['aaaaaaa aaaa aaaaa', 9]] },
    );
  });

  it('makes of bytes what all merges in their order make of them', () => {
    fc.assert(
      fc.property(few, few, (text, other) => {
        const merges = slowMerges(text, 50);
        const merger = createMerger(merges);
        for (const unit of unitsOf(other)) {
          let ids: number[] = [...bytesOf(unit.slice(0, 16))];
          const expected = merges.reduce(
            (made, [left, right], i) => replaced(made, left, right, 256 + i),
            ids,
          );
          ids = merger(bytesOf(unit.slice(0, 16)));
          assert.deepEqual(ids, expected);
        }
      }),
      { numRuns: often(300) },
    );
  });

  it('gives back any text, whatever it has learnt, in fewer tokens the more it has', () => {
    fc.assert(
      fc.property(few, fc.string({ unit: 'binary', maxLength: 200 }), (text, other) => {
        const tokenizer = bpeTokenizer(slowMerges(text, 30));
        const { ids, unknown, characters } = tokenizer.encode(other);
        assert.equal(tokenizer.decode(ids), other);
        assert.equal(unknown.kinds, 0);
        assert.equal(characters(0, ids.length), Array.from(other).length);
      }),
    );
    const text = 'the cat sat on the mat, the rat sat on the cat. '.repeat(40);
    const lengths = [257, 264, 280, 400].map((limit) => read(text, limit).encoding.ids.length);
    assert.deepEqual(
      lengths.toSorted((a, b) => b - a),
      lengths,
    );
    // One token a word with its space, and one a mark: the last space is alone.
    assert.equal(lengths.at(-1), 40 * 14 + 1);
  });

  it('keeps a space with the word behind it, and with nothing else', () => {
    assert.deepEqual(
      [...unitsOf(' to  be,\t or\n not \n')],
      [' to', '  ', 'be', ',', '\t', ' or', '\n', ' not', ' ', '\n'],
    );
  });

  it('names tokens for the eye, also those that are no whole character', () => {
    const tokenizer = bpeTokenizer([
      [0x20, 0x61],
      [0xe6, 0x98],
      [257, 0xa5],
    ]);
    const names = [0x61, 0xe6, 256, 257, 258].map((id) => tokenizer.describe(id));
    assert.deepEqual(names, ['a', '0xE6', '␣a', '0xE6 0x98', '春']);
    const decoder = tokenizer.decoder();
    assert.deepEqual([decoder.push(257), decoder.push(0xa5), decoder.end()], ['', '春', '']);
  });

  it('learns of hostile texts in bounded time and memory', () => {
    const texts = [
      `${'a'.repeat(500_000)} b`,
      'ab'.repeat(200_000),
      Array.from({ length: 20_000 }, (_, i) => (i * 2_654_435_761).toString(36)).join(' '),
      `x${'\u0301'.repeat(50_000)} y`,
      '😀'.repeat(50_000) + 'x',
      Array.from({ length: 5000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join(''),
    ];
    for (const text of texts) {
      const { tokenizer, encoding } = read(text, 20_000);
      assert.equal(tokenizer.decode(encoding.ids), text);
      assert.ok(encoding.ids.length <= bytesOf(text).length);
    }
  });

  it('refuses a vocabulary without room, and data that are no merges', () => {
    assert.throws(
      () => read('to be or not to be', 256),
      (error) =>
        error instanceof InputError &&
        error.message.includes(
          'has the 256 bytes in it: 256 tokens are too few. Give --vocabulary 257',
        ),
    );
    // Of tokens that come later, of none, and one that would double until memory ends.
    for (const merges of [[[0, 256]], [[-1, 3]], [[1.5, 3]], [['a', 'b']], [[1]], 'ab']) {
      assert.throws(() => readTokenizer({ kind: 'bpe', merges }), JSON.stringify(merges));
    }
    const doubled = Array.from({ length: 60 }, (_, i) => (i === 0 ? [97, 97] : [255 + i, 255 + i]));
    assert.throws(() => readTokenizer({ kind: 'bpe', merges: doubled }));
    assert.equal(readTokenizer({ kind: 'bpe', merges: doubled.slice(0, 7) }).vocabulary, 263);
  });
});
