import assert from 'node:assert/strict';
import type { TextDocument } from 'vscode';
import { placesOf } from '../../../src/host/rows/places';
import { tokenAt, truthAt } from '../../../src/host/rows/rows';
import { spansIn } from '../../../src/core/task/spans';
import { csv, taskOf } from '../task/tools';

function documentOf(name: string, text: string): TextDocument {
  const lines = text.split('\n');
  const startOf = (line: number) =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
  return {
    uri: { path: `/d/${name}` },
    lineCount: lines.length,
    lineAt: (line: number) => ({ text: lines[line]!, range: { start: { line } } }),
    offsetAt: ({ line }: { line: number }) => startOf(line),
  } as unknown as TextDocument;
}

describe('where a row stands in its document', () => {
  const textsAt = (text: string, places: readonly { start: number; end: number }[]) =>
    places.map(({ start, end }) => text.slice(start, end));

  it('is of CSV its own column, not another one with the same letters', () => {
    const text = 'note,text\nab cd,"cd"\nxcd,cd ab\n';
    const document = documentOf('a.csv', text);
    assert.deepEqual(textsAt(text, placesOf(document, 2, 'cd ab', [0, 2, 3, 5])), ['cd', 'ab']);
    assert.equal(placesOf(document, 2, 'cd ab', [0, 2])[0]!.start, text.indexOf('cd ab'));
    assert.equal(placesOf(document, 1, 'cd', [0, 2])[0]!.start, text.indexOf('"cd"') + 1);
    assert.deepEqual(placesOf(document, 1, 'other', [0, 2]), []);
  });

  it('is of CoNLL a line a token, comments left out', () => {
    const text = '# one\nThe D\ndog N\n\nNo X\n';
    const document = documentOf('a.conll', text);
    assert.deepEqual(textsAt(text, placesOf(document, 2, 'The dog', [0, 3, 4, 7])), [
      'The D',
      'dog N',
    ]);
    assert.deepEqual(
      [1, 2, 4].map((line) => tokenAt(document, line)),
      [0, 1, 0],
    );
    assert.deepEqual(truthAt(document, 2, { outputs: ['tags'] }), ['D N']);
  });

  it('has the answer that the file has, and none of a line of text', () => {
    const text = 'text,label\nab,yes\ncd,\n';
    const label = { outputs: ['label'] };
    assert.deepEqual(truthAt(documentOf('a.csv', text), 1, label), ['yes']);
    assert.equal(truthAt(documentOf('a.csv', text), 2, label), undefined);
    assert.equal(truthAt(documentOf('a.txt', text), 1, label), undefined);
    assert.equal(tokenAt(documentOf('a.csv', text), 1), undefined);
  });

  it('is that of the words and characters that are read', async () => {
    const rows = ['the cat, sat', 'a dog 🐕 ran', 'the cat ran'].flatMap((text) =>
      Array.from({ length: 10 }, (_, i) => [`"${text}"`, i % 2 === 0 ? 'yes' : 'no']),
    );
    const data = csv('text,label', rows);
    const spelt = async (tokenizer: string, text: string) => {
      const { input } = await taskOf(data, { tokenizer } as never);
      const spans = spansIn(input, [text])!;
      const { channel } = input.encode([[text]]);
      assert.equal(spans.length / 2, channel.starts![1]);
      return Array.from({ length: spans.length / 2 }, (_, i) =>
        text.slice(spans[2 * i], spans[2 * i + 1]),
      );
    };
    assert.deepEqual(await spelt('word', 'the cat, ran'), ['the', 'cat', ',', 'ran']);
    assert.deepEqual(await spelt('char', 'a 🐕'), ['a', ' ', '🐕']);
  });
});
