import assert from 'node:assert/strict';
import { importModel } from '../../../../src/core/exports/import-model';
import { InputError } from '../../../../src/core/input-error';
import { asVocabulary, bytesOf, differenceOf, foreignCases, textModel } from './tools';

const made = foreignCases('keras.json');
const vocabulary = asVocabulary(JSON.stringify(Array.from(made.characters)));

describe('a model of Keras', () => {
  for (const each of made.cases) {
    it(`has the logits of its equations: ${each.file}`, () => {
      for (const engine of ['reference', 'wasm']) {
        assert.ok(differenceOf(bytesOf(each.file), each, made, engine) < 1e-5, engine);
      }
    });
  }

  it('becomes the cell that it is', () => {
    assert.deepEqual(
      made.cases.map(
        ({ file }) =>
          textModel(importModel(bytesOf(file), file, { vocabulary })).model.spec.cell.name,
      ),
      ['lstm', 'gru', 'gru-reset-first', 'vanilla', 'lstm', 'gru', 'vanilla-relu'],
    );
  });

  it('is refused in words that say what does not fit', () => {
    for (const [file, problem] of [
      [
        'hard-sigmoid.keras',
        /the recurrent_activation of its layer my_gru_0 \(GRU\), "hard_sigmoid", has no equation here/,
      ],
      ['wrong-shape.keras', /layers\/lstm\/cell\/vars\/0 has the shape \[2, 16\], not \[3, 16\]\./],
      [
        'convolution.keras',
        /its layer conv \(Conv1D\) is none of Embedding, LSTM, GRU, SimpleRNN, Dense/,
      ],
      [
        'relu-between.keras',
        /the activation of its layer between \(Activation\), "relu", has no equation here/,
      ],
    ] as const) {
      assert.throws(
        () => importModel(bytesOf(file), file, { vocabulary }),
        (error) => error instanceof InputError && problem.test(error.message),
        file,
      );
    }
  });
});
