import { builtinCells } from '../../../src/core/cells';
import { parseCell } from '../../../src/core/equations/parse';
import type { Table } from '../../../src/core/tables/table';
import type { Architecture } from '../../../src/core/task/model-text';
import type { Overrides } from '../../../src/core/task/overrides';
import { read } from '../tables/tools';
import { csv } from '../task/tools';

/** A table, what is said of it, and a model for it. */
export interface Case {
  readonly table: Table | (() => Promise<Table>);
  readonly overrides?: Overrides;
  /** What differs from a GRU with the settings' defaults, or equations. */
  readonly model?: Partial<Architecture> | string;
  /** Weights are uniform between minus and plus this. */
  readonly scale?: number;
}

const file =
  (content: string, name = 'data.csv') =>
  async (): Promise<Table> =>
    (await read(`/d/${name}`, content))!;

let seed = 7;
const draw = (n: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % n;
};
const times = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));
const some = <T>(all: readonly T[]): T => all[draw(all.length)]!;
const words = ['good', 'Bad', 'film', 'a', 'the', 'lovely', 'über', '春眠', 'no', 'we’re'];
const sentence = (most = 8): string => times(2 + draw(most), () => some(words)).join(' ');
const number = (): string => (draw(2000) / 7 - 90).toFixed(3);

const reviews = csv(
  'text,label',
  times(60, () => [sentence(), some(['yes', 'no', 'perhaps'])]),
);
const measured = csv(
  // Names that the script has for itself.
  'width,logits,names,species',
  times(60, (i) => [
    i % 9 === 0 ? '' : number(),
    `"${1 + draw(9)},${String(100 + draw(900))}.5"`,
    some(['a', 'b', 'c']),
    some(['x', 'y', 'z']),
  ]),
);
const tags = times(40, () =>
  times(2 + draw(6), () =>
    [some([...words, `W${String(draw(50))}ing`, 'x-1']), some(['N', 'V', 'D'])].join(' '),
  ).join('\n'),
).join('\n\n');
const sums = csv(
  'source,target',
  times(60, (i) => [`${String(i)}+${String(draw(90))}`, String(i * 3)]),
);
const series = csv(
  'date,rain,sun,level',
  times(120, (i) => [
    `2020-0${String(1 + Math.floor(i / 28))}-${String(1 + (i % 28)).padStart(2, '0')}`,
    number(),
    some(['yes', 'no']),
    String(1000 + 7 * i + draw(5)),
  ]),
);

function pictures(width: number, height: number, channels: 1 | 3): Table {
  const rows = 24;
  return {
    ...{ name: 'pictures', format: 'folder', rows, notes: [] },
    columns: [
      {
        ...{ kind: 'image', name: 'image', width, height, channels },
        pixels: Uint8Array.from(times(rows * width * height * channels, () => draw(256))),
      },
      {
        kind: 'text',
        name: 'label',
        texts: { length: rows, at: (row: number) => ['cat', 'dog'][row % 2]! },
      },
    ],
  };
}

/** Reads in every way there is: neighbours of the input, whole sequences of tokens, lags of two. */
const strange = `e[t] = tanh(E x[t] + F x[t-1] + G x[t+2] + H (x[t] * 0.5))
h[t] = tanh(U e[t] + W h[t-2] + m + M mean(x))
b[t] = gru(h[t], b[t+1])
m = relu(N max(e) + L x[T] + n)
k[t] = softmax(K [h[t]; b[t]; m]) * -0.5 - layernorm(b[t])
y[t] = softmax(V k[t] + P attend(k[t], b, x) + c)
init h = 0.3
size e = 6
size m = 5
size b = 5
size h = 5
size k = 5`;

const fedBack = `h[t] = tanh(U x[t] + Y y[t-1] + W h[t-1] + b)
y[t] = softmax(V h[t] + P attend(q, x) + c)`;

const decoder = `s[t] = lstm(x[t], s[t-1])
r = tanh(R [s[T]; mean(s)] + r0)
d[u] = tanh(U dropout(x[u]) + X x[u-1] + D d[u-1] + S d[u-2] + C a[u] + Y y[u-1] + r)
init d = r
k[t] = Q s[t]
a[u] = attend(A d[u-1], k, s, v)
y[u] = softmax(V [d[u]; max(s)] + c)`;

const cell = (name: string) => parseCell(builtinCells.get(name)!, name);
export const architecture: Architecture = {
  ...{ cell: cell('gru'), layers: 1, bidirectional: false, pool: 'mean', attention: 'dot' },
  ...{ embedding: 0, dropout: 0 },
};

