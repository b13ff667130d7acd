import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import { createEscapedStore, createIdStore } from '../../../src/core/data/id-store';
import { InputError } from '../../../src/core/input-error';
import { createTextReader, readText } from '../../../src/core/data/read-text';
import type { ReadText } from '../../../src/core/data/reader';
import { memoryText } from '../../../src/core/data/source';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { segmentsOf } from '../../../src/core/data/words';
import { writeScript } from '../../../src/core/exports/script/script';
import { createTokenText } from '../../../src/core/reading/token-text';
import { trained } from '../formats/tools';
import { readPlainly } from './tools';
import { often } from '../often';

/** Reads UTF-8 in pieces of some size, cut between characters. */
function read(
  kind: Tokenizer['kind'],
  text: string,
  limit: number,
  tokenizer?: Tokenizer,
  size = 1 << 20,
): ReadText {
  const reader = createTextReader({ kind, limit, tokenizer, bytes: Buffer.byteLength(text) });
  let piece = '';
  for (const character of text) {
    piece += character;
    if (piece.length >= size) {
      reader.push(Buffer.from(piece));
      piece = '';
    }
  }
  reader.push(Buffer.from(piece));
  return reader.finish();
}

function assertSame(found: ReadText, expected: ReadText): void {
  assert.deepEqual(found.tokenizer.toJSON(), expected.tokenizer.toJSON());
  const { ids, unknown, characters, spelling } = found.encoding;
  assert.equal(ids.constructor, expected.encoding.ids.constructor);
  assert.deepEqual(Array.from(ids), Array.from(expected.encoding.ids));
  const { kinds, times, examples } = expected.encoding.unknown;
  assert.deepEqual([unknown.kinds, unknown.times], [kinds, times]);
  if (kinds === examples.length) assert.deepEqual(new Set(unknown.examples), new Set(examples));
  for (const [from, to] of [
    [0, ids.length],
    [Math.floor(ids.length / 3), Math.ceil(ids.length / 2)],
    [ids.length, ids.length],
  ] as const) {
    assert.equal(characters(from, to), expected.encoding.characters(from, to));
    const cost = expected.encoding.spelling(from, to);
    assert.ok(Math.abs(spelling(from, to) - cost) <= 1e-9 * cost);
  }
}

/**
 * The words by their definition: a line's parts between places where words surely end, of each part what stands
 * between multiples of 4000 units, of that the words of UAX #29.
 */
function naively(text: string): string[] {
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
  const parts = text
    .split(/(?<=\n)/)
    .flatMap((line) => line.split(/(?<=[!-~])(?= )|(?<=[。、！？])(?=[\p{L}\p{Nd}])/u));
  return parts.flatMap((part) => {
    const words: string[] = [];
    for (let from = 0; from < part.length;) {
      const to = from + 4000 + (/^[\uDC00-\uDFFF]/.test(part.slice(from + 4000)) ? 1 : 0);
      for (const { segment } of segmenter.segment(part.slice(from, to))) words.push(segment);
      from = to;
    }
    return words;
  });
}

function wordsOf({ tokenizer, encoding }: ReadText): string[] {
  return Array.from(encoding.ids, (id) => tokenizer.decode([id]));
}

/** What the rules of word boundaries treat in different ways, and what stands next to spaces. */
const troublesome = fc.constantFrom(
  ...['a', 'B', 'z', '1', '42', '_', '.', ',', ';', ':', "'", '-', '"', '(', '\t', '\n', ' ', '  '],
  ...['don’t', 'é', 'e\u0301', '\u0301', '\u200d', '\u00ad', '\u3000', '\u00a0', '\u2003', 'ｶﾞ'],
  ...[
    '我喜欢',
    '学习',
    'ภาษาไทย',
    'カタカナ',
    'ひらがな',
    '한국어',
    'שלום',
    '👩‍🚀',
    '🇩🇪',
    '🏽',
    '́ ',
    '\u000b',
  ],
);
const strangeText = fc
  .array(troublesome, { minLength: 1, maxLength: 24 })
  .map((parts) => parts.join(''));

