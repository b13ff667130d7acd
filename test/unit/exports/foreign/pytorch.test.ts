import assert from 'node:assert/strict';
import fs from 'node:fs';
import { importModel } from '../../../../src/core/exports/import-model';
import { InputError } from '../../../../src/core/input-error';
import { asVocabulary, bytesOf, differenceOf, foreignCases, textModel } from './tools';

const made = foreignCases('pytorch.json');
const vocabulary = asVocabulary(JSON.stringify(Array.from(made.characters)));

describe('a state_dict of PyTorch', () => {
  for (const each of made.cases) {
    it(`is a model with PyTorch’s logits: ${each.file}`, () => {
      for (const engine of ['reference', 'wasm']) {
        assert.ok(differenceOf(bytesOf(each.file), each, made, engine) < 1e-5, engine);
      }
    });
  }

  it('becomes the cell that it is', () => {
    const cellOf = (file: string): string => {
      const told = { vocabulary, nonlinearity: file.includes('before') ? 'relu' : 'tanh' } as const;
      return textModel(importModel(bytesOf(file), file, told)).model.spec.cell.name;
    };
    assert.deepEqual(
      made.cases.map(({ file }) => cellOf(file)),
      ['lstm', 'lstm', 'gru', 'vanilla-relu', 'vanilla', 'gru', 'lstm'],
    );
  });

  it('is refused in words that say what does not fit, and nothing of it is executed', () => {
    for (const [file, problem] of [
      ['evil.pt', /cannot be imported: it holds posix\.system, for which code would have to run/],
      ['module.pt', /it holds __main__\.Network, for which code/],
      ['numpy.pt', /it holds numpy\.\S+\.scalar, for which code/],
      ['both-ways.pt', /weight_ih_l0_reverse is of a layer that reads from the end, too/],
      ['projected.pt', /weight_hr_l0 is of an LSTM with projections \(proj_size\)/],
      ['classifier.pt', /it has no recurrent layer of PyTorch’s.*; it has weight, bias\./],
      ['half-a-layer.pt', /rnn\.weight_hh_l1 is missing\./],
      ['wrong-shape.pt', /rnn\.weight_ih_l1 has the shape \[20, 4\], not \[20, 5\]\./],
      [
        'normalised.pt',
        /norm\.weight \[5\] is of neither an embedding \[C, 4\] nor a linear layer \[C, 5\]/,
      ],
      [
        'translation.pt',
        /it is an encoder and a decoder \(encoder\.rnn\., decoder\.rnn\.\): only layers one above/,
      ],
      ['integers.pt', /rnn\.weight_ih_l0 holds I64 numbers/],
    ] as const) {
      assert.throws(
        () => importModel(bytesOf(file), file, { vocabulary }),
        (error) => error instanceof InputError && problem.test(error.message),
        file,
      );
    }
    assert.ok(!fs.existsSync('executed.txt'));
  });

  it('asks for what it does not tell', () => {
    assert.throws(() => importModel(bytesOf('lstm.pt'), 'lstm.pt'), {
      need: 'vocabulary',
      message: /lstm\.pt does not say which tokens its 7 are\. Give its vocabulary/,
    });
    assert.throws(() => importModel(bytesOf('rnn-float64.pt'), 'r', { vocabulary }), {
      need: 'nonlinearity',
    });
  });
});
