import assert from 'node:assert/strict';
import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { builtinCells } from '../../../src/core/cells';
import { fileText, type FileBytes } from '../../../src/core/data/source';
import { decodeText } from '../../../src/core/data/text';
import { buildModel } from '../../../src/core/engine/model';
import { parseCell } from '../../../src/core/equations/parse';
import { importModel } from '../../../src/core/exports/import-model';
import { writeModelJson } from '../../../src/core/exports/json';
import { writeModelSafetensors } from '../../../src/core/exports/safetensors';
import { writeScript } from '../../../src/core/exports/script/script';
import {
  decodeCheckpoint,
  isOfExamples,
  type Checkpoint,
} from '../../../src/core/training/checkpoint';
import { checkMemory } from '../../../src/core/training/memory';
import {
  decodeMetrics,
  decodeRunInfo,
  encodeMetrics,
  encodeRunInfo,
} from '../../../src/core/training/run';
import {
  decodeObservations,
  decodeSamples,
  encodeObservation,
  encodeSample,
} from '../../../src/core/training/run-looks';
import type { parseSettings } from '../../../src/core/settings/settings';
import type { TrainerEvent } from '../../../src/core/training/events';
import { encode } from '../../../src/core/task/encode';
import { readCodec } from '../../../src/core/task/codecs';
import { floorsOf } from '../../../src/core/task/floors';
import { decodeOverrides, type Overrides } from '../../../src/core/task/overrides';
import { InputError } from '../../../src/core/input-error';
import { verbatim } from '../../../src/core/sentence';
import { decodeImage, scaled } from '../../../src/core/tables/images';
import { recognise } from '../../../src/core/tables/recognise';
import { understand } from '../../../src/core/task/understand';
import { disk } from '../tables/tools';
import { foreignReaders } from './foreign-readers';
import type { Reader } from './reader';
import { makeTrainer, runSteps, sampleText } from '../training/tools';
import { binary, readFile as readVectorsFile } from '../vectors/tools';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A mark that is still there is a character of the text. */
const text = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

const madeCells = [
  'a[t] = exp(-abs(U x[t] + W h[t-1]))\nh[t] = log(1 + a[t]) / (2 + relu(Q x[t] + R h[t-1])) - sigmoid(S h[t-2])',
  '# layers\nsize p = 5\np[t] = softmax(A x[t] + B h[t-1])\nh[t] = layernorm(C p[t] + b)\ninit b = 0.5\noutput h',
  's[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t] + Q x[t])',
];

