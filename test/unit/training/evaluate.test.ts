import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/cells';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { buildModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { logProbability } from '../../../src/core/sampling/choose';
import { createReader } from '../../../src/core/sampling/reader';
import { evaluateText, finish } from '../../../src/core/training/evaluate';
import { initialise } from '../../../src/core/engine/initialise';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { createRandom } from '../../../src/core/random/random';
import { makeTrainer, runSteps, sampleText } from './tools';
import { createTokenizer } from '../data/tools';

function untrained(tokenizer: Tokenizer): Network {
  const { vocabulary } = tokenizer;
  const spec = { hidden: 6, layers: 1, vocabulary, embedding: 0, dropout: 0.5 };
  const model = buildModel({ cell: loadCell('gru'), ...spec });
  const backend = createReferenceBackend(model.layout);
  initialise(model, backend.floats(), createRandom(1));
  return createNetwork(model, backend);
}

/** Nats of all tokens but the first, read one by one. */
function nats(network: Network, ids: ArrayLike<number>): number {
  const reader = createReader(network);
  reader.reset();
  let sum = 0;
  for (let i = 1; i < ids.length; i++) {
    reader.read([ids[i - 1]!]);
    sum -= logProbability(reader.logits(), ids[i]!);
  }
  return sum;
}

describe('evaluation of a text', () => {
  it('is the mean of the tokens’ losses, read one by one', async () => {
    const trainer = await makeTrainer({ settings: { 'training.steps': 150 } });
    runSteps(trainer);
    // Short enough for one row: no warm-up.
    const text = sampleText(80, 9).slice(0, 300);
    const { ids } = trainer.tokenizer.encode(text);
    const found = finish(evaluateText(trainer.network, trainer.tokenizer.encode(text)));
    const expected = nats(trainer.network, ids) / (ids.length - 1);
    assert.ok(Math.abs(found.loss - expected) < 1e-12);
    assert.equal(found.tokens, ids.length - 1);
    assert.ok(Math.abs(found.perplexity - Math.exp(expected)) < 1e-9);
    assert.ok(Math.abs(found.bitsPerCharacter - expected / Math.LN2) < 1e-12);
  });

  it('is nearly the same when a long text is measured in many rows at once', async () => {
    const trainer = await makeTrainer({ settings: { 'training.steps': 150 } });
    runSteps(trainer);
    const text = sampleText(2500, 9);
    const found = finish(evaluateText(trainer.network, trainer.tokenizer.encode(text)));
    const { ids } = trainer.tokenizer.encode(text);
    assert.equal(found.tokens, ids.length - 1);
    const expected = nats(trainer.network, ids) / (ids.length - 1);
    assert.ok(Math.abs(found.loss - expected) < 1e-6, String(found.loss - expected));
  });

  it('counts bits by character, whatever the tokenizer', () => {
    const text = 'grün 😀 über 漢字 und grün';
    const characters = Array.from(text).length;
    for (const kind of ['char', 'byte', 'word'] as const) {
      const tokenizer = createTokenizer(kind, text, 100);
      const network = untrained(tokenizer);
      const { ids } = tokenizer.encode(text);
      const found = finish(evaluateText(network, tokenizer.encode(text)));
      const first = Array.from(tokenizer.decode(ids.subarray(0, 1))).length;
      assert.equal(found.characters, characters - first);
      const bits = nats(network, ids) / Math.LN2;
      assert.ok(Math.abs(found.bitsPerCharacter - bits / found.characters) < 1e-12);
      assert.ok(Math.abs(found.bitsPerToken - bits / (ids.length - 1)) < 1e-12);
    }
  });

  it('reports what the tokenizer does not know, and refuses a text with nothing to predict', () => {
    const tokenizer = createTokenizer('char', 'abc', 0);
    const network = untrained(tokenizer);
    const measure = (text: string) => finish(evaluateText(network, tokenizer.encode(text)));
    assert.deepEqual(measure('abΩcaΩ').unknown, { kinds: 1, times: 2, examples: ['Ω'] });
    assert.throws(() => measure('ΩaΩ'), /fewer than two tokens/);
  });
});
