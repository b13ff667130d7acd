import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { copiedFrom } from '../../../src/core/exports/huggingface/write';
import { decodeMetrics } from '../../../src/core/training/run';
import { rnnLab, sampleText, temporaryFolder } from '../cli/tools';

describe('an export in the layout of Hugging Face', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]): string => path.join(folder, ...names);
  const read = (...names: string[]): string => fs.readFileSync(at(...names), 'utf8');
  const text = sampleText.repeat(3);

  before(async () => {
    fs.writeFileSync(at('english.txt'), text);
    const asked = ['--cell', 'gru', '--hidden', '8', '--steps', '30', '--evaluate-every', '10'];
    const same = ['--kernels', 'strict', '--threads', '1', '--seed', '5', '--schedule', 'constant'];
    const trained = await rnnLab([
      'train',
      at('english.txt'),
      ...asked,
      ...same,
      '--out',
      at('run'),
    ]);
    assert.equal(trained.code, 0, trained.stderr);
    const words = ['--tokenizer', 'word', '--vocabulary', '20', '--hidden', '4', '--steps', '3'];
    await rnnLab(['train', at('english.txt'), ...words, '--out', at('words')]);
    const bytes = ['--tokenizer', 'byte', '--hidden', '4', '--steps', '3'];
    await rnnLab(['train', at('english.txt'), ...bytes, '--out', at('bytes')]);
    for (const name of ['run', 'words', 'bytes']) {
      const asked = ['export', at(name), '--format', 'huggingface', '--out', at(`${name}-hf`)];
      const { code, stderr } = await rnnLab([...asked, '--checkpoint', 'last']);
      assert.equal(code, 0, stderr);
    }
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('has a model that is imported again', async () => {
    const { code } = await rnnLab([
      'import',
      at('run-hf', 'model.safetensors'),
      '--out',
      at('again'),
    ]);
    assert.equal(code, 0);
    const sampling = ['--length', '60', '--seed', '3'];
    const sampled = async (run: string): Promise<string> =>
      (await rnnLab(['sample', at(run), ...sampling, '--checkpoint', 'last'])).stdout;
    assert.equal(await sampled('again'), await sampled('run'));
  });

  it('has a card with the losses, and what gzip makes of the held-out part', () => {
    const card = read('run-hf', 'README.md');
    const best = decodeMetrics(read('run', 'metrics.jsonl'))
      .flatMap((event) => (event.event === 'evaluation' && event.row.best ? [event.row] : []))
      .at(-1)!;
    const loss = best.validationLoss.toFixed(4);
    const bits = (best.validationLoss / Math.LN2).toFixed(3);
    assert.ok(card.includes(`| this model, after step ${best.step} | **${loss}** | **${bits}** |`));
    const info = JSON.parse(read('run', 'run.json')) as {
      text: { hash: string; validationTokens: number };
    };
    assert.ok(card.includes(info.text.hash));
    // The last part is held out, and a token is a character.
    const cut = text.length - info.text.validationTokens;
    const packed = gzipSync(text).length - gzipSync(text.slice(0, cut)).length;
    const gzip = /\| gzip \| \| ([\d.]+) \|/.exec(card)?.[1];
    assert.ok(Math.abs(Number(gzip) - (8 * packed) / (text.length - cut)) < 0.1, gzip);
    const ppm = Number(/\| PPM-C of order 5 \| \| ([\d.]+) \|/.exec(card)?.[1]);
    // A text that repeats itself is no surprise to what has read it.
    assert.ok(ppm > 0 && ppm < 1, String(ppm));
  });

  it('counts stretches that stand in the text as they are', () => {
    const sample = 'a little word, then zzz. A little word again';
    const source = 'the little word and then a little word.';
    for (const { length, of, found } of copiedFrom(source, sample, [3, 5, 12])) {
      const all = Array.from({ length: of }, (_, i) => sample.slice(i, i + length));
      assert.equal(of, sample.length - length + 1);
      assert.equal(found, all.filter((stretch) => source.includes(stretch)).length);
      assert.ok(found > 0);
    }
  });

  it('has the line that trains it again, to the bit', async () => {
    const card = read('run-hf', 'README.md');
    const line = /^rnn-lab train (.*)$/m.exec(card)?.[1];
    assert.ok(line);
    const { code, stderr } = await rnnLab(
      ['train', ...line.split(' '), '--out', at('twice')],
      folder,
    );
    assert.equal(code, 0, stderr);
    const tensors = (run: string): Buffer => {
      const file = fs.readFileSync(at(run, 'checkpoint-last.safetensors'));
      return file.subarray(8 + Number(file.readBigUInt64LE()));
    };
    assert.deepEqual(tensors('twice'), tensors('run'));
  });

  it('has a tokenizer of characters or bytes, and none where the library would cut otherwise', () => {
    interface Tokenizer {
      readonly model: { readonly vocab: Readonly<Record<string, number>> };
    }
    const { vocab } = (JSON.parse(read('run-hf', 'tokenizer.json')) as Tokenizer).model;
    const inOrder = [...new Set(text)].sort();
    assert.deepEqual(
      Object.entries(vocab).sort(([, a], [, b]) => a - b),
      inOrder.map((character, id) => [character, id]),
    );
    const bytes = (JSON.parse(read('bytes-hf', 'tokenizer.json')) as Tokenizer).model.vocab;
    assert.equal(Object.keys(bytes).length, 256);
    assert.deepEqual([bytes['A'], bytes['Ġ'], bytes['Ċ'], bytes['Ń']], [65, 32, 10, 173]);
    assert.ok(!fs.existsSync(at('words-hf', 'tokenizer.json')));
    const config = JSON.parse(read('words-hf', 'config.json')) as { tokenizer: { kind: string } };
    assert.equal(config.tokenizer.kind, 'word');
  });
});
