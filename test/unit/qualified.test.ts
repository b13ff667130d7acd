import * as assert from 'node:assert/strict';
import { inLayer, readQualified, topOutput } from '../../src/core/qualified';
import { firstWhere, median } from '../../src/core/numerics';

describe('qualified names', () => {
  it('are taken apart as they are put together', () => {
    for (const layer of [1, 2, 9, 10, 123]) {
      for (const symbol of ['W', 'h', "c'", 'Wz', 'ĥ']) {
        const name = inLayer(layer, symbol);
        assert.deepEqual(readQualified(name), { place: `layer${layer}`, layer, symbol });
      }
    }
  });

  it('belong to no layer outside the layers', () => {
    assert.deepEqual(readQualified('output.V'), { place: 'output', layer: 0, symbol: 'V' });
    assert.deepEqual(readQualified('embedding.E'), { place: 'embedding', layer: 0, symbol: 'E' });
    assert.deepEqual(readQualified('h'), { place: '', layer: 0, symbol: 'h' });
  });

  it('have the output of the highest layer, by number and not by letter', () => {
    const variables = [9, 10, 2].map((layer) => ({ layer }));
    assert.equal(topOutput({ variables, output: 's' }), 'layer10.s');
  });
});

describe('numerics', () => {
  it('finds by halving what a search from the front finds', () => {
    const sorted = [1, 3, 3, 3, 7, 20];
    for (let value = 0; value <= 21; value++) {
      const found = sorted.findIndex((entry) => entry >= value);
      const expected = found < 0 ? sorted.length : found;
      assert.equal(
        firstWhere(0, sorted.length, (i) => sorted[i]! >= value),
        expected,
      );
    }
  });

  it('has the middle of odd and even lists, sorted as numbers', () => {
    assert.equal(median([10, 9, 100]), 10);
    assert.equal(median([10, 9, 100, 2]), 9.5);
    assert.ok(Number.isNaN(median([])));
  });
});
