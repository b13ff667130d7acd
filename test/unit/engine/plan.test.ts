import assert from 'node:assert/strict';
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import { prepare } from './tools';

function outline(source: string, layers = 1): string[] {
  const { loaded } = prepare(source, {
    hidden: 8,
    vocabulary: 5,
    batch: 2,
    sequence: 4,
    layers,
    mode: 'train',
  });
  return loaded.program.phases.map(
    ({ kind, instructions }) => `${kind}: ${instructions.map(({ op }) => op).join(' ')}`,
  );
}

describe('plan', () => {
  it('leaves one product and one elementwise chain a direction in the loops', () => {
    for (const source of [vanilla, lstm]) {
      const loops = outline(source).filter((line) => line.includes('loop'));
      assert.deepEqual(loops, [
        'forward loop: product elementwise',
        'backward loop: elementwise product',
      ]);
    }
    // The GRU's h reaches h[t-1] past the product as well, so one more sum follows it.
    assert.deepEqual(
      outline(gru).filter((line) => line.includes('loop')),
      ['forward loop: product elementwise', 'backward loop: elementwise product elementwise'],
    );
  });

  it('takes a one-hot input as a gather and every weight gradient after the loop', () => {
    const lines = outline(lstm);
    assert.match(lines[0]!, /^sweep: gather/);
    assert.match(lines.at(-1)!, /^reduction: (outer|scatter|sum)/);
    assert.equal(lines.join(' ').match(/outer/g)?.length, 2, 'R stacked, and V');
  });

  it('gives each layer a loop of its own', () => {
    const kinds = outline(lstm, 2).map((line) => line.split(':')[0]);
    assert.deepEqual(kinds, [
      'sweep',
      'forward loop',
      'sweep',
      'forward loop',
      'sweep',
      'backward loop',
      'sweep',
      'backward loop',
      'reduction',
    ]);
  });
});