/** All readers, with files from a small training. */
export async function createReaders(): Promise<readonly Reader[]> {
  const settings = { 'model.hidden': 3, 'training.steps': 30, 'training.evaluateEvery': 10 };
  const looks = { 'inspection.observeEvery': 5, 'inspection.sampleEvery': 5 };
  const trainer = await makeTrainer({
    text: sampleText(60),
    cell: 'gru',
    settings: { ...settings, ...looks },
    now: everyHundredth(),
  });
  const events = runSteps(trainer);
  const checkpoint = trainer.checkpoint();
  const decoded = decodeCheckpoint(checkpoint, 'seed');
  const words = await makeTrainer({ settings: { 'data.tokenizer': 'word', 'training.steps': 2 } });
  runSteps(words);
  const info = utf8(encodeRunInfo(infoOf(trainer.settings)));
  const linesOf = (encode: (event: TrainerEvent) => string): Uint8Array =>
    utf8(events.map(encode).join(''));

  return [
    {
      name: 'models and checkpoints',
      share: 0.2,
      seeds: [
        checkpoint,
        words.checkpoint(),
        writeModelSafetensors(decoded),
        utf8(writeModelJson(decoded)),
      ],
      async read(bytes) {
        const { checkpoint: read } = importModel(bytes, 'file');
        if (isOfExamples(read)) return;
        writeScript(read, 'javascript');
        await goOn(read);
      },
    },
    { name: 'run.json', share: 0.2, seeds: [info], read: (bytes) => decodeRunInfo(bytes, 'run') },
    {
      name: 'metrics and looks',
      share: 0.2,
      seeds: [
        linesOf((event) =>
          event.event === 'metrics' || event.event === 'evaluation' ? encodeMetrics(event) : '',
        ),
        linesOf((event) => (event.event === 'observation' ? encodeObservation(event.row) : '')),
        linesOf((event) => (event.event === 'sampled' ? encodeSample(event.row) : '')),
      ].map((lines) => lines.subarray(0, 4000)),
      read(bytes) {
        decodeMetrics(text(bytes));
        decodeObservations(text(bytes));
        decodeSamples(text(bytes));
      },
    },
    {
      name: 'equations',
      share: 0.2,
      seeds: [...builtinCells.values(), ...madeCells].map(utf8),
      read(bytes) {
        const cell = parseCell(decodeText(bytes, 'file.rnn').text, 'file.rnn');
        const sizes = { hidden: 4, layers: 2, vocabulary: 5, embedding: 0, dropout: 0 };
        const model = buildModel({ cell, ...sizes });
        checkMemory(model, [{ mode: 'train', batch: 2, sequence: 3 }], 1);
      },
    },
    {
      name: 'tables',
      share: 0.2,
      seeds: tableSeeds.map(([, seed]) => (typeof seed === 'string' ? utf8(seed) : seed)),
      read: (bytes) => readTable(nameFor(bytes), bytes),
    },
    ...foreignReaders,
    {
      name: 'images',
      share: 0.05,
      seeds: [
        encodePng({ width: 5, height: 4, data: new Uint8Array(60).fill(90), channels: 3 }),
        encodePng({ width: 3, height: 2, data: new Uint8Array(12).fill(90), channels: 2 }),
        encodeJpeg({ width: 9, height: 9, data: new Uint8Array(324).fill(77) }, 80).data,
      ],
      read(bytes) {
        const picture = decodeImage(bytes);
        if (picture === undefined) throw new InputError(verbatim('no picture'));
        const pixels = scaled(picture, { width: 4, height: 4, channels: 1 });
        assert.equal(pixels.length, 16);
      },
    },
    {
      name: 'word vectors',
      share: 0.1,
      seeds: [
        utf8('3 2\nthe 0.5 -1\ncat 2 3e-2\nof 1 1\n'),
        utf8('the 0.5 -1 2\ncat 2 3e-2 4\n. . . 1 1 1\n'),
        binary(
          [
            ['the', [1, 2, 3]],
            ['cat', [4, 5, 6]],
            ['of', [7, 8, 9]],
          ],
          true,
        ),
        binary(
          [
            ['the', [1, 2]],
            ['cat', [4, 5]],
          ],
          false,
        ),
      ],
      async read(bytes) {
        await readVectorsFile(bytes, ['the', undefined, 'Cat', 'of']);
      },
    },
    {
      name: 'FILE.rnn.json',
      share: 0.05,
      seeds: overrideSeeds.map(utf8),
      async read(bytes) {
        const overrides = decodeOverrides(text(bytes), 'a.csv.rnn.json');
        await readTable('a.csv', utf8(labelled), overrides);
      },
    },
    {
      name: 'texts',
      share: 0.2,
      seeds: [
        utf8(sampleText(30)),
        utf8('春眠不觉晓，处处闻啼鸟。🌸\r\n'.repeat(5)),
        Uint8Array.from(Buffer.from('\ufeffUTF-16 of a kind\r\n', 'utf16le')),
      ],
      read: readBothWays,
    },
  ];
}

const sentences = Array.from({ length: 10 }, (_, i) => `Sentence number ${String(i)}, "said" so`);
const lines = (make: (sentence: string, i: number) => string): string =>
  sentences.map(make).join('\n');
const labelled = `text,label,n\n${lines((line, i) => `"${line.replaceAll('"', '""')}",${i % 2 ? 'a' : 'b'},"1,${String(100 + i)}"`)}\n`;

/** Tables of each format, by a name that they may have. */
const tableSeeds: readonly (readonly [name: string, seed: string | Uint8Array])[] = [
  ['a.csv', labelled],
  ['a.tsv', lines((line, i) => `${i % 2 ? 'ham' : 'spam'}\t${line}`)],
  [
    'b.csv',
    `date;value\n${lines((_, i) => `2020-01-1${String(i)};${String(i % 3)},5`)}\n2020-01-20;1,5\n2020-01-21;2,5\n2020-01-22;2,5\n`,
  ],
  ['a.txt', lines((line, i) => `__label__${String(i % 3)} ${line}`)],
  [
    'a.jsonl',
    lines((line, i) => {
      const tokens = line.split(' ');
      return JSON.stringify({ id: i, tokens, tags: tokens.map(({ length }) => length % 3) });
    }),
  ],
  [
    'a.json',
    JSON.stringify(
      sentences.map((en, i) => ({ translation: { en, de: `Satz ${String(i)}` }, a: [1, {}] })),
    ),
  ],
  ['a.conll', 'The DT O\nEU NNP B-ORG\n\n-DOCSTART- -X- O\n\nOf IN O\nit PRP O\n\n'.repeat(3)],
  [
    'a.po',
    lines((_, i) => `#, c-format\nmsgid "File ${String(i)}"\nmsgstr "Datei ${String(i)}"\n`),
  ],
  [
    'train-images-idx3-ubyte',
    Uint8Array.from([
      0,
      0,
      8,
      3,
      0,
      0,
      0,
      12,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      2,
      ...Array.from({ length: 24 }, (_, i) => 9 * i),
    ]),
  ],
];

