import * as assert from 'node:assert/strict';
import { bpeTokenizer } from '../../../src/core/data/bpe';
import { byteTokenizer } from '../../../src/core/data/bytes';
import { characterTokenizer } from '../../../src/core/data/characters';
import {
  tokenizerNamed,
  tokenizerNames,
  tokenizerOf,
  type TokenizerName,
} from '../../../src/core/data/kinds';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { readTokenizer } from '../../../src/core/data/tokenizers';
import { wordTokenizer } from '../../../src/core/data/words';
import { settingsTable } from '../../../src/core/settings/table';

const made: Readonly<Record<TokenizerName, Tokenizer>> = {
  char: characterTokenizer(['a', 'ß', '😀']),
  byte: byteTokenizer(),
  word: wordTokenizer(['to', 'be']),
  bpe: bpeTokenizer([[97, 0xc3]]),
};

describe('the table of tokenizers', () => {
  for (const name of tokenizerNames) {
    it(`is true of ${name}: its name, what is kept of it, its vocabulary, what its tokens are`, () => {
      const tokenizer = made[name];
      assert.equal(tokenizer.kind, name);
      const again = readTokenizer(JSON.parse(JSON.stringify(tokenizer.toJSON())));
      assert.equal(again.kind, name);
      assert.equal(again.vocabulary, tokenizer.vocabulary);
      const { vocabulary, isCharacter } = tokenizerOf(name);
      if (vocabulary !== undefined) assert.equal(tokenizer.vocabulary, vocabulary);
      // Three characters of one, two and four bytes.
      assert.equal(tokenizer.encode('aß😀').ids.length === 3, isCharacter);
    });
  }

  it('has the values of the setting, and characters for what is none of them', () => {
    assert.deepEqual(settingsTable.data.tokenizer.values, tokenizerNames);
    assert.equal(tokenizerNamed('word'), 'word');
    for (const value of ['', 'subword', undefined, 7]) assert.equal(tokenizerNamed(value), 'char');
  });
});
