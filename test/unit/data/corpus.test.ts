import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createCorpus } from '../../../src/core/data/corpus';
import { decodeText } from '../../../src/core/data/text';
import { entropies } from '../../../src/core/data/entropy';
import { createTokenizer, readPlainly } from './tools';

describe('entropies', () => {
  it('are those worked out by hand', () => {
    // abababab…: a fair choice alone, nothing left to know after one token.
    const alternating = Uint8Array.from({ length: 1001 }, (_, i) => i % 2);
    const { unigram, bigram } = entropies(alternating, 2, [{ from: 1, to: 1001 }]);
    assert.ok(Math.abs(unigram - Math.LN2) < 1e-12);
    assert.ok(Math.abs(bigram) < 1e-12);
    // aab aab aab…: H(1/3) alone; after a, one bit; after b, none.
    const three = Uint8Array.from({ length: 3001 }, (_, i) => (i % 3 === 2 ? 1 : 0));
    const other = entropies(three, 2, [{ from: 1, to: 3001 }]);
    assert.ok(Math.abs(other.unigram - (Math.log(3) - (2 / 3) * Math.LN2)) < 1e-12);
    assert.ok(Math.abs(other.bigram - (2 / 3) * Math.LN2) < 1e-12);
  });

  it('are those that a few lines of Python count in the sample texts', () => {
    const expected = {
      hamlet: [66, 172_420, 3.21799, 2.4335],
      'tang-quatrains': [1746, 44_090, 5.71275, 3.15485],
    };
    for (const [name, [vocabulary, tokens, unigram, bigram]] of Object.entries(expected)) {
      const { text } = decodeText(fs.readFileSync(`media/samples/${name}.txt`), name);
      const tokenizer = createTokenizer('char', text, 0);
      const { ids } = tokenizer.encode(text);
      assert.deepEqual([tokenizer.vocabulary, ids.length], [vocabulary, tokens]);
      const found = entropies(ids, tokenizer.vocabulary, [{ from: 1, to: ids.length }]);
      assert.ok(Math.abs(found.unigram - unigram!) < 1e-5, String(found.unigram));
      assert.ok(Math.abs(found.bigram - bigram!) < 1e-5, String(found.bigram));
    }
  });

  it('are the same whether pairs are counted in a table or in a map', () => {
    const ids = Uint16Array.from({ length: 5000 }, (_, i) => (i * i) % 97);
    const whole = [{ from: 1, to: 5000 }];
    const table = entropies(ids, 97, whole);
    const map = entropies(ids, 60_000, whole);
    assert.ok(Math.abs(table.bigram - map.bigram) < 1e-12);
    assert.ok(Math.abs(table.unigram - map.unigram) < 1e-12);
  });
});

describe('corpus', () => {
  it('counts its parts and measures the training part only', () => {
    const text = 'ab'.repeat(450) + 'c'.repeat(100);
    const corpus = createCorpus(readPlainly('char', text, 0), {
      batch: 2,
      sequence: 5,
      validation: 0.1,
      kind: 'tail',
    });
    assert.equal(corpus.trainingTokens, 900);
    assert.equal(corpus.validationTokens, 100);
    assert.ok(corpus.entropies.unigram < Math.LN2 + 1e-3);
    assert.ok(Math.abs(corpus.entropies.bigram) < 1e-9);
  });
});
