/** Examples of different length, in every input/output shape, against central differences. */
import assert from 'node:assert/strict';
import { largestError } from './largest-error';
import { drawings } from './shapes-models';
import { examplesOf, fill, randomiseParameters, stage } from './sketch';
import { often } from '../often';

const bound = 1e-7;

describe('backpropagation through examples against central differences', () => {
  for (const [name, drawing] of Object.entries(drawings)) {
    it(name, () => {
      const extent = { batch: 4, sequence: 6, answer: 5 };
      const bench = stage(drawing, extent);
      randomiseParameters(bench, 21);
      // An earlier run leaves other lengths and numbers behind.
      fill(bench, examplesOf(4, extent, 3));
      bench.loaded.run(0);
      fill(bench, examplesOf(3, extent, 4));
      const error = largestError(bench, often(4));
      assert.ok(error < bound, `largest relative error ${String(error)}`);
    });
  }
});
