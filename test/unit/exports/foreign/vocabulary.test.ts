import assert from 'node:assert/strict';
import { readVocabulary } from '../../../../src/core/exports/foreign/vocabulary';

const read = (text: string, count: number) => readVocabulary(new TextEncoder().encode(text), count);

describe('a vocabulary of another program', () => {
  const abc = { tokenizer: { kind: 'char', characters: '\nab' }, order: [2, 1, 0] };

  it('is read in all its forms', () => {
    for (const text of [
      '["b", "a", "\\n"]',
      '{"b": 0, "a": 1, "\\n": 2}',
      '{"0": "b", "1": "a", "2": "\\n"}',
      '{"stoi": {"b": 0, "a": 1, "\\n": 2}, "size": 3}',
      '{"model": {"type": "x", "vocab": {"b": 0, "a": 1, "\\n": 2}}}',
      'b\na\n\\n\n',
      'ba\n',
    ]) {
      assert.deepEqual(read(text, 3), abc, text);
    }
  });

  it('is, of a text that was trained on, its characters in the order of their code points', () => {
    const text = 'banana 🙂 bandana';
    const { tokenizer } = read(text, 6);
    assert.deepEqual(tokenizer, { kind: 'char', characters: ' abdn🙂' });
  });

  it('has characters of nobody for marks, and words where tokens are words', () => {
    assert.deepEqual(read('["<pad>", "b", "a"]', 3), {
      tokenizer: { kind: 'char', characters: 'ab\ue000' },
      order: [2, 1, 0],
    });
    assert.deepEqual(read('["<pad>", "the", "<unk>", "cat"]', 4), {
      tokenizer: { kind: 'word', words: ['<pad>', 'the', 'cat'] },
      order: [2, 0, 1, 3],
    });
    // Keras counts from 1.
    assert.deepEqual(read('{"<OOV>": 1, "the": 2}', 3), {
      tokenizer: { kind: 'word', words: ['<pad>', 'the'] },
      order: [1, 0, 2],
    });
  });

  it('may be a tokenizer as RNN Lab has it', () => {
    const tokenizer = { kind: 'bpe', merges: [[97, 98]] };
    assert.deepEqual(read(JSON.stringify(tokenizer), 257).tokenizer, tokenizer);
  });

  it('is refused in words', () => {
    for (const [text, message] of [
      ['["a", "b"]', /it has 2 tokens, the model 3/],
      ['["a", "b", "a"]', /it has "a" twice/],
      ['["the", "cat", "sat"]', /none of which stands for all others/],
      ['{"model": {"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}', /byte pairs/],
      ['{"a": 0, "b": 2, "c": 7}', /neither a list of tokens nor their numbers/],
      ['{"a": {"b": {"c": ["x", "y", "z"]}}}', /neither a list/],
    ] as const) {
      assert.throws(() => read(text, 3), message, text);
    }
  });
});
