import assert from 'node:assert/strict';
import type { TextEditor } from 'vscode';
import { questionIn } from '../../../src/host/commands/question';

type Place = readonly [line: number, character: number];

/** An editor as far as a question reads it. */
function editor(name: string, text: string, start: Place, end: Place = start) {
  const lines = text.split('\n');
  const offset = ([line, character]: Place) =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  const place = ([line, character]: Place) => ({ line, character });
  return {
    document: {
      uri: { path: `/data/${name}` },
      lineAt: (line: number) => ({ text: lines[line]! }),
      getText: (range?: unknown) => (range ? text.slice(offset(start), offset(end)) : text),
    },
    selection: {
      ...{ start: place(start), end: place(end), active: place(end) },
      isEmpty: offset(start) === offset(end),
    },
  } as unknown as Pick<TextEditor, 'document' | 'selection'>;
}

const task = { inputs: ['text'] };
const table = 'text,label\ngood,pos\nbad,neg\nfine,pos\n';

describe('what an editor asks a model of examples', () => {
  it('is the row of the cursor of a table like the one that was learnt, with its header', () => {
    assert.deepEqual(questionIn(editor('more.csv', table, [2, 1]), task, 'reviews.csv'), {
      ...{ kind: 'table', name: 'more.csv', text: 'text,label\nbad,neg\n', rows: 1 },
    });
  });

  it('is all rows that the selection touches, but not the one that it only ends before', () => {
    const asked = (start: Place, end: Place) => {
      const found = questionIn(editor('more.csv', table, start, end), task, 'reviews.csv');
      return found?.kind === 'table' ? [found.text, found.rows] : undefined;
    };
    assert.deepEqual(asked([1, 2], [2, 1]), ['text,label\ngood,pos\nbad,neg\n', 2]);
    assert.deepEqual(asked([1, 2], [2, 0]), ['text,label\ngood,pos\n', 1]);
    assert.deepEqual(asked([0, 0], [1, 3]), ['text,label\ngood,pos\n', 1]);
  });

  it('is the whole table where the cursor is on its header', () => {
    assert.deepEqual(questionIn(editor('more.csv', table, [0, 3]), task, 'reviews.csv'), {
      ...{ kind: 'table', name: 'more.csv', text: table, rows: undefined },
    });
  });

  it('is a line of JSON without a header', () => {
    const lines = '{"text":"good"}\n{"text":"bad"}';
    assert.deepEqual(questionIn(editor('more.jsonl', lines, [0, 0]), task, 'reviews.jsonl'), {
      ...{ kind: 'table', name: 'more.jsonl', text: '{"text":"good"}\n', rows: 1 },
    });
  });

  it('is the line of the cursor, or each selected line, of any other text', () => {
    const text = 'a good film\n\na bad film';
    assert.deepEqual(questionIn(editor('notes.md', text, [2, 4]), task, 'reviews.csv'), {
      ...{ kind: 'cells', examples: [['a bad film']], rows: 1 },
    });
    assert.deepEqual(questionIn(editor('notes.md', text, [0, 2], [2, 5]), task, 'reviews.csv'), {
      ...{ kind: 'cells', examples: [['good film'], ['a bad']], rows: 2 },
    });
  });

  it('is nothing on an empty line, and nothing where a text cannot be several inputs', () => {
    assert.equal(questionIn(editor('notes.md', 'a\n', [1, 0]), task, 'reviews.csv'), undefined);
    const two = { inputs: ['title', 'body'] };
    assert.equal(questionIn(editor('notes.md', 'a', [0, 0]), two, 'reviews.csv'), undefined);
  });
});
