import assert from 'node:assert/strict';
import { createRandom } from '../../../src/core/random/random';
import { countWords } from '../../../src/core/vectors/count-words';
import {
  aliasTable,
  trainSkipGram,
  type SkipGramOptions,
  type WordCorpus,
} from '../../../src/core/vectors/skip-gram';
import { memoryText } from '../../../src/core/data/source';
import { readText } from '../../../src/core/data/read-text';

const options: SkipGramOptions = {
  ...{ width: 10, window: 3, negatives: 4, subsample: 0, epochs: 3, rate: 0.3, seed: 5 },
};

function trained(corpus: WordCorpus, changes: Partial<SkipGramOptions> = {}): Float32Array {
  const training = trainSkipGram(corpus, { ...options, ...changes });
  let shares = 0;
  for (;;) {
    const { done, value } = training.next();
    if (done === true) return value;
    assert.ok(value > shares && value <= 1);
    shares = value;
  }
}

/** Lines of some words, each drawn. */
function corpusOf(words: number, lines: number): WordCorpus {
  const random = createRandom(9);
  const ids: number[] = [];
  for (let line = 0; line < lines; line++) {
    for (let i = 1 + random.integer(9); i > 0; i--) ids.push(random.integer(words));
    ids.push(-1);
  }
  const counts = Array.from({ length: words }, (_, word) => ids.filter((id) => id === word).length);
  return { counts, ids: Int32Array.from(ids) };
}

/** The same in float64, as the paper has it, drawing the same numbers. */
function plainly({ counts, ids }: WordCorpus, wanted: SkipGramOptions): number[][] {
  const { width, window, negatives, subsample, epochs, rate, seed } = wanted;
  const words = counts.length;
  const random = createRandom(seed);
  const inputs = Array.from({ length: words }, () =>
    Array.from({ length: width }, () => (2 * random.uniform() - 1) / width),
  );
  const outputs = Array.from({ length: words }, () => new Array<number>(width).fill(0));
  const mask = (1n << 64n) - 1n;
  const word64 = (): bigint => (BigInt(random.bits() >>> 0) << 32n) | BigInt(random.bits() >>> 0);
  const state: [bigint, bigint] = [word64(), word64()];
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & mask;
  const draw = (): bigint => {
    const [a, old] = state;
    const b = old ^ a;
    state[0] = rotate(a, 24n) ^ b ^ ((b << 16n) & mask);
    state[1] = rotate(b, 37n);
    return (a + old) & mask;
  };
  const among = (bits: bigint, n: number): number => Number(((bits >> 32n) * BigInt(n)) >> 32n);
  const share = (bits: bigint): number => Number((bits & 0xffffffffn) >> 8n) / 2 ** 24;
  const table = aliasTable(Float64Array.from(counts, (count) => count ** 0.75));
  const all = Array.from(counts).reduce((a, b) => a + b, 0);
  const kept = Array.from(counts, (count) => {
    const ratio = (subsample * all) / count;
    return subsample > 0 ? Math.sqrt(ratio) + ratio : 1;
  });
  const learn = (sentence: readonly number[], eta: number): void => {
    sentence.forEach((word, i) => {
      const reach = 1 + among(draw(), window);
      for (let j = Math.max(0, i - reach); j <= Math.min(sentence.length - 1, i + reach); j++) {
        if (j === i) continue;
        const row = inputs[word]!;
        const change = new Array<number>(width).fill(0);
        for (let n = 0; n <= negatives; n++) {
          let target = sentence[j]!;
          if (n > 0) {
            const bits = draw();
            const slot = among(bits, words);
            target = share(bits) < table.shares[slot]! ? slot : table.aliases[slot]!;
            if (target === sentence[j]) continue;
          }
          const other = outputs[target]!;
          const dot = row.reduce((sum, value, d) => sum + value * other[d]!, 0);
          const g = (Number(n === 0) - 1 / (1 + Math.exp(-dot))) * eta;
          for (let d = 0; d < width; d++) {
            change[d]! += g * other[d]!;
            other[d]! += g * row[d]!;
          }
        }
        change.forEach((value, d) => (row[d]! += value));
      }
    });
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    let sentence: number[] = [];
    ids.forEach((id, i) => {
      if (id >= 0 && share(draw()) < kept[id]!) sentence.push(id);
      if (id >= 0) return;
      const left = 1 - (epoch * ids.length + i) / (epochs * ids.length);
      if (sentence.length > 1) learn(sentence, rate * left);
      sentence = [];
    });
  }
  return inputs;
}

