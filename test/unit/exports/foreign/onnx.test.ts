import assert from 'node:assert/strict';
import { writeOnnx } from '../../../../src/core/exports/onnx/write';
import { importModel } from '../../../../src/core/exports/import-model';
import { InputError } from '../../../../src/core/input-error';
import { createReader } from '../../../../src/core/sampling/reader';
import { backends, engineSample, networkOf, trained } from '../../formats/tools';
import { onnxRuntime } from '../onnx-runtime';
import { asVocabulary, bytesOf, textModel } from './tools';

const characters = Array.from('\n abcd🙂');
const vocabulary = asVocabulary(JSON.stringify(characters));
const tokens = [3, 0, 6, 1, 1, 5, 2, 4, 0, 3, 2, 6];

/** `[T, C]`, as ONNX Runtime computes them. */
async function logitsOf(bytes: Uint8Array): Promise<Float32Array> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = { tokens: new Tensor('int64', BigInt64Array.from(tokens, BigInt), [12, 1]) };
  return (await session.run(feeds))['logits']!.data;
}

const read: Readonly<Record<string, string>> = {
  'lstm-pytorch.onnx': 'lstm',
  'gru-pytorch.onnx': 'gru',
  'rnn-pytorch.onnx': 'vanilla-relu',
  'lstm-peepholes.onnx': 'peephole-lstm',
  'gru-reset-first.onnx': 'gru-reset-first',
  'gru-reset-after.onnx': 'gru',
  'rnn-without-bias.onnx': 'vanilla',
};

describe('an ONNX model of another program', () => {
  for (const [file, cell] of Object.entries(read)) {
    it(`has the logits that ONNX Runtime gives: ${file}`, async () => {
      const expected = await logitsOf(bytesOf(file));
      const checkpoint = textModel(importModel(bytesOf(file), file, { vocabulary }));
      assert.equal(checkpoint.model.spec.cell.name, cell);
      const network = networkOf(checkpoint, backends['reference']!);
      const reader = createReader(network);
      reader.reset();
      let largest = 0;
      const ours = characters.map((each) => checkpoint.tokenizer.encode(each).ids[0]!);
      tokens.forEach((token, t) => {
        reader.read([ours[token]!]);
        const found = reader.logits();
        ours.forEach((id, i) => {
          largest = Math.max(largest, Math.abs(found[id]! - expected[t * ours.length + i]!));
        });
      });
      network.backend.close();
      assert.ok(largest < 1e-5, String(largest));
    });
  }

  it('may be one that RNN Lab has written, with its tokenizer', async () => {
    for (const [cell, settings] of [
      ['lstm', { 'model.layers': 2, 'model.embedding': 3 }],
      ['gru', {}],
      ['vanilla', { 'data.tokenizer': 'byte' }],
    ] as const) {
      const checkpoint = await trained({ cell, settings });
      const imported = textModel(importModel(writeOnnx(checkpoint), 'own.onnx'));
      const sampling = { length: 60, seed: 4 };
      const sampled = (of: typeof checkpoint) => engineSample(of, backends['wasm']!, sampling).text;
      assert.equal(sampled(imported), sampled(checkpoint), cell);
    }
  });

  it('is refused in words that say what does not fit', async () => {
    const other = writeOnnx(await trained({ cell: 'min-gru' }));
    for (const [bytes, problem] of [
      [bytesOf('lstm-coupled.onnx'), /the attribute input_forget of its LSTM has a value/],
      [bytesOf('gru-from-the-end.onnx'), /its GRU reads from the end/],
      [bytesOf('rnn-affine.onnx'), /the attribute activations of its RNN/],
      [bytesOf('lstm-clipped.onnx'), /the attribute clip of its LSTM/],
      [other, /its operator \S+ \(\S+\) is none that is read here/],
      [bytesOf('lstm-pytorch.onnx').subarray(0, -300), /its ONNX cannot be read/],
    ] as const) {
      assert.throws(
        () => importModel(bytes, 'model.onnx', { vocabulary }),
        (error) => error instanceof InputError && problem.test(error.message),
        problem.source,
      );
    }
  });
});
