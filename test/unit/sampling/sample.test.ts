import assert from 'node:assert/strict';
import { byteTokenizer } from '../../../src/core/data/bytes';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { loadCell } from '../../../src/core/equations/load-cell';
import { buildModel } from '../../../src/core/engine/model';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { writeParameter } from '../../../src/core/engine/parameters';
import { parseCell } from '../../../src/core/equations/parse';
import { createReader } from '../../../src/core/sampling/reader';
import { sampleText, type SampledToken, type SampleEnd } from '../../../src/core/sampling/sample';
import { initialise } from '../../../src/core/engine/initialise';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { createRandom } from '../../../src/core/random/random';
import { parseSettings } from '../../../src/core/settings/settings';
import { createTokenizer } from '../data/tools';

function network(tokenizer: Tokenizer, source: string, seed = 1): Network {
  const cell = source.includes('=') ? parseCell(source, 'cell') : loadCell(source);
  const { vocabulary } = tokenizer;
  const model = buildModel({ cell, hidden: 6, layers: 2, vocabulary, embedding: 0, dropout: 0.5 });
  const backend = createReferenceBackend(model.layout);
  initialise(model, backend.floats(), createRandom(seed));
  const output = model.parameters.find(({ name }) => name === 'output.V')!;
  const random = createRandom(9);
  const values = Array.from({ length: output.rows * output.columns }, () => 3 * random.normal());
  writeParameter(backend.floats(), model.layout.parameters, output, values);
  backend.parametersChanged();
  return createNetwork(model, backend);
}

function sample(
  net: Network,
  tokenizer: Tokenizer,
  more: Record<string, unknown>,
): { tokens: SampledToken[]; text: string; end: SampleEnd } {
  const { sampling } = parseSettings({
    sampling: { length: 60, seed: 3, temperature: 1, ...more },
  });
  const generator = sampleText(net, tokenizer, sampling);
  const tokens: SampledToken[] = [];
  for (;;) {
    const { done, value } = generator.next();
    if (done === true)
      return { tokens, end: value, text: tokens.map((t) => t.text).join('') + value.rest };
    tokens.push(value);
  }
}

describe('reader', () => {
  for (const cell of ['lstm', 'h[t] = tanh(U x[t] + W h[t-1] + R h[t-4])']) {
    it(`expects the same after a long text read in chunks as after one read token by token: ${cell}`, () => {
      const tokenizer = createTokenizer('char', 'abcdefg', 0);
      const ids = Array.from({ length: 107 }, (_, i) => (i * i) % 7);
      const whole = createReader(network(tokenizer, cell));
      whole.reset();
      whole.read(ids.slice(0, 70));
      whole.read(ids.slice(70));
      const single = createReader(network(tokenizer, cell));
      single.reset();
      for (const id of ids) single.read([id]);
      assert.deepEqual(whole.logits(), single.logits());
      assert.equal(whole.logits().length, 7);
    });
  }
});

describe('sample', () => {
  const tokenizer = createTokenizer('char', 'hello world\n', 0);
  const net = network(tokenizer, 'gru');

  it('writes the same text for the same seed, another for another, and as many tokens as asked', () => {
    const once = sample(net, tokenizer, { prime: 'hello' });
    assert.equal(once.tokens.length, 60);
    assert.equal(once.text.length, 60);
    assert.equal(sample(net, tokenizer, { prime: 'hello' }).text, once.text);
    assert.notEqual(sample(net, tokenizer, { prime: 'hello', seed: 4 }).text, once.text);
    assert.notDeepEqual(sample(net, tokenizer, { prime: 'held' }).tokens[0], once.tokens[0]);
  });

  it('tells the log-probability that a separate reading of the text finds', () => {
    const { tokens } = sample(net, tokenizer, { prime: 'hello', temperature: 0.5, topK: 3 });
    const reader = createReader(net);
    reader.reset();
    reader.read(tokenizer.encode('hello').ids);
    for (const { id, logProbability } of tokens) {
      const odds = Array.from(reader.logits(), Math.exp);
      const expected = Math.log(odds[id]! / odds.reduce((sum, x) => sum + x, 0));
      assert.ok(Math.abs(expected - logProbability) < 1e-12);
      reader.read([id]);
    }
  });

  it('begins after a line end when there is no prime, and says what of a prime it does not know', () => {
    const { text } = sample(net, tokenizer, { prime: '\n' });
    assert.equal(sample(net, tokenizer, { prime: '' }).text, text);
    const strange = sample(net, tokenizer, { prime: '漢字' });
    assert.equal(strange.text, text);
    assert.deepEqual(strange.end.unknown, { kinds: 2, times: 2, examples: ['漢', '字'] });
    assert.equal(
      sample(net, tokenizer, { prime: 'HÉLLO' }).text,
      sample(net, tokenizer, { prime: 'hello' }).text,
    );
    const noLineEnd = createTokenizer('char', 'abc', 0);
    assert.equal(sample(network(noLineEnd, 'gru'), noLineEnd, {}).tokens.length, 60);
  });

  it('writes whole characters of a byte model only', () => {
    const bytes = byteTokenizer();
    const { tokens, text, end } = sample(network(bytes, 'gru'), bytes, { length: 400 });
    assert.equal(text, bytes.decode(tokens.map(({ id }) => id)));
    assert.ok(tokens.some((token) => token.text === ''));
    assert.ok(end.rest.length <= 1);
  });

  it('never writes UNKNOWN', () => {
    const words = createTokenizer('word', 'a b c d e f g', 4);
    const { tokens, text } = sample(network(words, 'gru'), words, { length: 300 });
    assert.ok(tokens.every(({ id }) => id !== 0));
    assert.ok(!text.includes('UNKNOWN'));
  });

  it('says what to do with a model that gives no numbers', () => {
    const broken = network(tokenizer, 'gru');
    broken.backend.floats().fill(NaN, 0, broken.model.layout.parameterFloats);
    assert.throws(
      () => sample(broken, tokenizer, {}),
      /training has gone wrong\. Use an earlier checkpoint/,
    );
  });
});