describe('reading a text', () => {
  for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
    it(`${kind}: gives what the plain tokenizer gives, in pieces of any size`, () => {
      fc.assert(
        fc.property(strangeText, fc.integer({ min: 2, max: 9 }), (text, size) => {
          const whole = `${text}\nthe end of it, the end`;
          for (const limit of kind === 'bpe' ? [261, 1000] : [5, 1000]) {
            assertSame(read(kind, whole, limit, undefined, size), readPlainly(kind, whole, limit));
          }
        }),
        { numRuns: often(200) },
      );
    });

    it(`${kind}: with a tokenizer of another text, replaces what that does not know`, () => {
      fc.assert(
        fc.property(strangeText, strangeText, (text, other) => {
          const limit = kind === 'bpe' ? 280 : 9;
          const { tokenizer } = readPlainly(kind, `${text} cafe AB "x" - \n`, limit);
          const found = read(kind, other, 9, tokenizer, 3);
          assertSame(found, { tokenizer, encoding: tokenizer.encode(other) });
        }),
        { numRuns: often(200) },
      );
    });
  }

  it('does so with the sample texts, English and Chinese', async () => {
    for (const name of ['hamlet', 'tang-quatrains']) {
      const text = fs.readFileSync(`media/samples/${name}.txt`, 'utf8');
      for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
        const limit = kind === 'bpe' ? 300 : 2000;
        const found = await readText(memoryText(text, name), { kind, limit });
        assertSame(found, readPlainly(kind, text, limit));
      }
    }
  });

  it('does so with lines longer than what is cut at once, and with very many words', () => {
    const random = (i: number) => (Math.imul(i, 2_654_435_761) >>> 0).toString(36);
    const words = Array.from({ length: 70_000 }, (_, i) => random(i));
    const some = words.slice(0, 20_000);
    for (const [text, limit] of [
      [words.join(' '), 100_000],
      [some.map((word) => `${word}é,`).join('  '), 300],
      [some.join('\n'), 100_000],
    ] as const) {
      assertSame(read('word', text, limit), readPlainly('word', text, limit));
    }
  });

  it('cuts words of any length alike, whoever reads them', async () => {
    const part = fc.oneof(
      fc.constantFrom('and so on, ', 'x ', '\t', '\n', '   ', '春眠不觉晓。', 'é', 'a-b;', '我 '),
      fc
        .tuple(
          fc.constantFrom(
            'a',
            'Ab1',
            '_',
            'ä',
            '学习',
            '😀',
            '1,',
            'x.',
            ' ',
            'ภาษาไทย',
            'e\u0301',
          ),
          fc.integer({ min: 3900, max: 9000 }),
        )
        .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length))),
    );
    const texts = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const checkpoint = await trained({ settings: { 'data.tokenizer': 'word' } });
    const source = Buffer.from(writeScript(checkpoint, 'javascript')).toString('base64');
    const script = (await import(`data:text/javascript;base64,${source}`)) as {
      encode(text: string): number[];
    };
    fc.assert(
      fc.property(texts, (text) => {
        const expected = naively(text);
        assert.deepEqual([...segmentsOf(text)], expected);
        const found = read('word', text + '\n.', 100_000);
        assert.deepEqual(
          wordsOf(found),
          [...expected, '\n', '.'].slice(0, found.encoding.ids.length),
        );
        const document = createTokenText(found.tokenizer, text);
        const { ids } = document.tokens(0, text.length);
        assert.deepEqual([...ids], [...found.encoding.ids.slice(0, ids.length)]);
        assert.equal(ids.length, expected.length);
        assert.deepEqual(script.encode(text), [...checkpoint.tokenizer.encode(text).ids]);
        assert.equal(script.encode(text).length, expected.length);
      }),
      { numRuns: 60 },
    );
  });

  it('cuts what is longer than a block alike', () => {
    for (const unit of ['ab1,', '学习', '😀']) {
      for (const before of ['', 'and so on ']) {
        const text = `${before}${unit.repeat(300_000 / unit.length)} y`;
        assert.deepEqual(wordsOf(read('word', text, 100_000)), naively(text));
      }
    }
  });

  it('keeps all of a stretch without any break, however long', () => {
    for (const part of ['ab1', '学习', 'é']) {
      const text = `x ${part.repeat(150_000)} y`;
      const { tokenizer, encoding } = read('word', text, 100_000);
      assert.equal(tokenizer.decode(encoding.ids), text);
      assert.equal(encoding.characters(0, encoding.ids.length), Array.from(text).length);
    }
  });

  it('refuses texts with nothing to learn', () => {
    const refused = (kind: Tokenizer['kind'], text: string, message: RegExp, limit = 300): void => {
      assert.throws(
        () => read(kind, text, limit),
        (error) => error instanceof InputError && message.test(error.message),
      );
    };
    for (const kind of ['char', 'byte', 'word', 'bpe'] as const) {
      refused(kind, '', /^The text is empty\./);
      refused(kind, 'aaaa', /only one symbol, "a": there is nothing to learn/);
      refused(kind, '\n\n', /only one symbol, "\\n"/);
      refused(kind, 'ééé', /only one symbol, "é"/);
    }
    refused('word', 'hello', /only one word/);
    refused('word', 'hello', /only one word/, 2);
    // Nothing of the text is known but its commonest word, and there is UNKNOWN to learn.
    const { tokenizer: smallest, encoding } = read('word', 'a b a a', 2);
    assert.deepEqual(smallest.toJSON(), { kind: 'word', words: [' '] });
    assert.deepEqual([...encoding.ids], [0, 1, 0, 1, 0, 1, 0]);
    // A text to be measured may be anything.
    const { tokenizer } = readPlainly('word', 'a b', 9);
    assert.equal(read('word', '', 9, tokenizer).encoding.ids.length, 0);
  });
});

