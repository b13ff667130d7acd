import assert from 'node:assert/strict';
import { toEnglish } from '../../../src/core/sentence';
import { describe as describeTask } from '../../../src/core/task/describe';
import type { Overrides } from '../../../src/core/task/overrides';
import { understand } from '../../../src/core/task/understand';
import type { Understanding } from '../../../src/core/task/understanding';
import { read } from '../tables/tools';
import { csv } from './tools';

const texts = Array.from({ length: 40 }, (_, i) => `this is sentence number ${String(i)}`);
const days = Array.from({ length: 60 }, (_, i) =>
  new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10),
);
const wave = (i: number): string => (10 + 5 * Math.sin(i) + (i % 3)).toFixed(2);
const json = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const tokens = ['the', 'cat', 'sat'];

/** Files, and what is understood of them. */
const files: readonly (readonly [
  file: string,
  content: string,
  line: string,
  overrides?: Overrides,
])[] = [
  [
    'a.csv',
    csv(
      'label,id,text',
      texts.map((text, i) => [i % 2 ? 'pos' : 'neg', i, text]),
    ),
    '40 rows · text → label (2) · many to one · 80/10/10',
  ],
  [
    'sms.tsv',
    texts.map((text, i) => `${i % 3 ? 'ham' : 'spam'}\t${text}`).join('\n'),
    '40 rows · column 2 → column 1 (2) · many to one · 80/10/10',
  ],
  [
    'stars.csv',
    csv(
      'review,rating',
      texts.map((text, i) => [text, (i / 7).toFixed(1)]),
    ),
    '40 rows · review → rating · many to one · 70/20/10',
    { validation: 0.2 },
  ],
  [
    'adding.jsonl',
    json(
      texts.map((_, i) => ({ input_value: [i / 40, 0.5], input_marker: [1, 0], target: i / 40 })),
    ),
    '40 rows · input_value + input_marker → target · many to one · 80/10/10',
  ],
  [
    // As many symbols out as in, of few different sequences.
    'anbn.csv',
    csv(
      'input,target',
      texts.flatMap(() => [
        ['S a a b b', 'a a b b T'],
        ['S a b', 'a b T'],
        ['S a a a b b b', 'a a a b b b T'],
      ]),
    ),
    '120 rows · input → target · many to many (synced) · 80/10/10',
  ],
  [
    'iris.csv',
    csv(
      'length,width,species',
      texts.map((_, i) => [i / 10, 5 - i / 9, 'abc'[i % 3]!]),
    ),
    '40 rows · length + width → species (3) · one to one · 80/10/10',
  ],
  [
    'add.csv',
    csv(
      'input,output',
      texts.map((_, i) => [`${String(i)}+${String(i)}`, 2 * i]),
    ),
    '40 rows · input → output · many to many (delayed) · 80/10/10',
  ],
  [
    'words.csv',
    csv(
      'number,words',
      texts.map((_, i) => [i, `w${'x'.repeat(i)}y`]),
    ),
    '40 rows · number → words · many to many (delayed) · 80/10/10',
  ],
  [
    'tags.jsonl',
    json(texts.map((_, i) => ({ id: i, tokens, ner_tags: [0, i % 2, 2] }))),
    '40 rows · tokens → ner_tags · many to many (synced) · 80/10/10',
  ],
  [
    'topics.jsonl',
    json(texts.map((text, i) => ({ text, labels: i % 2 ? ['a'] : ['a', 'b'] }))),
    '40 rows · text → labels · many to one · 80/10/10',
  ],
  [
    'hf.jsonl',
    json(texts.map((text, i) => ({ translation: { en: text, de: `Satz Nummer ${String(i)}` } }))),
    '40 rows · translation.en → translation.de · many to many (delayed) · 80/10/10',
  ],
  [
    'temperature.csv',
    csv(
      'date,temperature',
      days.map((day, i) => [day, wave(i)]),
    ),
    '60 rows · temperature → the next temperature · many to many (synced) · 80/10/10 by date',
  ],
  [
    'parts.csv',
    csv(
      'year,month,day,weekday,births',
      days.map((day, i) => [...day.split('-').map(Number), i % 7, 30 * i + 7]),
    ),
    '60 rows · weekday + births → births 3 steps ahead · many to many (synced) · 80/10/10 by year',
    { series: { horizon: 3 } },
  ],
  [
    'weather.csv',
    csv(
      'date,rain,wind,weather',
      days.map((day, i) => [day, wave(i), i % 5, i % 2 ? 'sun' : 'rain']),
    ),
    '60 rows · rain + wind → weather (2) · many to many (synced) · 80/10/10 by date',
    { output: ['weather'] },
  ],
  [
    'values.csv',
    csv(
      'value',
      days.map((_, i) => [wave(i)]),
    ),
    '60 rows · value → the next value · many to many (synced) · 60/20/20 in order',
    { validation: 0.2, test: 0.2 },
  ],
  [
    'given.csv',
    csv(
      'text,label,split',
      texts.map((text, i) => [text, i % 2, i < 30 ? 'train' : i < 35 ? 'dev' : 'test']),
    ),
    '40 rows · text → label (2) · many to one · parts by split',
  ],
  [
    'captions.csv',
    csv(
      'color,caption',
      texts.map((_, i) => [['red', 'green', 'blue'][i % 3]!, `it is the color ${String(i)}`]),
    ),
    '40 rows · color → caption · one to many · 80/10/10',
    { types: { color: 'category' }, output: ['caption'] },
  ],
];