/** Tasks of every shape. */
export const cases: Readonly<Record<string, Case>> = {
  'a label of words': { table: file(reviews) },
  'a label of characters, both directions in two layers, the maximum': {
    table: file(reviews),
    overrides: { tokenizer: 'char' },
    model: {
      cell: cell('lstm'),
      bidirectional: true,
      layers: 2,
      pool: 'max',
      embedding: 5,
      dropout: 0.3,
    },
  },
  'a label of byte pairs, a learnt query': {
    table: file(reviews),
    overrides: { tokenizer: 'bpe', vocabulary: 280 },
    model: { pool: 'attention', bidirectional: true },
  },
  'a label of the bytes of two columns, the last state': {
    table: file(
      csv(
        'title,body,label',
        times(40, () => [sentence(3), sentence(4), some(['a', 'b'])]),
      ),
    ),
    overrides: { tokenizer: 'byte', input: ['title', 'body'], longest: 30 },
    model: { pool: 'last' },
  },
  'a class of numbers and categories, some missing': {
    table: file(measured),
    overrides: { input: ['width', 'logits', 'names'], output: ['species'] },
    model: { layers: 2, dropout: 0.1 },
  },
  'numbers of numbers': {
    table: file(measured),
    overrides: { input: ['logits', 'names'], output: ['width'] },
  },
  'numbers of columns with names that are no names': {
    table: file(
      csv(
        '"*/ throw 1 //","«a» ${b}",delete',
        times(60, () => [number(), number(), number()]),
      ),
    ),
    overrides: { input: ['«a» ${b}', 'delete'], output: ['*/ throw 1 //'] },
  },
  'numbers of a sequence of numbers': {
    table: file(
      csv(
        'source,target',
        times(40, () => [times(1 + draw(5), number).join(' '), number()]),
      ),
    ),
    overrides: { types: { source: 'numbers', target: 'number' } },
    model: { bidirectional: true, pool: 'last' },
  },
  'labels of a text': {
    table: file(
      csv(
        'text,labels',
        times(60, () => [
          sentence(),
          `"${[...new Set(times(1 + draw(2), () => some(['a', 'b', 'c', 'd'])))].join(', ')}"`,
        ]),
      ),
    ),
    overrides: { types: { labels: 'labels' } },
  },
  'tags, unknown words by what they look like': {
    table: file(tags, 'data.conll'),
    model: { bidirectional: true, embedding: 4 },
  },
  'tags by equations of its own': { table: file(tags, 'data.conll'), model: strange },
  'tags that are fed back': { table: file(tags, 'data.conll'), model: fedBack },
  'values to come of a series, by their changes': {
    table: file(series),
    overrides: { output: ['level'], series: { horizon: 2, difference: true } },
    model: { cell: cell('layernorm-lstm') },
  },
  'values to come of a series': {
    table: file(series),
    overrides: { output: ['rain', 'level'], series: { horizon: 1, difference: false } },
  },
  'sums, dot attention': { table: file(sums), overrides: { tokenizer: 'char' }, scale: 1.5 },
  'sums, additive attention, both directions, embedded': {
    table: file(sums),
    overrides: { tokenizer: 'char' },
    model: { attention: 'additive', bidirectional: true, layers: 2, embedding: 6, dropout: 0.2 },
    scale: 1.5,
  },
  'sums without attention, another decoder': {
    table: file(sums),
    overrides: { tokenizer: 'char' },
    model: { attention: 'none', cell: cell('lstm'), decoder: cell('vanilla') },
    scale: 1.5,
  },
  'sums by equations of its own': {
    table: file(sums),
    overrides: { tokenizer: 'char' },
    model: decoder,
    scale: 1.5,
  },
  'words of words, none of them UNKNOWN': {
    table: file(
      csv(
        'source,target',
        times(60, () => [sentence(), sentence()]),
      ),
    ),
    overrides: { tokenizer: 'word', vocabulary: 6, shape: 'many to many, delayed' },
    scale: 1.5,
  },
  'captions in byte pairs of numbers': {
    table: file(
      csv(
        'width,height,caption',
        times(60, () => [number(), number(), sentence()]),
      ),
    ),
    overrides: {
      output: ['caption'],
      types: { caption: 'text' },
      tokenizer: 'bpe',
      vocabulary: 270,
    },
    model: { layers: 2, cell: cell('lstm') },
    scale: 1.5,
  },
  'a class of a picture': { table: pictures(4, 3, 1) },
  'a class of a picture in colour, row by row': {
    table: pictures(4, 3, 3),
    overrides: { image: { width: 4, height: 3, channels: 3, rows: 'time' } },
  },
};