describe('a store of numbers', () => {
  const numbers = fc.array(fc.oneof(fc.nat(300), fc.nat(70_000), fc.nat(200_000)), {
    maxLength: 60,
  });

  it('gives back what was put in, in the width of the ids', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(200, 60_000, 200_001), (list, vocabulary) => {
        const table = Uint32Array.from({ length: 200_001 }, (_, i) => i % vocabulary);
        const expected = list.map((number) => number % vocabulary);
        for (const make of [createIdStore, createEscapedStore]) {
          if (make === createEscapedStore && vocabulary > 65_536) continue;
          const store = make(list.length);
          let bound = 0;
          const zeros: number[] = [];
          for (const number of list) {
            bound = Math.max(bound, number + 1);
            store.append(Uint32Array.of(number, 7), 1, bound);
          }
          assert.equal(store.length, list.length);
          const isKnown = new Uint8Array(table.length).fill(1);
          for (let i = 0; i < table.length; i += vocabulary) isKnown[i] = 0;
          const found = (_: number, place: number) => zeros.push(place);
          const ids = store.finish(table, vocabulary, { isKnown, found });
          assert.deepEqual(Array.from(ids), expected);
          assert.equal(ids.BYTES_PER_ELEMENT, vocabulary <= 256 ? 1 : vocabulary <= 65_536 ? 2 : 4);
          assert.deepEqual(
            zeros,
            [...expected.keys()].filter((i) => expected[i] === 0),
          );
        }
      }),
    );
  });

  it('grows beyond its first buffer', () => {
    const store = createIdStore(3_000_000);
    const chunk = Uint32Array.from({ length: 1000 }, (_, i) => i);
    for (let i = 0; i < 3000; i++) store.append(chunk, 1000, i < 1500 ? 1000 : 70_000);
    const ids = store.finish(
      Uint32Array.from({ length: 1000 }, (_, i) => i % 7),
      7,
    );
    assert.equal(ids.length, 3_000_000);
    assert.ok(ids.every((id, i) => id === (i % 1000) % 7));
    assert.equal(ids.buffer.byteLength, 3_000_000);
  });
});
