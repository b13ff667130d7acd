import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { documentMark, withBoundary } from '../../../src/core/data/documents';
import { createTextReader } from '../../../src/core/data/read-text';
import { prepareText } from '../../../src/core/data/text';
import { printCell } from '../../../src/core/equations/print';
import { writeScript } from '../../../src/core/exports/script/script';
import { createReader } from '../../../src/core/sampling/reader';
import type { Checkpoint } from '../../../src/core/training/checkpoint';
import { smoothCells } from '../equations/arbitrary-cells';
import { backends, engineSample, networkOf, trained } from '../formats/tools';
import { models, randomModel } from './text-models';

/** What an exported script offers. */
interface Script {
  generate(options: object): Generator<{ id: number; text: string }, string>;
  sample(options: object): string;
  encode(text: string): number[];
  initialState(): unknown;
  step(state: unknown, token: number): Float64Array;
}

/** The script as a module of this process. */
async function load(checkpoint: Checkpoint): Promise<Script> {
  const source = Buffer.from(writeScript(checkpoint, 'javascript')).toString('base64');
  return (await import(`data:text/javascript;base64,${source}`)) as Script;
}

describe('an exported script', () => {
  for (const [name, cell, settings] of models) {
    it(`writes the engine’s tokens for the same seed: ${name}`, async () => {
      const checkpoint = await trained({ cell, settings });
      const { generate } = await load(checkpoint);
      const choices = [
        { prime: 'the cat ', temperature: 0.9, seed: 7 },
        { topK: 4, topP: 0.85, temperature: 1.3, seed: 4_000_000_000 },
        { topP: 0.6, temperature: 1, seed: 3 },
        { temperature: 0, seed: 1 },
      ];
      for (const choice of choices) {
        const sampling = { length: 300, ...choice };
        const ids = Array.from(generate(sampling), ({ id }) => id);
        assert.equal(ids.length, 300);
        for (const backend of Object.values(backends)) {
          assert.deepEqual(ids, engineSample(checkpoint, backend, sampling).ids);
        }
      }
    });
  }

  it('of a corpus of documents begins each behind the mark between them, and ends with it', async () => {
    const text = `${documentMark}${'the cat sat on a mat '.repeat(3)}`.repeat(20);
    const plain = await trained({ text: text.replaceAll('mat ', `mat${documentMark}`) });
    const checkpoint = { ...plain, tokenizer: withBoundary(plain.tokenizer) };
    const { generate } = await load(checkpoint);
    const lengths = [1, 2, 3, 4, 5].map((seed) => {
      const sampling = { length: 200, temperature: 1, seed, prime: seed === 5 ? 'the' : '' };
      const ids = Array.from(generate(sampling), ({ id }) => id);
      const own = engineSample(checkpoint, backends['reference']!, sampling).ids;
      assert.deepEqual(ids, own);
      assert.ok(!ids.includes(checkpoint.tokenizer.boundary!));
      return ids.length;
    });
    assert.ok(
      lengths.some((length) => length < 200),
      lengths.join(' '),
    );
  });

  it('computes the logits of any cell in any number of layers', async () => {
    const embeddings = fc.constantFrom(0, 4);
    await fc.assert(
      fc.asyncProperty(
        smoothCells,
        fc.integer({ min: 1, max: 3 }),
        embeddings,
        async (cell, layers, embedding) => {
          const checkpoint = randomModel(printCell(cell), layers, embedding);
          const { initialState, step } = await load(checkpoint);
          const reader = createReader(networkOf(checkpoint, backends['reference']!));
          const state = initialState();
          reader.reset();
          for (const token of [0, 3, 1, 1, 2, 0, 3]) {
            reader.read([token]);
            const expected = reader.logits();
            step(state, token).forEach((logit, i) => {
              const difference = Math.abs(logit - expected[i]!);
              assert.ok(
                difference <= 1e-9 * (1 + Math.abs(logit)),
                `${String(difference)} at ${String(i)}`,
              );
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  describe('of a tokenizer of', () => {
    const multilingual = 'Größe – «Æsir» “früh” 春眠不觉晓 🌸\n'.repeat(40);
    const primes = ['', 'GRÖSSE ―', '春眠 ŒUVRE\t漢字', 'a\r\nb\uFEFF\uD800 ß', '„Frühling‟'];
    for (const tokenizer of ['char', 'byte', 'word', 'bpe']) {
      it(`${tokenizer}s reads any prime and writes text as the engine does`, async () => {
        const vocabulary = tokenizer === 'bpe' ? 300 : 9;
        const settings = { 'data.tokenizer': tokenizer, 'data.vocabulary': vocabulary };
        const checkpoint = await trained({ text: multilingual, settings });
        const { sample, encode } = await load(checkpoint);
        for (const prime of primes) {
          const sampling = { prime, length: 101, temperature: 1.1, seed: 5 };
          const { text } = engineSample(checkpoint, backends['reference']!, sampling);
          assert.equal(sample(sampling), text);
        }
        fc.assert(
          fc.property(fc.string({ unit: 'binary' }), (text) => {
            const expected = checkpoint.tokenizer.encode(prepareText(text).text).ids;
            assert.deepEqual(encode(text), [...expected]);
          }),
        );
      });
    }

    it('words cuts and folds any text as the engine does, read whole and in pieces', async () => {
      // Letters whose other case is longer, or a letter of its own, and all cases of words of them.
      const letters = [
        'i',
        'I',
        'İ',
        'ı',
        'ß',
        'ẞ',
        'ŉ',
        'ǰ',
        'ﬁ',
        'Σ',
        'σ',
        'ς',
        'a',
        'A',
        '𐐨',
        '𐐀',
      ];
      const others = [' ', '  ', '\n', '. ', '。', "'", '\u0307', '\u200d', '春', '1', ':', '😀'];
      const known = ['istanbul', 'İstanbul', 'ßa', 'SSa', 'ssa', 'ŉa', 'aσ', 'Aς', 'σaσ', '𐐨a'];
      const word = fc
        .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 })
        .map((parts) => parts.join(''));
      const piece = fc.oneof(
        word,
        fc.constantFrom(...known, ...known.map((text) => text.toUpperCase()), ...others),
        fc.string({ unit: 'binary', maxLength: 4 }),
      );
      const texts = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
      const long = fc
        .tuple(texts, fc.integer({ min: 1, max: 60 }))
        .map(([text, n]) => text.repeat(n));
      const settings = { 'data.tokenizer': 'word', 'data.vocabulary': 40 };
      const text = `${[...known, ...letters].join(' ')}\n`.repeat(12);
      const checkpoint = await trained({ text, settings });
      const { encode } = await load(checkpoint);
      const { tokenizer } = checkpoint;
      fc.assert(
        fc.property(fc.oneof(texts, long), (given) => {
          fc.pre(given.length < 3500);
          const { text: prepared } = prepareText(given);
          const expected = [...tokenizer.encode(prepared).ids];
          assert.deepEqual(encode(given), expected);
          const bytes = new TextEncoder().encode(prepared);
          const options = { kind: 'word', limit: 40, tokenizer, bytes: bytes.length } as const;
          const reader = createTextReader(options);
          reader.push(bytes);
          assert.deepEqual([...reader.finish().encoding.ids], expected);
        }),
        { numRuns: 200, examples: [['İstanbul ßa ŉa']] },
      );
    });

    it('characters without a line end starts after a token drawn at random', async () => {
      const checkpoint = await trained({ text: 'abcabcaabbcc'.repeat(30) });
      const { sample } = await load(checkpoint);
      for (const seed of [1, 2, 3, 4]) {
        const sampling = { length: 60, seed };
        assert.equal(sample(sampling), engineSample(checkpoint, backends['wasm']!, sampling).text);
      }
    });
  });

  it('has the defaults of the settings, and another seed each time where there is none', async () => {
    const { sample } = await load(await trained());
    const text = sample({ seed: 3 });
    assert.equal(text.length, 500);
    assert.equal(sample({ seed: 3, temperature: 0.8, topK: 0, topP: 1, length: 500 }), text);
    assert.notEqual(sample({}), sample({}));
    assert.notEqual(sample({ seed: 0 }), sample({ seed: 0 }));
  });

  it('says what an option must be', async () => {
    const { sample } = await load(await trained());
    assert.throws(
      () => sample({ temperature: -1 }),
      /temperature must be a number of at least 0; -1/,
    );
    assert.throws(() => sample({ topP: 1.5 }), /topP must be a number from 0 to 1; 1.5/);
    assert.throws(() => sample({ length: Number.NaN }), RangeError);
  });

  it('says that a model gives no numbers', async () => {
    const checkpoint = await trained();
    checkpoint.tensors.get('output.c')!.fill(NaN);
    const { sample } = await load(checkpoint);
    assert.throws(() => sample({}), /not a finite number/);
  });
});

describe('a script on its own', () => {
  let folder = '';
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab script-')));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  function node(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
  }

  it('is started by Node, with flags as the command line has them', async () => {
    const checkpoint = await trained({ cell: 'gru', settings: { 'model.layers': 2 } });
    fs.writeFileSync(path.join(folder, 'model é%20.js'), writeScript(checkpoint, 'javascript'));
    const flags = ['--length', '250', '--temperature', '0.7', '--top-k', '9', '--top-p', '0.95'];
    const sampling = {
      prime: 'the ',
      length: 250,
      temperature: 0.7,
      topK: 9,
      topP: 0.95,
      seed: 12,
    };
    const { text } = engineSample(checkpoint, backends['wasm']!, sampling);
    const written = node('model é%20.js', '--prime', 'the ', '--seed', '12', ...flags);
    assert.deepEqual(written, { ...written, status: 0, stderr: '', stdout: `the ${text}\n` });
    const wrong = node('model é%20.js', '--lenght', '3');
    assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /no flag --lenght\. Usage: node FILE \[--prime TEXT\]/);
  });

  it('does nothing by itself when it is imported', async () => {
    const checkpoint = await trained();
    fs.writeFileSync(path.join(folder, 'model.js'), writeScript(checkpoint, 'javascript'));
    fs.writeFileSync(
      path.join(folder, 'use.mjs'),
      "import { sample } from './model.js';\nprocess.stdout.write(sample({ length: 40, seed: 2 }));",
    );
    const { stdout, stderr } = node('use.mjs');
    const sampling = { length: 40, seed: 2 };
    assert.equal(stdout, engineSample(checkpoint, backends['wasm']!, sampling).text);
    assert.equal(stderr, '');
  });

  it('in TypeScript compiles at its strictest, and then does the same', async function () {
    const files = new Map<string, Checkpoint>();
    for (const [name, cell, settings] of models.filter((_, i) => i % 2 === 0)) {
      const tokenizer = ['char', 'byte', 'word', 'bpe'][files.size % 4]!;
      files.set(
        `${name.replaceAll(' ', '-')}.ts`,
        await trained({ cell, settings: { ...settings, 'data.tokenizer': tokenizer } }),
      );
    }
    for (const [name, checkpoint] of files) {
      fs.writeFileSync(path.join(folder, name), writeScript(checkpoint, 'typescript'));
    }
    const flags = [
      '--strict',
      '--noUnusedLocals',
      '--noUnusedParameters',
      '--noImplicitReturns',
      '--exactOptionalPropertyTypes',
      // The script's own types, not those that come with the compiler.
      '--skipLibCheck',
    ];
    const compiler = path.resolve('node_modules/typescript/bin/tsc');
    const compiled = node(
      compiler,
      '--ignoreConfig',
      ...flags,
      '--outDir',
      'compiled',
      ...files.keys(),
    );
    assert.equal(compiled.stdout, '');
    fs.writeFileSync(path.join(folder, 'compiled', 'package.json'), '{ "type": "module" }');
    for (const [name, checkpoint] of files) {
      const { stdout } = node(
        `compiled/${name.replace(/ts$/, 'js')}`,
        '--length',
        '100',
        '--seed',
        '4',
      );
      const sampling = { length: 100, seed: 4 };
      assert.equal(stdout, `${engineSample(checkpoint, backends['wasm']!, sampling).text}\n`);
    }
  });
});
