import assert from 'node:assert/strict';
import type { TextDocument } from 'vscode';
import { typedRow } from '../../../src/host/rows/rows';

/** The row at `|`, which is the cursor. */
function rowIn(name: string, text: string, inputs: string[], outputs: string[]) {
  const at = text.indexOf('|');
  const line = text.slice(0, at).split('\n').length - 1;
  const character = at - (text.lastIndexOf('\n', at) + 1);
  const lines = text.replace('|', '').split('\n');
  const document = {
    uri: { path: `/d/${name}` },
    lineCount: lines.length,
    lineAt: (i: number) => ({ text: lines[i]! }),
  } as unknown as TextDocument;
  const row = typedRow(document, { line, character }, { inputs, outputs });
  return row && { ...row, write: row.write('a, "b"') };
}

const plain = 'a, "b"';

describe('a row that is typed', () => {
  it('of CSV has its inputs, whatever separates them, and what is typed of its target', () => {
    const of = (text: string) => rowIn('a.csv', text, ['text'], ['label']);
    assert.deepEqual(of('text,label\nx,y\n"so, so",|'), {
      ...{ inputs: ['so, so'], typed: '', step: undefined, write: '"a, ""b"""' },
    });
    assert.deepEqual(of('text;label\ngood, bad; po|')?.inputs, ['good, bad']);
    assert.equal(of('text;label\ngood, bad; po|')?.typed, 'po');
    assert.deepEqual(of('label,text\npo|,good'), {
      ...{ inputs: ['good'], typed: 'po', step: undefined, write: '"a, ""b"""' },
    });
    for (const text of [
      'text,label|',
      'text,label\ngood|',
      'text,label\n,|',
      'text,label\nx,y|z',
    ]) {
      assert.equal(of(text), undefined, text);
    }
    assert.equal(of('text,label\n"good,|'), undefined);
  });

  it('of TSV takes quotation marks for the text’s own', () => {
    const row = rowIn('a.tsv', 'text\tlabel\n"good\t|', ['text'], ['label']);
    assert.deepEqual(row?.inputs, ['"good']);
  });

  it('of JSON Lines is the object so far', () => {
    const of = (text: string) => rowIn('a.jsonl', text, ['text', 'n'], ['label']);
    const row = of('{"text":"say \\"a\\"","n":3, "label": "p|');
    assert.deepEqual(row, {
      ...{ inputs: ['say "a"', '3'], typed: 'p', step: undefined, write: 'a, \\"b\\""' },
    });
    assert.equal(of('{"text":"a","n":3,"label":"p|"}')?.write, 'a, \\"b\\"');
    assert.equal(of('{"label":"p|'), undefined);
    assert.equal(of('{"text":"p|'), undefined);
  });

  it('of CoNLL is a token of its sentence', () => {
    const text = 'The D\n\n# a comment\nold A\ndog |\nbarks\n\nNo X\n';
    assert.deepEqual(rowIn('a.conll', text, ['tokens'], ['tags']), {
      ...{ inputs: ['old dog barks'], typed: '', step: 1, write: plain },
    });
    assert.equal(rowIn('a.conll', 'The D\nold| A\n', ['tokens'], ['tags']), undefined);
  });

  it('of a gettext catalogue is the translation of the text above it', () => {
    const of = (text: string) => rowIn('a.po', text, ['msgid'], ['msgstr']);
    assert.deepEqual(of('msgid "one"\nmsgstr "eins"\n\n#: x.c\nmsgid "a \\"b\\""\nmsgstr "ei|"'), {
      ...{ inputs: ['a "b"'], typed: 'ei', step: undefined, write: 'a, \\"b\\"' },
    });
    assert.equal(of('msgid "one"\nmsgstr "|')?.write, 'a, \\"b\\""');
    assert.deepEqual(of('msgid ""\n"on"\n"e\\n"\nmsgstr "|"')?.inputs, ['one\n']);
    for (const text of ['msgid "o|"\nmsgstr ""', 'msgid "one"\nmsgstr |', 'msgid ""\nmsgstr "|"']) {
      assert.equal(of(text), undefined, text);
    }
    const sides = rowIn('a.po', 'msgid "one"\nmsgstr "|"', ['msgstr'], ['msgid']);
    assert.equal(sides, undefined);
  });

  it('is none in other files', () => {
    assert.equal(rowIn('a.txt', 'text,label\nx,|', ['text'], ['label']), undefined);
  });
});