async function understood(
  file: string,
  content: string,
  overrides: Overrides = {},
): Promise<Understanding> {
  return understand((await read(`/d/${file}`, content))!, overrides);
}

describe('what is understood of a table', () => {
  for (const [file, content, line, overrides] of files) {
    it(`is said in a line: ${line}`, async () => {
      const understanding = await understood(file, content, overrides);
      assert.equal(toEnglish(describeTask(understanding)), line);
      // It is sent, and kept with a run.
      assert.deepEqual(structuredClone(understanding), understanding);
    });
  }

  it('is a shape that follows from the columns, and what answers are', async () => {
    const shapeOf = async (name: string): Promise<readonly string[]> => {
      const [file, content, , overrides] = files.find(([found]) => found === name)!;
      const { shape, alignment, response } = await understood(file, content, overrides);
      return [shape, alignment, response];
    };
    assert.deepEqual(await shapeOf('a.csv'), ['many to one', 'one', 'softmax']);
    assert.deepEqual(await shapeOf('topics.jsonl'), ['many to one', 'one', 'sigmoid']);
    assert.deepEqual(await shapeOf('stars.csv'), ['many to one', 'one', 'none']);
    assert.deepEqual(await shapeOf('iris.csv'), ['one to one', 'one', 'softmax']);
    assert.deepEqual(await shapeOf('captions.csv'), ['one to many', 'delayed', 'softmax']);
    assert.deepEqual(await shapeOf('add.csv'), ['many to many, delayed', 'delayed', 'softmax']);
    assert.deepEqual(await shapeOf('tags.jsonl'), ['many to many, synced', 'synced', 'softmax']);
    assert.deepEqual(await shapeOf('temperature.csv'), ['many to many, synced', 'synced', 'none']);
  });

  it('is read word by word where new rows bring few new words, else letter by letter', async () => {
    const tokenizerOf = async (
      wordAt: (row: number, i: number) => string,
    ): Promise<string | undefined> => {
      const rows = Array.from({ length: 1000 }, (_, row) => [
        Array.from({ length: 5 }, (_, i) => wordAt(row, i)).join(' '),
        row % 2 ? 'yes' : 'no',
      ]);
      const { tokenizers } = understand((await read('a.csv', csv('text,label', rows)))!);
      return tokenizers['text'];
    };
    // 5,000 words of 1,250: of the later half none is new.
    assert.equal(await tokenizerOf((row, i) => `w${String((5 * row + i) % 1250)}`), 'word');
    // Every third is a word of its own, as names and other languages have them.
    assert.equal(
      await tokenizerOf((row, i) => `w${String(i % 3 === 0 ? 5 * row + i : (row + i) % 250)}`),
      'char',
    );
  });

  it('has a season of the steps between dates, and learns changes of what drifts', async () => {
    const months = Array.from({ length: 120 }, (_, i) => [
      `${String(1990 + Math.floor(i / 12))}-${String(1 + (i % 12))}`,
      100 + i,
    ]);
    const monthly = await understood('m.csv', csv('month,value', months));
    assert.deepEqual(monthly.series, { horizon: 1, difference: true, window: 9, season: 12 });
    const daily = await understood('d.csv', files.find(([name]) => name === 'temperature.csv')![1]);
    assert.deepEqual(daily.series, { horizon: 1, difference: false, window: 4, season: 7 });
  });

  const wrong: readonly (readonly [
    what: string,
    content: string,
    overrides: Overrides,
    said: RegExp,
  ])[] = [
    [
      'a column that is not there',
      'text,label\na b c,1\n',
      { output: ['labl'] },
      /^data\.csv has no column labl\. Did you mean label\? Its columns are text and label\.$/,
    ],
    [
      'one column of texts',
      csv(
        'text',
        texts.map((text) => [text]),
      ),
      {},
      /one column, text: .* --format text\.$/,
    ],
    [
      'shares that leave nothing',
      csv('text,label', [
        ['a', 1],
        ['b', 2],
      ]),
      { validation: 0.5, test: 0.5 },
      /nothing is left to train on\. Give shares/,
    ],
    [
      'a shape that the columns do not have',
      csv(
        'text,label',
        texts.map((text, i) => [text, i % 2]),
      ),
      { shape: 'one to one' },
      /is many to one as its columns are understood, not one to one\. Say with --input/,
    ],
    [
      'a text and a number that go in together',
      csv(
        'a,b,c',
        texts.map((text, i) => [text, i / 7, i % 2]),
      ),
      { input: ['a', 'b'], output: ['c'] },
      /a \(text\) and b \(number\) cannot be used together\. Give numbers and/,
    ],
    [
      'a target longer than its source where they must align',
      csv('tokens,tags', [
        ['a b', 'X Y'],
        ['c d', 'X Y'],
        ['e f', 'X Y Z'],
      ]),
      { shape: 'many to many, synced', types: { tokens: 'sequence', tags: 'sequence' } },
      /^data\.csv, line 4: tokens has 2 symbols and tags 3, where each needs its answer\. Correct the row/,
    ],
    [
      'parts that no column tells',
      csv(
        'text,label',
        texts.map((text, i) => [text, i % 2]),
      ),
      { split: 'given' },
      /no column that says which part .* "part"/,
    ],
  ];
  for (const [what, content, overrides, said] of wrong) {
    it(`says what to do about ${what}`, async () => {
      await assert.rejects(understood('data.csv', content, overrides), (error: Error) => {
        assert.equal(error.name, 'InputError');
        assert.match(error.message, said);
        return true;
      });
    });
  }

  it('tells of numbers with commas and of what is no number among them', async () => {
    const rows = texts.map((_, i) => [`"${(1234 * (i + 1)).toLocaleString('en')}"`, i / 3, i]);
    const { inputs, notes } = await understood(
      'n.csv',
      csv('income,other,target', [...rows, ['n/a', 1, 2]]),
    );
    assert.deepEqual(
      inputs.map(({ type, comma }) => [type, comma]),
      [
        ['number', 'thousands'],
        ['number', 'thousands'],
      ],
    );
    assert.deepEqual(notes.map(toEnglish), []);
    const decimal = texts.map((_, i) => [`${String(i)},5`, i % 2 ? 'a' : 'b'].join(';'));
    const german = await understood('g.csv', `länge;klasse\n${decimal.join('\n')}\n`);
    assert.deepEqual(
      german.inputs.map(({ type, comma }) => [type, comma]),
      [['number', 'decimal']],
    );
    const odd = Array.from({ length: 200 }, (_, i) => [
      i === 150 ? 'many' : i / 7,
      i % 2 ? 'a' : 'b',
    ]);
    const told = await understood('o.csv', csv('x,label', odd));
    assert.deepEqual(told.notes.map(toEnglish), [
      'x has values that are no numbers and count as missing; the first is "many" (line 152).',
    ]);
  });

  it('tells where few rows have another number of answers: that may be a mistake', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      tokens: ['a', `b${String(i)}`],
      tags: i === 30 ? ['X'] : ['X', 'Y'],
    }));
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const understanding = understand((await read('/d/data.jsonl', lines))!);
    assert.equal(understanding.alignment, 'delayed');
    assert.deepEqual(understanding.notes.map(toEnglish), [
      'Rows where tokens and tags have as many symbols: 39 of 40; the first where they have not is line 31. If each symbol should have its answer, correct these rows; as it is, answers have lengths of their own.',
    ]);
  });
});
