import assert from 'node:assert/strict';
import { formatFor } from '../../../../src/protocol/format';
import {
  classScores,
  confusionMatrix,
  confusionRows,
  type Confusion,
} from '../../../../webview/views/results/confusion';

/** Of 6 cats one is taken for a dog, of 3 dogs two for cats; nothing is a fox. */
const confusion: Confusion = {
  classes: ['cat', 'dog', 'fox'],
  counts: Float64Array.of(5, 1, 0, 2, 1, 0, 0, 0, 0),
};

describe('a confusion matrix', () => {
  it('has the precision, recall and F1 of each class, as they are defined', () => {
    assert.deepEqual(classScores(confusion), [
      { name: 'cat', examples: 6, precision: 5 / 7, recall: 5 / 6, f1: 10 / 13 },
      { name: 'dog', examples: 3, precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 },
      { name: 'fox', examples: 0, precision: NaN, recall: NaN, f1: NaN },
    ]);
  });

  it('shows counts, or shares of a row or a column that come to one', () => {
    const cells = (quantity: Parameters<typeof confusionMatrix>[1]) => {
      const { at } = confusionMatrix(confusion, quantity);
      return [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
    };
    assert.deepEqual(cells('counts'), [5, 1, 2, 1]);
    assert.deepEqual(cells('row'), [5 / 6, 1 / 6, 2 / 3, 1 / 3]);
    assert.deepEqual(cells('column'), [5 / 7, 1 / 2, 2 / 7, 1 / 2]);
    assert.deepEqual(confusionMatrix(confusion, 'counts').scale, {
      ...{ kind: 'sequential', least: 0, greatest: 5 },
    });
  });

  it('says of a cell which mistake it is, how often it was made, and of how many', () => {
    const values = (row: number, column: number) =>
      confusionRows(confusion, { row, column }, formatFor('en')).map(({ value }) => value);
    assert.deepEqual(values(1, 0), ['dog', 'cat', '2', '67%', '29%']);
    assert.deepEqual(values(2, 0), ['fox', 'cat', '0', '–', '0%']);
  });
});
