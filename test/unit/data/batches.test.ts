import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error';
import { createBatches, type Cursor } from '../../../src/core/data/batches';
import {
  createEvaluationBatches,
  evaluationShapes,
  limitStretches,
} from '../../../src/core/data/evaluation-batches';
import { splitText, type SplitRequest } from '../../../src/core/data/split';
import { toEnglish } from '../../../src/core/sentence';

/** Every token is its own place, so that what is read can be told. */
function places(tokens: number): Uint32Array {
  return Uint32Array.from({ length: tokens }, (_, i) => i);
}

function request(more: Partial<SplitRequest>): SplitRequest {
  return { tokens: 1000, batch: 4, sequence: 10, validation: 0.1, kind: 'tail', ...more };
}

const requests = fc.record({
  tokens: fc.integer({ min: 2, max: 700 }),
  batch: fc.integer({ min: 1, max: 9 }),
  sequence: fc.integer({ min: 1, max: 20 }),
  validation: fc.constantFrom(0, 0.05, 0.1, 0.5),
  kind: fc.constantFrom('tail' as const, 'streams' as const),
});

describe('split', () => {
  it('holds out the last tenth of tiny Shakespeare as nanoGPT does', () => {
    const split = splitText(request({ tokens: 1_115_394, batch: 32, sequence: 64 }));
    assert.deepEqual(split.training, [{ from: 1, to: 1_003_854 }]);
    assert.deepEqual(split.validation, [{ from: 1_003_854, to: 1_115_394 }]);
    assert.deepEqual(split.warnings, []);
  });

  it('holds out the tail of each of 50 streams as char-rnn does', () => {
    // char-rnn: floor(1115394 / 2500) = 446 chunks, floor(446 · 0.95) = 423 to train on, 23 to validate.
    const split = splitText({
      tokens: 1_115_394,
      batch: 50,
      sequence: 50,
      validation: 0.05,
      kind: 'streams',
    });
    assert.equal(split.training.length, 50);
    assert.deepEqual(split.training[1], { from: 1 + 446 * 50, to: 1 + (446 + 423) * 50 });
    assert.deepEqual(split.validation[1], { from: 1 + (446 + 423) * 50, to: 1 + 2 * 446 * 50 });
  });

  it('holds out the end of the text where streams are too short for it, and says so', () => {
    const split = splitText(request({ tokens: 100, sequence: 20, kind: 'streams' }));
    assert.deepEqual(split.validation, [{ from: 90, to: 100 }]);
    assert.match(
      toEnglish(split.warnings[0]!.message),
      /too short to hold out the end of each stream/,
    );
    const enough = splitText(request({ tokens: 100, kind: 'streams', validation: 0.5 }));
    assert.equal(enough.validation.length, 4);
    assert.deepEqual(enough.warnings, []);
  });

  it('makes batch and sequence smaller for a short text, and says so', () => {
    const split = splitText(request({ tokens: 101, batch: 32, sequence: 64 }));
    assert.deepEqual([split.batch, split.sequence], [1, 64]);
    assert.match(
      toEnglish(split.warnings[0]!.message),
      /90 tokens to train on, too few for batch 32 and sequence 64: batch 1/,
    );
    const tiny = splitText(request({ tokens: 2 }));
    assert.deepEqual([tiny.batch, tiny.sequence], [1, 1]);
    assert.deepEqual(
      tiny.warnings.map((warning) => warning.code),
      ['no-validation', 'short-text'],
    );
    assert.throws(
      () => splitText(request({ tokens: 1 })),
      /one token; training needs at least two/,
    );
  });
});

