import assert from 'node:assert/strict';
import type { TextDocument } from 'vscode';
import { inputsAt } from '../../../src/host/rows/rows';

/** What is read at a line, from 0. */
function read(name: string, text: string, line: number, ...inputs: string[]) {
  const lines = text.split('\n');
  const document = {
    uri: { path: `/d/${name}` },
    lineCount: lines.length,
    lineAt: (i: number) => ({ text: lines[i]! }),
  } as unknown as TextDocument;
  return inputsAt(document, line, { inputs });
}

describe('what a model of examples reads at a line', () => {
  it('is of CSV the columns that go in, in the model’s order', () => {
    const text = 'b;a;label\n"x; y";2;pos\n;;\n';
    assert.deepEqual(read('a.csv', text, 1, 'a', 'b'), ['2', 'x; y']);
    for (const line of [0, 2, 3]) assert.equal(read('a.csv', text, line, 'a', 'b'), undefined);
    assert.equal(read('a.csv', text, 1, 'c'), undefined);
  });

  it('is of fastText the text without its labels, which are what the file answers', () => {
    const text =
      '__label__pos a good film\n__label__pos __label__long  a long, good film\nno label\n';
    assert.deepEqual(read('reviews.txt', text, 0, 'text'), ['a good film']);
    assert.deepEqual(read('reviews.train', text, 1, 'text'), ['a long, good film']);
    assert.deepEqual(read('reviews.txt', text, 1, 'label'), ['pos|long']);
    assert.deepEqual(read('reviews.txt', text, 2, 'text'), ['no label']);
    assert.equal(read('reviews.txt', text, 0, 'other'), undefined);
  });

  it('is of a list of images the name of the image', () => {
    const text = 'file_name,caption\n000.png,a square\n';
    assert.deepEqual(read('metadata.csv', text, 1, 'image'), ['000.png']);
    assert.deepEqual(read('metadata.jsonl', '{"file_name": "0.png"}', 0, 'image'), ['0.png']);
    assert.equal(read('other.csv', text, 1, 'image'), undefined);
  });

  it('is of JSON Lines its values', () => {
    const text = '{"a": ["x", "y"], "n": 3}\n{"a"';
    assert.deepEqual(read('a.jsonl', text, 0, 'n', 'a'), ['3', 'x y']);
    assert.equal(read('a.jsonl', text, 1, 'a'), undefined);
  });

  it('is of CoNLL the sentence around it', () => {
    const text = '# one\nThe D\ndog N\n\nNo X\n';
    assert.deepEqual(read('a.conll', text, 2, 'tokens'), ['The dog']);
    assert.equal(read('a.conll', text, 3, 'tokens'), undefined);
  });

  it('is of a gettext catalogue the text of the entry around it', () => {
    const text = 'msgid "one"\n"two"\nmsgstr "x"\n\nmsgid "a"\nmsgstr "b"\n';
    for (const line of [0, 1, 2]) assert.deepEqual(read('a.po', text, line, 'msgid'), ['onetwo']);
    assert.deepEqual(read('a.po', text, 5, 'msgid'), ['a']);
    assert.equal(read('a.po', text, 3, 'msgid'), undefined);
    assert.equal(read('a.po', text, 0, 'msgstr'), undefined);
  });

  it('is of any other text the line, where one column goes in', () => {
    assert.deepEqual(read('a.txt', 'one\ntwo', 1, 'text'), ['two']);
    assert.equal(read('a.txt', 'one\ntwo', 1, 'text', 'title'), undefined);
  });
});
