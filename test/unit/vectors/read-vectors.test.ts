import assert from 'node:assert/strict';
import { InputError } from '../../../src/core/input-error';
import { writeVectors } from '../../../src/core/vectors/write-vectors';
import { binary, bytesFile, readFile } from './tools';
import { vectorsHead } from '../../../src/core/vectors/head';
import { readVectors } from '../../../src/core/vectors/read-vectors';

const rows = [
  ['the', [0.5, -1.25, 3]],
  ['Île', [1, 2, -4.5]],
  ['cat', [0.125, 8, -0.75]],
] as const;
const lines = (end: string): string =>
  rows.map(([word, values]) => `${word} ${values.join(' ')}${end}`).join('\n');

/** The same three words as each program writes them. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  'word2vec, text': `3 3\n${lines('')}\n`,
  'fastText, with a space behind each row': `3 3\n${lines(' ')}\n`,
  'Windows line ends': `3 3\r\n${lines('\r')}\r\n`,
  'GloVe, without a header': `${lines('')}\n`,
  'GloVe, without a last line end': lines(''),
  'word2vec, binary': binary(rows, true),
  'gensim, binary': binary(rows, false),
};

async function refused(content: string | Uint8Array, pattern: RegExp, words = ['the', 'cat']) {
  for (const piece of [3, 4096]) {
    await assert.rejects(readFile(content, words, piece), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, pattern);
      return true;
    });
  }
}

describe('files of word vectors', () => {
  for (const [name, content] of Object.entries(files)) {
    it(`${name}: the rows of the words that are asked for, in pieces of any size`, async () => {
      for (const piece of [1, 2, 5, 16, 4096]) {
        const words = ['cat', undefined, 'dog', 'the', 'Île'];
        const { head, rows: read } = await readFile(content, words, piece);
        assert.equal(head.width, 3);
        assert.deepEqual(read, [
          [0.125, 8, -0.75],
          undefined,
          undefined,
          [0.5, -1.25, 3],
          [1, 2, -4.5],
        ]);
      }
    });
  }

  it('look for a word as it is written first, then in small letters', async () => {
    const content = 'turkey 1 1\nTurkey 2 2\nus 3 3\nUS 4 4\nUS 5 5\n';
    const words = ['Turkey', 'turkey', 'TURKEY', 'Us', 'US'];
    const { rows: read } = await readFile(content, words);
    assert.deepEqual(read, [
      [2, 2],
      [1, 1],
      [1, 1],
      [3, 3],
      [4, 4],
    ]);
  });

  it('give back what was written, in text to six decimals and in binary to the bit', async () => {
    const words = ['a', 'bé', '中文', '!'];
    const vectors = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i) * 10 ** ((i % 5) - 2));
    for (const [format, tolerance] of [
      ['text', 5.1e-7],
      ['binary', 0],
    ] as const) {
      const content = Buffer.concat([...writeVectors(words, vectors, format)]);
      const { head, values } = await readFile(content, words);
      assert.equal(head.kind, format);
      values.forEach((value, i) => {
        // Rounding to float32 again moves a decimal by half a unit in its last place.
        assert.ok(Math.abs(value - vectors[i]!) <= tolerance * Math.max(1, Math.abs(value)));
      });
    }
  });

  it('pass over words with spaces, as GloVe’s largest file has them', async () => {
    const { rows: read } = await readFile('the 1 2\n. . . 3 4\ncat 5 6\n', ['the', '.', 'cat']);
    assert.deepEqual(read, [[1, 2], undefined, [5, 6]]);
  });

  it('keep no more than the vocabulary of a file that is long', async () => {
    const width = 50;
    const filler = Array.from({ length: 2000 }, (_, i) => `w${String(i)} ${'0.1 '.repeat(width)}`);
    const content = `${filler.join('\n')}\n`;
    const file = bytesFile(content, 1000);
    const head = await vectorsHead(file, 'long.vec');
    const { values } = await readVectors(file, head, ['w1999', 'w7']);
    assert.equal(values.byteLength, 2 * width * 4);
    assert.ok(values.every((value) => value === Math.fround(0.1)));
  });

  it('say what is wrong with a file that is none', async () => {
    await refused('', /^file.vec holds no word vectors. Give a file of word2vec/);
    await refused('Once upon a time\nthere was\n', /holds no word vectors/);
    await refused(Uint8Array.of(0x1f, 0x8b, 8, 0), /It is compressed: unpack it first \(gunzip\)/);
    await refused(
      Uint8Array.of(0xba, 0x16, 0x4f, 0x2f, 12),
      /give the file .vec that is beside it/,
    );
    await refused('2 5000\nthe 1\n', /have 5000 values each; an embedding has from 1 to 4096/);
  });

  it('say which row is wrong', async () => {
    await refused('the 1 2\ncat 1\n', /is damaged: line 2 has 1 numbers, the first one 2/);
    await refused('the 1 2\ncat 1 2 3\n', /line 2 has 3 numbers, the first one 2/);
    await refused('2 2\nthe 1 2\ncat 1 two\n', /line 3 has two where a number should be/);
    await refused('the 1 2\ncat 1 NaN\n', /line 2 has NaN where a number should be/);
    await refused('the 1 2\ncat 1 1e60\n', /line 2 has 1e60 where a number should be/);
    await refused('3 2\nthe 1 2\ncat 1 2\n', /it ends after 2 of 3 rows/);
    await refused('the 1 2\ndog 1 2\nbir', /line 3 has 1 numbers|line 3 has {2}where/);
  });

  it('say where a binary file was cut off', async () => {
    const whole = binary(rows, true);
    await refused(whole.subarray(0, -10), /it ends within row 3 of 3/, ['the']);
    await refused(whole.subarray(0, 4 + 17), /it ends after 1 of 3 rows/, ['the']);
    const endless = binary([['the', [NaN, 1, 2]], ...rows.slice(1)], false);
    await refused(endless, /row 1 has NaN where a number should be/);
  });
});
