import assert from 'node:assert/strict';
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import { productOperations } from '../../../src/core/engine/operations';
import type { Mode } from '../../../src/core/engine/model';
import { prepare, type Sizes } from './tools';

function counted(source: string, sizes: Sizes): number {
  const { model, loaded } = prepare(source, sizes);
  return productOperations(model, loaded.program);
}

describe('operations of a step', () => {
  const [hidden, vocabulary, batch, sequence] = [100, 65, 3, 7];
  const sizes = (mode: Mode) => ({ hidden, vocabulary, batch, sequence, mode });
  const rows = batch * sequence;

  // A one-hot input costs nothing; each matrix that is multiplied by is 2 operations an entry and row.
  const gates = { vanilla: 1, gru: 3, lstm: 4 };
  for (const [name, source] of Object.entries({ vanilla, gru, lstm })) {
    const entries = gates[name as keyof typeof gates] * hidden ** 2 + vocabulary * hidden;

    it(`of ${name} forward: 2 an entry of the recurrent and output matrices`, () => {
      assert.equal(counted(source, sizes('evaluate')), 2 * rows * entries);
    });

    it(`of ${name} trained: as often backward, and again for the gradients`, () => {
      assert.equal(counted(source, sizes('train')), 6 * rows * entries);
    });
  }

  it('of two layers with an embedding', () => {
    const embedding = 12;
    const matrices = hidden * embedding + 3 * hidden ** 2 + vocabulary * hidden;
    const got = counted(vanilla, { ...sizes('train'), layers: 2, embedding });
    assert.equal(got, 6 * rows * matrices);
  });
});
