import assert from 'node:assert/strict';
import type { TextDocument, TextEditor } from 'vscode';
import { lineIn, selectedText } from '../../../src/host/commands/selection';

type Place = readonly [line: number, character: number];

function document(name: string, text: string): TextDocument {
  const lines = text.split('\n');
  return {
    uri: { path: `/${name}` },
    lineAt: (line: number) => ({ text: lines[line] }),
    getText({ start, end }: TextEditor['selection']) {
      const part = lines.slice(start.line, end.line + 1);
      part[part.length - 1] = part.at(-1)!.slice(0, end.character);
      part[0] = part[0]!.slice(start.character);
      return part.join('\n');
    },
  } as unknown as TextDocument;
}

const selection = (start: Place, end: Place) =>
  ({
    start: { line: start[0], character: start[1] },
    end: { line: end[0], character: end[1] },
  }) as TextEditor['selection'];

const table = 'text,label\na,pos\nb,neg\nc,pos\nd,neg\ne,pos';

describe('what is selected to train on', () => {
  it('is rows of a table below the names of its columns, each once', () => {
    const found = selectedText(document('a.csv', table), [
      selection([1, 1], [2, 2]),
      selection([2, 3], [2, 4]),
      // It ends where a line begins.
      selection([4, 0], [5, 0]),
    ]);
    assert.deepEqual(found, {
      ...{ text: 'text,label\na,pos\nb,neg\nd,neg\n', format: 'csv' },
      ranges: [
        [0, 0],
        [1, 2],
        [4, 4],
      ],
    });
    const lines = table.split('\n');
    found.text
      .trimEnd()
      .split('\n')
      .forEach((line, i) => assert.equal(lines[lineIn(found.ranges, i)], line));
  });

  it('has the header once where that is selected, too', () => {
    const { text } = selectedText(document('a.tsv', table), [selection([0, 2], [1, 1])]);
    assert.equal(text, 'text,label\na,pos\n');
  });

  it('is whole rows of formats without a header', () => {
    const rows = '{"a": 1}\n{"a": 2}\n{"a": 3}';
    const found = selectedText(document('a.jsonl', rows), [selection([1, 3], [2, 4])]);
    assert.deepEqual([found.text, found.format], ['{"a": 2}\n{"a": 3}\n', 'jsonl']);
    assert.equal(lineIn(found.ranges, 1), 2);
  });

  it('is of any other text what is selected, to the letter', () => {
    const found = selectedText(document('a.txt', 'one\ntwo\nthree'), [
      selection([0, 1], [0, 3]),
      selection([1, 1], [2, 2]),
    ]);
    assert.deepEqual([found.text, found.format], ['ne\nwo\nth', undefined]);
    assert.deepEqual(
      [0, 1, 2].map((line) => lineIn(found.ranges, line)),
      [0, 1, 2],
    );
  });
});