describe('batches', () => {
  it('rows go on where they ended, over chunks', () => {
    const split = splitText(request({ tokens: 85, batch: 2, sequence: 10, validation: 0 }));
    const batches = createBatches(places(85), split);
    assert.equal(batches.chunks, 4);
    const tokens = new Int32Array(20);
    const targets = new Int32Array(20);
    const seen: number[][] = [[], []];
    for (let chunk = 0; chunk < 4; chunk++) {
      assert.equal(
        batches.fill(tokens, targets, () => assert.fail('asked')),
        chunk === 0,
      );
      for (let t = 0; t < 10; t++) for (const b of [0, 1]) seen[b]!.push(tokens[2 * t + b]!);
      assert.ok(targets.every((target, i) => target === tokens[i]! + 1));
    }
    assert.deepEqual(
      seen[0],
      Array.from({ length: 40 }, (_, i) => i),
    );
    assert.deepEqual(
      seen[1],
      Array.from({ length: 40 }, (_, i) => 40 + i),
    );
    assert.equal(batches.epoch(), 1);
    assert.equal(
      batches.fill(tokens, targets, (n) => (assert.equal(n, 5), 4)),
      true,
    );
    assert.equal(tokens[0], 4);
    assert.equal(batches.epoch(), 1.25);
  });

  it('never reads held-out tokens, whatever the sizes', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 0, max: 1000 }), (sizes, draw) => {
        const split = splitText(sizes);
        const allowed = new Set(split.training.flatMap(({ from, to }) => range(from, to)));
        const batches = createBatches(places(sizes.tokens), split);
        const size = split.batch * split.sequence;
        const tokens = new Int32Array(size);
        const targets = new Int32Array(size);
        for (let pass = 0; pass < 3; pass++) {
          const seen = new Set<number>();
          for (let chunk = 0; chunk < batches.chunks; chunk++) {
            batches.fill(tokens, targets, (n) => draw % n);
            targets.forEach((target, i) => {
              assert.equal(tokens[i], target - 1);
              assert.ok(allowed.has(target) && !seen.has(target));
              seen.add(target);
            });
          }
          assert.equal(seen.size, batches.chunks * size);
        }
      }),
    );
  });

  it('goes on from a cursor', () => {
    const split = splitText(request({ tokens: 133, validation: 0 }));
    const first = createBatches(places(133), split);
    const second = createBatches(places(133), split);
    const tokens = new Int32Array(40);
    const targets = new Int32Array(40);
    for (let i = 0; i < 5; i++) first.fill(tokens, targets, () => 7);
    second.restore(JSON.parse(JSON.stringify(first.cursor())) as Cursor);
    first.fill(tokens, targets, () => 3);
    const expected = [...tokens];
    second.fill(tokens, targets, () => 3);
    assert.deepEqual([...tokens], expected);
    assert.throws(() => second.restore({ epoch: 0, chunk: 99, shift: 0 }), InputError);
  });
});

describe('evaluation batches', () => {
  function measure(
    ids: Uint32Array,
    batches: ReturnType<typeof createEvaluationBatches>,
  ): number[] {
    const tokens = new Int32Array(batches.batch * batches.sequence);
    const targets = new Int32Array(tokens.length);
    const counted: number[] = [];
    const last: (number | undefined)[] = [];
    for (let chunk = 0; chunk < batches.chunks; chunk++) {
      batches.fill(chunk, tokens, targets);
      tokens.forEach((token, i) => {
        const row = i % batches.batch;
        if (targets[i]! < 0) {
          if (token !== 0) last[row] = token;
          return;
        }
        assert.equal(targets[i], token + 1);
        // A counted token's row has read what stands before it, or it is a stretch's first.
        if (last[row] !== undefined) assert.equal(token, last[row] + 1);
        last[row] = token;
        counted.push(targets[i]);
      });
    }
    assert.ok(ids.length > 0);
    return counted.sort((a, b) => a - b);
  }

  it('count each held-out token exactly once, whatever the sizes', () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 60 }), (sizes, mostPositions) => {
        const split = splitText(sizes);
        fc.pre(split.validation.length > 0);
        const ids = places(sizes.tokens);
        const { sequence } = sizes;
        const shapes = evaluationShapes(split.validation, sequence, 2 ** 24, mostPositions);
        const expected = split.validation.flatMap(({ from, to }) => range(from, to));
        for (const shape of shapes) {
          const batches = createEvaluationBatches(ids, split.validation, shape);
          assert.deepEqual(measure(ids, batches), expected);
          assert.equal(batches.tokens, expected.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('count no more than the limit', () => {
    const ids = places(1000);
    const stretches = limitStretches([{ from: 100, to: 1000 }], 250);
    const batches = createEvaluationBatches(ids, stretches, { batch: 8, sequence: 5 });
    assert.deepEqual(measure(ids, batches), range(100, 350));
  });

  it('cut a stretch into rows of whole chunks, and know which of them go on', () => {
    const stretch = { from: 1, to: 104 };
    const batches = createEvaluationBatches(places(104), [stretch], { batch: 4, sequence: 10 });
    // 103 tokens in rows of 30 are three rows and 13 tokens of a fourth.
    assert.ok(batches.isCut);
    assert.equal(batches.chunks, 3);
    assert.deepEqual([1, 2, 3].map(batches.rowsAfter), [4, 3, 3]);
    const empty = createEvaluationBatches(places(31), [{ from: 1, to: 31 }], {
      batch: 4,
      sequence: 10,
    });
    assert.deepEqual([0, 1].map(empty.rowsAfter), [3, 2]);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
