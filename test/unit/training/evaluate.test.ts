import assert from 'node:assert/strict';
import fs from 'node:fs';
import { loadCell } from '../../../src/core/equations/load-cell';
import { characterTokenizer } from '../../../src/core/data/characters';
import { entropies } from '../../../src/core/data/entropy';
import type { Tokenizer } from '../../../src/core/data/tokenizer';
import { wordTokenizer } from '../../../src/core/data/words';
import { buildModel } from '../../../src/core/engine/model';
import { writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { logProbability } from '../../../src/core/sampling/choose';
import { createReader } from '../../../src/core/sampling/reader';
import { evaluateText, finish } from '../../../src/core/training/evaluate';
import { initialise } from '../../../src/core/engine/initialise';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { createRandom } from '../../../src/core/random/random';
import { eventsOf, makeTrainer, runSteps, sampleText } from './tools';
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

/**
 * A cell that knows what stood 301 places before, on a text of that period, and its loss by formulas written out here.
 */
function longLag() {
  const lag = 300;
  const letters = 'abcdefghijklmnop';
  const random = createRandom(5);
  const period = Array.from({ length: lag + 1 }, () => letters[random.integer(16)]!).join('');
  const text = period.repeat(40);
  const tokenizer = createTokenizer('char', text, 0);
  const size = tokenizer.vocabulary;
  const cell = parseCell(`h[t] = tanh(U x[t-${String(lag)}] + b)`, 'cell');
  const spec = { hidden: size, layers: 1, vocabulary: size, embedding: 0, dropout: 0 };
  const model = buildModel({ cell, ...spec });
  const backend = createReferenceBackend(model.layout);
  const values = new Map<string, number[]>();
  for (const parameter of model.parameters) {
    const isMatrix = parameter.kind === 'matrix';
    const own = Array.from({ length: parameter.rows * parameter.columns }, (_, at) =>
      isMatrix && at % (size + 1) === 0 ? 6 : random.normal() / 10,
    );
    values.set(parameter.symbol, own);
    writeParameter(backend.floats(), model.layout.parameters, parameter, own);
  }
  backend.parametersChanged();
  const [U, b, V, c] = ['U', 'b', 'V', 'c'].map((symbol) => values.get(symbol)!);
  const { ids } = tokenizer.encode(text);
  const indices = Array.from({ length: size }, (_, i) => i);
  let sum = 0;
  for (let t = 0; t + 1 < ids.length; t++) {
    // Before the text's beginning the input is zero.
    const h = indices.map((i) => Math.tanh((t < lag ? 0 : U![i * size + ids[t - lag]!]!) + b![i]!));
    const logits = indices.map((i) => c![i]! + h.reduce((s, x, j) => s + V![i * size + j]! * x, 0));
    sum += Math.log(logits.reduce((s, x) => s + Math.exp(x), 0)) - logits[ids[t + 1]!]!;
  }
  const network = createNetwork(model, backend);
  return { network, tokenizer, text, expected: sum / (ids.length - 1) };
}

describe('evaluation of a text', () => {
  it('is the mean of the tokens’ losses, read one by one', async () => {
    const trainer = await makeTrainer({ settings: { 'training.steps': 150 } });
    runSteps(trainer);
    // Short enough for one row: no warm-up.
    const text = sampleText(80, 9).slice(0, 300);
    const { ids } = trainer.language!.tokenizer.encode(text);
    const found = finish(
      evaluateText(trainer.language!.network, trainer.language!.tokenizer.encode(text)),
    );
    const expected = nats(trainer.language!.network, ids) / (ids.length - 1);
    assert.ok(Math.abs(found.loss - expected) < 1e-12);
    assert.equal(found.tokens, ids.length - 1);
    assert.ok(Math.abs(found.perplexity - Math.exp(expected)) < 1e-9);
    assert.ok(Math.abs(found.bitsPerCharacter - expected / Math.LN2) < 1e-12);
  });

  it('is that of reading a text from its beginning, also with a lag far longer than a chunk', () => {
    const { network, text, expected, tokenizer } = longLag();
    const found = finish(evaluateText(network, tokenizer.encode(text)));
    assert.equal(found.tokens, text.length - 1);
    assert.ok(expected < 0.2, String(expected));
    assert.ok(Math.abs(found.loss - expected) < 1e-12, String(found.loss - expected));
  });

  for (const [name, cell] of Object.entries({
    vanilla: 'vanilla',
    gru: 'gru',
    lstm: 'lstm',
    'two lags': 'h[t] = tanh(U x[t-70] + W h[t-130] + b)',
    // What those below remember never fades: all of the text is read in one row.
    'leaky integrator':
      's[t] = 0.997 * s[t-1] + U x[t]\nh[t] = tanh(W s[t])\noutput h\ninit W = normal(0.1)',
    integrator: 's[t] = s[t-1] + U x[t]\nh[t] = tanh(W s[t])\noutput h',
    counter: 's[t] = s[t-1] + 1\nh[t] = tanh(U x[t] + sqrt(s[t]) * b)\noutput h\ninit b = 0.01',
    'identity relu': 'h[t] = relu(W h[t-1] + U x[t])\ninit W = identity\ninit U = normal(0.1)',
  })) {
    it(`is the same in many rows at once as read one by one: ${name}`, async () => {
      const settings = { 'training.steps': 40, 'data.validation': 0 };
      const trainer = await makeTrainer({ settings, cell });
      runSteps(trainer);
      const encoding = trainer.language!.tokenizer.encode(sampleText(1200, 9));
      const found = finish(evaluateText(trainer.language!.network, encoding));
      const expected = nats(trainer.language!.network, encoding.ids) / (encoding.ids.length - 1);
      assert.equal(found.tokens, encoding.ids.length - 1);
      const error = (found.loss - expected) / Math.max(1, expected);
      assert.ok(Math.abs(error) < 1e-7, String(error));
    });
  }

  it('is the validation loss of a training that reads its held-out part from the beginning', async () => {
    for (const cell of ['lstm', 'h[t] = tanh(U x[t-200] + W h[t-1] + b)']) {
      const text = sampleText(3000);
      const settings = { 'training.steps': 30, 'data.validation': 0.5, 'training.batch': 16 };
      const trainer = await makeTrainer({ text, cell, settings });
      const [evaluation] = eventsOf(runSteps(trainer), 'evaluation').slice(-1);
      const { ids } = trainer.language!.tokenizer.encode(text);
      const heldOut = ids.subarray(trainer.facts.tokens - 1);
      const expected = nats(trainer.language!.network, heldOut) / (heldOut.length - 1);
      assert.equal(evaluation!.row.tokens, heldOut.length - 1);
      const error = evaluation!.row.validationLoss - expected;
      assert.ok(Math.abs(error) < 1e-7, `${cell}: ${String(error)}`);
    }
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

  it('makes what is unknown pay for its spelling: a character, or the end, is one of A + 2', () => {
    const escape = Math.log(1_112_064);
    const plain = Math.log(5);
    for (const [tokenizer, text, tokens, characters, spelling] of [
      // ab: a, b, end. ß: escape, which of all, end. B is no b: escape, which of all, end.
      [wordTokenizer(['a', 'b', ' ']), 'a ab ß B', 6, 7, 7 * plain + 2 * escape],
      // ß is read as ss, and is one character.
      [characterTokenizer(['a', 'b', 's']), 'aßb', 3, 2, 2 * plain + escape],
      // Nothing is near these: left out, but not forgotten.
      [characterTokenizer(['a', 'b', 's']), '漢a漢bb漢', 2, 5, 3 * (2 * plain + escape)],
      [createTokenizer('byte', '', 0), 'aß漢', 5, 2, 0],
    ] as const) {
      const network = untrained(tokenizer);
      const encoding = tokenizer.encode(text);
      const found = finish(evaluateText(network, encoding));
      const bits = (nats(network, encoding.ids) + spelling) / Math.LN2 / characters;
      assert.equal(found.tokens, tokens);
      assert.equal(found.characters, characters);
      assert.ok(Math.abs(found.spelling - spelling / Math.LN2 / characters) < 1e-12);
      assert.ok(Math.abs(found.bitsPerCharacter - bits) < 1e-12);
    }
  });

  it('gives a small vocabulary of words no fewer bits than pairs of characters take', () => {
    const text = fs.readFileSync('media/samples/hamlet.txt', 'utf8').slice(0, 20_000);
    const tokenizer = createTokenizer('char', text, 0);
    const { ids } = tokenizer.encode(text);
    const stretch = { from: 1, to: ids.length };
    const { bigram } = entropies(ids, tokenizer.vocabulary, [stretch]);
    const spelling = (limit: number): number => {
      const encoding = createTokenizer('word', text, limit).encode(text);
      const { length } = encoding.ids;
      return encoding.spelling(1, length) / encoding.characters(1, length);
    };
    for (const limit of [3, 10, 100]) assert.ok(spelling(limit) > bigram, String(spelling(limit)));
    assert.equal(spelling(1e6), 0);
  });

  it('reports what the tokenizer does not know, and refuses a text with nothing to predict', () => {
    const tokenizer = createTokenizer('char', 'abc', 0);
    const network = untrained(tokenizer);
    const measure = (text: string) => finish(evaluateText(network, tokenizer.encode(text)));
    assert.deepEqual(measure('abΩcaΩ').unknown, { kinds: 1, times: 2, examples: ['Ω'] });
    assert.throws(() => measure('ΩaΩ'), /fewer than two tokens/);
  });
});