const overrideSeeds = [
  {
    ...{ format: 'csv', input: 'text', output: ['label'], types: { label: 'category' } },
    ...{ tokenizers: { text: 'word' }, vocabulary: 100, longest: 20, validation: 0.1, test: 0.2 },
    ...{ split: 'stratified', shape: 'many to one', image: { width: 8, rows: 'time' } },
  },
  { output: 'n', input: 'n', series: { horizon: 0, difference: true, window: 2, season: 2 } },
].map((overrides) => JSON.stringify(overrides));

/** What is whole has its own name, what is damaged any. */
function nameFor(bytes: Uint8Array): string {
  const own = tableSeeds.find(
    ([, seed]) => text(bytes) === (typeof seed === 'string' ? seed : text(seed)),
  );
  return (own ?? tableSeeds[bytes.length % tableSeeds.length]!)[0];
}

/** All the way from a file to examples, floors and codecs, as a training would. */
async function readTable(
  name: string,
  bytes: Uint8Array,
  overrides: Overrides = {},
): Promise<void> {
  const labels = Uint8Array.from([
    0,
    0,
    8,
    1,
    0,
    0,
    0,
    12,
    ...Array.from({ length: 12 }, (_, i) => i % 2),
  ]);
  const files = { [`/d/${name}`]: bytes, '/d/train-labels-idx1-ubyte': labels };
  const path = `/d/${name}`;
  const found = await recognise(disk(files), { kind: 'file', path }, { format: overrides.format });
  const table = await found?.read({ image: overrides.image });
  if (table === undefined) return;
  const understanding = understand(table, overrides);
  const encoded = encode(table, understanding, { seed: 1 });
  floorsOf({ table, understanding, encoded });
  for (const codec of [encoded.input, encoded.output]) readCodec(JSON.parse(JSON.stringify(codec)));
  for (const { values, starts } of [encoded.dataset.input, encoded.dataset.output]) {
    const rows = starts?.at(-1) ?? encoded.dataset.count;
    if (values.kind === 'symbols') {
      assert.equal(values.ids.length, rows);
      assert.ok(values.ids.every((id) => id < values.classes));
    } else {
      assert.equal(values.values.length, rows * values.width);
      assert.ok(values.values.every(Number.isFinite));
    }
  }
}

/** Trains a little further from a checkpoint, and reads what that writes. */
async function goOn(checkpoint: Checkpoint): Promise<void> {
  const trainer = await makeTrainer({ text: sampleText(60), resume: checkpoint });
  const events = runSteps(trainer, trainer.step() + 2);
  const hasFailed = events.some(({ event }) => event === 'failed');
  if (!hasFailed) decodeCheckpoint(trainer.checkpoint(), 'written');
}

/** A file's bytes in pieces of odd sizes. */
function inPieces(bytes: Uint8Array): FileBytes {
  return {
    size: bytes.length,
    async *pieces() {
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (5 * size + 3) % 64) {
        size = Math.max(1, size);
        yield await Promise.resolve(bytes.slice(at, at + size));
      }
    },
  };
}

/** Reads a file both ways, whole and piece by piece: to the same text, or refused both times. */
async function readBothWays(bytes: Uint8Array): Promise<void> {
  let whole: string | Error;
  try {
    whole = decodeText(bytes, 'file.txt').text;
  } catch (error) {
    whole = error as Error;
  }
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of fileText(inPieces(bytes), 'file.txt').pieces()) {
      pieces.push(piece.slice());
    }
  } catch (error) {
    if (!(whole instanceof Error)) throw new Error('refused in pieces only', { cause: error });
    throw error;
  }
  assert.equal(text(Buffer.concat(pieces)), whole);
}

function everyHundredth(): () => number {
  let time = 0;
  return () => (time += 0.05);
}

function infoOf(settings: ReturnType<typeof parseSettings>): Parameters<typeof encodeRunInfo>[0] {
  return {
    version: 1,
    title: 'A title',
    name: 'text.txt',
    source: '/home/me/text.txt',
    text: { hash: '0'.repeat(64), tokens: 100, validationTokens: 10 },
    cell: { name: 'gru', source: builtinCells.get('gru')! },
    settings,
    parameters: 100,
    vocabulary: 20,
    chunk: { batch: 3, sequence: 5 },
    baselines: { uniform: 3, unigram: 2.5, bigram: 2 },
    created: 1,
    changed: 2,
    state: 'stopped',
    step: 30,
    seconds: 1.5,
    loss: 2,
    best: { step: 20, validationLoss: 2.25 },
    failure: null,
  };
}
