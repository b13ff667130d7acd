import assert from 'node:assert/strict';
import { createExampleBatches } from '../../../src/core/task/example-batches';
import { csv, taskOf } from './tools';

describe('batches of examples', () => {
  it('mix rows of one length, in whatever order the file has them; each comes once', async () => {
    // 4,000 rows of the same length, the first half of one class.
    const rows = Array.from({ length: 4000 }, (_, i) => [
      String(i + 1000).replace(/./g, (digit) => 'abcdefghij'[Number(digit)]!),
      i < 2000 ? 'first' : 'second',
    ]);
    const { dataset, examples } = await taskOf(csv('text,label', rows), {
      tokenizer: 'char',
      validation: 0,
      test: 0,
    });
    const batches = createExampleBatches(dataset, dataset.parts.train, 32, 1);
    const seen: number[] = [];
    for (let i = 0; i < batches.chunks; i++) {
      const batch = [...batches.next()].map((example) => examples[example]!);
      seen.push(...batch);
      const first = batch.filter((row) => row < 2000).length;
      // Binomial with n = 32, p = 1/2: beyond these once in some thousand million.
      assert.ok(first > 0 && first < 32, `${String(first)} of ${String(batch.length)}`);
    }
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      rows.map((_, i) => i),
    );
  });
});
