import assert from 'node:assert/strict';
import { loadCell } from '../../../src/core/equations/load-cell';
import { parseCell } from '../../../src/core/equations/parse';
import { buildModel } from '../../../src/core/engine/model';
import { readParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { likeliest } from '../../../src/core/numerics';
import { inspectText } from '../../../src/core/inspection/inspect-text';
import { initialise } from '../../../src/core/engine/initialise';
import { createNetwork } from '../../../src/core/engine/network';
import { createRandom } from '../../../src/core/random/random';
import { createTokenizer } from '../data/tools';

describe('inspection of a text', () => {
  const tokenizer = createTokenizer('char', 'abcd \n', 0);
  const model = buildModel({
    cell: loadCell('vanilla'),
    hidden: 5,
    layers: 1,
    vocabulary: 6,
    embedding: 0,
    dropout: 0.4,
  });
  const backend = createReferenceBackend(model.layout);
  initialise(model, backend.floats(), createRandom(4));
  const network = createNetwork(model, backend);

  function matrix(name: string): number[][] {
    const parameter = model.parameters.find((p) => p.name === name)!;
    const values = [...readParameter(backend.floats(), 0, parameter)];
    return Array.from({ length: parameter.rows }, (_, r) =>
      values.slice(r * parameter.columns, (r + 1) * parameter.columns),
    );
  }

  it('finds the states, probabilities and gradients of the equations written out', () => {
    const text = 'abca d\nb';
    const ids = [...tokenizer.encode(text).ids];
    const [U, W, V] = [matrix('layer1.U'), matrix('layer1.W'), matrix('output.V')];
    const states: number[][] = [];
    const odds: number[][] = [];
    for (const id of ids) {
      const before = states.at(-1) ?? [0, 0, 0, 0, 0];
      states.push(
        U.map((row, i) =>
          Math.tanh(row[id]! + W[i]!.reduce((sum, w, j) => sum + w * before[j]!, 0)),
        ),
      );
      const e = V.map((row) =>
        Math.exp(row.reduce((sum, v, j) => sum + v * states.at(-1)![j]!, 0)),
      );
      const total = e.reduce((sum, x) => sum + x, 0);
      odds.push(e.map((x) => x / total));
    }
    const found = inspectText(network, tokenizer, text);
    assert.deepEqual(found.tokens, ['a', 'b', 'c', 'a', '␣', 'd', '↵', 'b']);
    assert.ok(Number.isNaN(found.loss[0]) && Number.isNaN(found.probability[0]));
    for (let i = 1; i < ids.length; i++) {
      assert.ok(Math.abs(found.probability[i]! - odds[i - 1]![ids[i]!]!) < 1e-12);
      assert.ok(Math.abs(found.loss[i]! + Math.log(found.probability[i]!)) < 1e-12);
    }
    assert.deepEqual(
      found.variables.map(({ name, width }) => ({ name, width })),
      [{ name: 'layer1.s', width: 5 }],
    );
    states.flat().forEach((value, at) => {
      assert.ok(Math.abs(found.hidden[at]! - value) < 1e-12);
      assert.equal(found.variables[0]!.values[at], found.hidden[at]);
    });
    found.top.forEach((top, i) => {
      const expected = odds[i]!.map((probability, id) => ({ id, probability }))
        .sort((a, b) => b.probability - a.probability)
        .slice(0, 5);
      assert.deepEqual(
        top.map(({ token }) => token),
        expected.map(({ id }) => tokenizer.describe(id)),
      );
      top.forEach(({ probability }, k) => {
        assert.ok(Math.abs(probability - expected[k]!.probability) < 1e-12);
      });
    });
    // dL/ds at the last prediction, then back through tanh and W.
    const last = ids.length - 2;
    const error = odds[last]!.map((p, k) => p - (k === ids.at(-1) ? 1 : 0));
    let gradient = states[0]!.map((_, j) => error.reduce((sum, e, k) => sum + e * V[k]![j]!, 0));
    for (let lag = 0; lag <= last; lag++) {
      assert.ok(Math.abs(found.gradientByLag[lag]! - Math.hypot(...gradient)) < 1e-12);
      const inner = gradient.map((g, i) => g * (1 - states[last - lag]![i]! ** 2));
      gradient = gradient.map((_, j) => inner.reduce((sum, d, i) => sum + d * W[i]![j]!, 0));
    }
    assert.equal(found.gradientByLag.length, ids.length - 1);
  });

  it('gives the variables of every layer that are asked for, as the equations make them', () => {
    const gru = buildModel({
      cell: loadCell('gru'),
      hidden: 3,
      layers: 2,
      vocabulary: 6,
      embedding: 0,
      dropout: 0,
    });
    const other = createReferenceBackend(gru.layout);
    initialise(gru, other.floats(), createRandom(5));
    const found = inspectText(createNetwork(gru, other), tokenizer, 'abcda', {
      variables: ['layer2.h', 'layer2.z', 'layer2.h', 'layer1.h', 'layer2.n'],
      top: 0,
    });
    assert.deepEqual(
      found.variables.map(({ name }) => name),
      ['layer2.h', 'layer2.z', 'layer1.h', 'layer2.n'],
    );
    assert.ok(found.top.length === 5 && found.top.every((tokens) => tokens.length === 0));
    const [h, z, below, n] = found.variables.map(({ values }) => values);
    assert.deepEqual(h, found.hidden);
    assert.notDeepEqual(h, below);
    // h[t] = (1 - z[t]) * n[t] + z[t] * h[t-1]
    h.forEach((value, at) => {
      const before = at < 3 ? 0 : h[at - 3]!;
      assert.ok(Math.abs(value - ((1 - z![at]!) * n![at]! + z![at]! * before)) < 1e-12);
    });
  });

  it('gives of a text with others before it what it gives of that part of the whole', () => {
    const source = 's[t] = tanh(U x[t-300] + b)\nh[t] = tanh(W s[t-20] + R h[t-1] + Q x[t])';
    const spec = { cell: parseCell(source, 'cell'), hidden: 4, layers: 2, vocabulary: 6 };
    const long = buildModel({ ...spec, embedding: 0, dropout: 0 });
    const other = createReferenceBackend(long.layout);
    initialise(long, other.floats(), createRandom(6));
    const letters = createRandom(7);
    const whole = Array.from({ length: 1000 }, () => 'abcd \n'[letters.integer(6)]).join('');
    const expected = inspectText(createNetwork(long, other), tokenizer, whole);
    for (const [from, to] of [
      [960, 1000],
      [1, 50],
      [333, 900],
      [999, 1000],
    ] as const) {
      const asked = { before: whole.slice(0, from) };
      const found = inspectText(
        createNetwork(long, other),
        tokenizer,
        whole.slice(from, to),
        asked,
      );
      const part = <T>(values: ArrayLike<T>, width = 1) =>
        Array.from(values).slice(from * width, to * width);
      assert.deepEqual(found.tokens, part(expected.tokens));
      assert.deepEqual([...found.loss], part(expected.loss));
      assert.deepEqual(found.top, part(expected.top));
      assert.deepEqual([...found.hidden], part(expected.hidden, 4));
      found.variables.forEach(({ name, width, values }, i) => {
        assert.equal(name, expected.variables[i]!.name);
        assert.deepEqual([...values], part(expected.variables[i]!.values, width));
      });
    }
    // Of any length: more than can be inspected.
    const far = inspectText(network, tokenizer, 'abca', { before: 'abcd \n'.repeat(1000) });
    const near = inspectText(network, tokenizer, 'abca', { before: 'abcd \n'.repeat(20) });
    assert.equal(far.loss.length, 4);
    far.loss.forEach((nats, i) => assert.ok(Math.abs(nats - near.loss[i]!) < 1e-9));
  });

  it('says what it cannot inspect', () => {
    assert.throws(
      () => inspectText(network, tokenizer, 'ab', { variables: ['layer1.h'] }),
      /no variable layer1\.h\. Did you mean layer1\.s\? It has layer1\.s\./,
    );
    assert.throws(
      () => inspectText(network, tokenizer, 'a'),
      /has 1 token that .* Give a longer text/,
    );
    assert.throws(
      () => inspectText(network, tokenizer, 'ab'.repeat(3000)),
      /6000 tokens .* Use part/,
    );
  });
});

describe('the likeliest tokens', () => {
  it('are the first of a stable sort of all', () => {
    const random = createRandom(3);
    for (let run = 0; run < 200; run++) {
      const logits = Array.from({ length: 1 + random.integer(30) }, () => random.integer(6));
      const sorted = logits.map((_, id) => id).sort((a, b) => logits[b]! - logits[a]! || a - b);
      for (const count of [0, 1, 4, 40]) {
        assert.deepEqual(likeliest(logits, count), sorted.slice(0, count));
      }
    }
  });
});