describe('skip-gram with negative sampling', () => {
  it('learns what the paper’s formulas come to in float64', () => {
    const corpus = corpusOf(30, 150);
    for (const changes of [{}, { subsample: 0.01 }, { width: 13, window: 1, negatives: 1 }]) {
      const wanted = plainly(corpus, { ...options, ...changes }).flat();
      const got = trained(corpus, changes);
      assert.equal(got.length, wanted.length);
      // The table of σ has 256 steps a unit: its slope, 1/4 at most, by half a step, by η, a few hundred times.
      const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));
      assert.ok(worst < 2e-3, String(worst));
      const moved = Math.max(...wanted.map(Math.abs));
      assert.ok(moved > 0.3, String(moved));
    }
  });

  it('gives the same bits for a seed, and others for another', () => {
    const corpus = corpusOf(20, 60);
    assert.deepEqual(trained(corpus), trained(corpus));
    assert.notDeepEqual(trained(corpus), trained(corpus, { seed: 6 }));
  });

  it('cuts a text of one long line, and learns all of it', () => {
    const ids = Int32Array.from({ length: 70_000 }, (_, i) => i % 7);
    const counts = Array.from({ length: 7 }, () => 10_000);
    const vectors = trained({ counts, ids }, { epochs: 1 });
    assert.ok(vectors.every(Number.isFinite));
  });

  it('brings words together that stand in the same places', () => {
    const random = createRandom(3);
    const ids: number[] = [];
    // Words 0 and 1 stand beside 2 to 5, words 6 and 7 beside 8 to 11.
    for (let line = 0; line < 3000; line++) {
      const first = 6 * random.integer(2);
      ids.push(
        first + 2 + random.integer(4),
        first + random.integer(2),
        first + 2 + random.integer(4),
        -1,
      );
    }
    const counts = Array.from({ length: 12 }, (_, word) => ids.filter((id) => id === word).length);
    const vectors = trained({ counts, ids: Int32Array.from(ids) }, { epochs: 5 });
    const cosine = (a: number, b: number): number => {
      const [u, v] = [a, b].map((word) => [...vectors.subarray(word * 10, word * 10 + 10)]);
      const dot = (p: number[], q: number[]) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
      return dot(u!, v!) / Math.sqrt(dot(u!, u!) * dot(v!, v!));
    };
    assert.ok(cosine(0, 1) > 0.9 && cosine(6, 7) > 0.9);
    assert.ok(cosine(0, 6) < 0.5 && cosine(1, 7) < 0.5);
  });

  it('draws each word in proportion to its weight', () => {
    const weights = Float64Array.from([8, 0.5, 3, 1, 1, 20, 0.01]);
    const { shares, aliases } = aliasTable(weights);
    const drawn = new Float64Array(weights.length);
    shares.forEach((share, slot) => {
      drawn[slot]! += share / weights.length;
      drawn[aliases[slot]!]! += (1 - share) / weights.length;
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    drawn.forEach((probability, i) => {
      assert.ok(Math.abs(probability - weights[i]! / sum) < 1e-7);
    });
  });
});

describe('the words of a text', () => {
  it('are counted without white space and what is rare, line by line', async () => {
    const text = 'the cat. the cat\n\nthe dog the\n';
    const read = await readText(memoryText(text, 'text'), { kind: 'word', limit: 100 });
    const { words, counts, ids } = countWords(read, 2);
    assert.deepEqual(
      [words, counts],
      [
        ['the', 'cat'],
        [4, 2],
      ],
    );
    assert.deepEqual([...ids].join(), '0,1,0,1,-1,-1,0,0,-1');
    assert.throws(
      () => countWords(read, 4),
      /Only 1 of the text’s words come 4 times or more. Give a longer/,
    );
  });
});
