import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { InputError } from '../../../src/core/input-error';
import { createRandom } from '../../../src/core/random/random';
import { recognise } from '../../../src/core/tables/recognise';
import { cells, disk, plain, read } from './tools';

const csv =
  '\uFEFF text , label \r\n"Good, really",pos\r\n"two\r\nlines", neg \r\n"he said ""no""",neg\r\n';

describe('tables', () => {
  it('are read from CSV: byte order mark, CR and spaces trimmed, quoted values with line ends', async () => {
    const table = await read('/d/a.csv', csv);
    assert.equal(table?.format, 'csv');
    assert.deepEqual(plain(table), {
      text: ['Good, really', 'two\nlines', 'he said "no"'],
      label: ['pos', 'neg', 'neg'],
    });
    assert.deepEqual([...(table.lines ?? [])], [2, 3, 5]);
  });

  it('of random CSV are what another parser reads, in pieces of any size', async () => {
    const random = createRandom(3);
    const pieces = ['a', ' b', '"', ',', '\n', 'é', '😀', '1.5', ';', "'"];
    for (let round = 0; round < 40; round++) {
      const rows = Array.from({ length: 12 }, () =>
        Array.from({ length: 3 }, () =>
          Array.from(
            { length: random.integer(6) },
            () => pieces[random.integer(pieces.length)]!,
          ).join(''),
        ),
      );
      const quoted = (cell: string): string =>
        /[",\n]/.test(cell) || random.integer(4) === 0 ? `"${cell.replaceAll('"', '""')}"` : cell;
      const text = `x1,x2,x3\n${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
      const expected: string[][] = parse(text, { trim: true, relax_column_count: true });
      const files = disk({ '/d/r.csv': text }, 1 + random.integer(50));
      const table = await (await recognise(files, { kind: 'file', path: '/d/r.csv' }))!.read();
      const got = table.columns.map((column) => cells(column));
      const body = expected.slice(1).map((row) => row.map((cell) => cell.trim()));
      assert.deepEqual(
        got,
        [0, 1, 2].map((c) => body.map((row) => row[c]!)),
        JSON.stringify(text),
      );
    }
  });

  it('are read from TSV, whose quotation marks may be the text’s own, without a header', async () => {
    const table = await read(
      '/d/sms.txt',
      'ham\t"Ok" lar\nspam\tFree "entry\nham\tSee you\nham\tNo\nspam\t"1\n',
    );
    assert.equal(table?.format, 'tsv');
    assert.deepEqual(plain(table), {
      'column 1': ['ham', 'spam', 'ham', 'ham', 'spam'],
      'column 2': ['"Ok" lar', 'Free "entry', 'See you', 'No', '"1'],
    });
    assert.equal(table.notes.length, 1);
  });

  it('are read from JSON: a line each or an array, lists, objects within, values that some lack', async () => {
    const rows = [
      { text: 'a', tags: ['x', 'y'], n: 1 },
      { text: null, translation: { en: 'one', zh: '一' } },
      { text: 'c] , "d', tags: [], n: -0.5, more: [[1, 2]] },
    ];
    const expected = {
      text: ['a', '', 'c] , "d'],
      tags: [['x', 'y'], [], []],
      n: ['1', '', '-0.5'],
      'translation.en': ['', 'one', ''],
      'translation.zh': ['', '一', ''],
      more: ['', '', '[[1,2]]'],
    };
    const lines = await read('/d/a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n\n'));
    assert.equal(lines?.format, 'jsonl');
    assert.deepEqual(plain(lines), expected);
    assert.deepEqual([...(lines.lines ?? [])], [1, 3, 5]);
    for (const size of [1, 7, 1000]) {
      const files = disk({ '/d/a.json': JSON.stringify(rows, null, 2) }, size);
      const array = await (await recognise(files, { kind: 'file', path: '/d/a.json' }))!.read();
      assert.equal(array.format, 'json');
      assert.deepEqual(plain(array), expected);
      assert.deepEqual([...(array.lines ?? [])], [2, 10, 17]);
    }
  });

  it('are read from fastText’s format, one label or several', async () => {
    const table = await read('/d/a.txt', '__label__1 Good day\n__label__a __label__b Bad\n');
    assert.equal(table?.format, 'fasttext');
    assert.deepEqual(plain(table), { text: ['Good day', 'Bad'], label: [['1'], ['a', 'b']] });
  });

  it('are read from CoNLL and CoNLL-U', async () => {
    const ner = 'The DT O\nEU NNP B-ORG\n\n-DOCSTART- -X- O\n\nOf IN O\nit PRP O\n';
    const table = await read('/d/a.conll', ner);
    assert.equal(table?.format, 'conll');
    assert.deepEqual(plain(table), {
      tokens: [
        ['The', 'EU'],
        ['Of', 'it'],
      ],
      'column 2': [
        ['DT', 'NNP'],
        ['IN', 'PRP'],
      ],
      tags: [
        ['O', 'B-ORG'],
        ['O', 'O'],
      ],
    });
    assert.deepEqual([...(table.lines ?? [])], [1, 6]);
    const row = (id: string, form: string, tag: string): string =>
      [id, form, form.toLowerCase(), tag, '_', '_', '0', 'root', '_', '_'].join('\t');
    const universal = [
      '# text = Im Haus',
      row('1-2', 'Im', '_'),
      row('1', 'in', 'ADP'),
      row('2', 'dem', 'DET'),
      row('3', 'Haus', 'NOUN'),
      row('3.1', 'x', 'X'),
    ].join('\n');
    const read10 = plain(await read('/d/b.conllu', `${universal}\n\n`));
    assert.deepEqual(read10?.['tokens'], [['in', 'dem', 'Haus']]);
    assert.deepEqual(read10['upos'], [['ADP', 'DET', 'NOUN']]);
  });

  it('are read from siblings, the source first', async () => {
    const others = { '/d/x.zh': '猫\n狗\n', '/d/y.fr': 'chat\n' };
    const table = await read('/d/x.en', 'cat\ndog\n', others);
    assert.equal(table?.format, 'siblings');
    assert.deepEqual(plain(table), { en: ['cat', 'dog'], zh: ['猫', '狗'] });
    const target = await read('/d/tgt-train.txt', '1\n', { '/d/src-train.txt': 'one\n' });
    assert.deepEqual(plain(target), { src: ['one'], tgt: ['1'] });
  });

  it('are read from .po, without what is fuzzy or not translated', async () => {
    const po = [
      'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n',
      'msgid "File"\nmsgstr "文件"\n',
      '#, fuzzy\nmsgid "Edit"\nmsgstr "编写"\n',
      'msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] "%d Tag"\nmsgstr[1] "%d Tage"\n',
      'msgid "a "\n"b"\nmsgstr ""\n',
    ].join('\n');
    assert.deepEqual(plain(await read('/d/de.po', po)), {
      msgid: ['File', '%d day', '%d days'],
      msgstr: ['文件', '%d Tag', '%d Tage'],
    });
  });

  it('are read from .gz as from what is in it', async () => {
    const packed = zlib.gzipSync(csv);
    assert.equal((await read('/d/a.csv.gz', packed))?.rows, 3);
    await assert.rejects(read('/d/a.csv.gz', packed.subarray(0, 40)), /a\.csv\.gz is damaged/);
  });

  it('are not seen in prose, in programs, in an object', async () => {
    const prose = 'It was, they say, a day.\n\nNobody knew; nobody asked.\n'.repeat(20);
    for (const [name, text] of [
      ['a.txt', prose],
      ['b.txt', 'First Citizen:\nBefore we proceed, hear me.\n\nAll:\nSpeak, speak.\n'],
      ['c.js', 'const a = 1;\nconst b = 2;\n'],
      ['d.json', '{"name": "x", "version": [1]}'],
      ['e.py', 'import a, b\nimport c, d\nimport e, f\n'],
      ['f.txt', 'Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you,\n'],
    ] as const) {
      assert.equal((await read(`/d/${name}`, text))?.format, undefined, name);
    }
  });

  const wrong: readonly (readonly [what: string, path: string, text: string, said: RegExp])[] = [
    [
      'a ragged row',
      'a.csv',
      'a,b\n1,2\n3\n',
      /^a\.csv, line 3: 1 value where the first row has 2\. Put/,
    ],
    [
      'a quotation mark that is not closed',
      'a.csv',
      'a,b\n1,"2\n3,4\n',
      /line 2: a quotation mark opens/,
    ],
    [
      'a line that is no object',
      'a.jsonl',
      '{"a":1}\n[2]\n',
      /line 2: this is no JSON object\. Write each/,
    ],
    [
      'a line that is no JSON',
      'a.jsonl',
      '{"a":1}\n{"a":\n',
      /line 2: this is no valid JSON\. Correct it/,
    ],
    [
      'an array that is cut off',
      'a.json',
      '[{"a":1},\n{"a":2}\n',
      /line 3: the JSON array does not end/,
    ],
    ['a token without its tag', 'a.conll', 'A X\nB\n\n', /a\.conll cannot be read as conll/],
    ['nothing but a header', 'a.csv', 'a,b\n', /^a\.csv has no rows\. Give a file with examples/],
    ['nothing', 'a.csv', '', /^a\.csv is empty\. Give a file with text in it\.$/],
  ];
  for (const [what, name, text, said] of wrong) {
    it(`say what to do about ${what}`, async () => {
      const format = name.endsWith('.conll') ? 'conll' : undefined;
      await assert.rejects(read(`/d/${name}`, text, {}, format), (error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, said);
        return true;
      });
    });
  }

  it('take a text without a line end for plain text, however long it is', async () => {
    const text = 'words, and no line end; '.repeat(40_000);
    const files = disk({ '/d/long.txt': text }, 1 << 16);
    assert.equal(await recognise(files, { kind: 'file', path: '/d/long.txt' }), undefined);
  });

  it('say that siblings have different numbers of lines', async () => {
    await assert.rejects(
      read('/d/x.en', 'a\nb\n', { '/d/x.de': 'a\n' }),
      /^InputError: x\.en has 2 lines and x\.de 1, .* --format text\.$/,
    );
  });
});
