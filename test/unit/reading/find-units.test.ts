import assert from 'node:assert/strict';
import { createTokenizer } from '../data/tools';
import { parseCell } from '../../../src/core/equations/parse';
import { buildModel } from '../../../src/core/engine/model';
import { writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { findUnits, type UnitsRequest } from '../../../src/core/reading/find-units';
import { createReadModel } from '../../../src/core/reading/model';
import { createReading } from '../../../src/core/reading/reading';
import { createTokenText } from '../../../src/core/reading/token-text';
import { createNetwork } from '../../../src/core/engine/network';
import { random } from '../engine/tools';
import { fill, finish } from './tools';

const tokenizer = createTokenizer('char', 'abc"', 0);
const quote = [...tokenizer.encode('"').ids][0]!;

/** A model one of whose units, of four, changes its sign at each quotation mark, and so knows whether one is open. */
function makeReading(text: string) {
  const cell = parseCell(
    'q[t] = (1 - 2 * F x[t]) * q[t-1]\ns[t] = tanh(U x[t] + W q[t])\ninit q = 1',
    'cell',
  );
  const sizes = { hidden: 4, layers: 1, vocabulary: 4, embedding: 0, dropout: 0 };
  const model = buildModel({ cell, ...sizes });
  const backend = createReferenceBackend(model.layout);
  fill(model, backend, 3, 0.3);
  const set = (symbol: string, values: Float64Array): void => {
    const parameter = model.parameters.find((candidate) => candidate.symbol === symbol)!;
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  };
  set('W', new Float64Array(16));
  set('F', new Float64Array(16).fill(1, 2 * 4 + quote, 2 * 4 + quote + 1));
  const ready = createReadModel(createNetwork(model, backend), tokenizer);
  return createReading(createTokenText(tokenizer, text), ready, 100);
}

const next = random(33);
const letters = (): string =>
  Array.from({ length: 1 + Math.floor(9 * next()) }, () => 'abc'[Math.floor(3 * next())]).join('');
const text = Array.from({ length: 40 }, () => `${letters()}"${letters()}"`).join('');
/** What is read between an opening mark, itself included, and the closing one. */
const spans = [...text.matchAll(/"[abc]+(?=")/g)]
  .filter((_, i) => i % 2 === 0)
  .map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

const all: UnitsRequest = {
  from: 0,
  to: text.length,
  spans,
  variables: undefined,
  top: 3,
  context: 10_000,
};

describe('units that track spans', () => {
  it('are found: the one that knows about quotation marks', () => {
    const { units, inside, outside, from, to, readFrom } = finish(
      findUnits(makeReading(text), all, 100_000),
    );
    assert.deepEqual(units[0], { variable: 'layer1.q', unit: 2, auc: 0 });
    assert.equal(units.length, 3);
    assert.ok(Math.abs(units[1]!.auc - 0.5) < 0.5);
    const covered = spans.reduce((sum, span) => sum + span.to - span.from, 0);
    assert.deepEqual(
      [inside, inside + outside, from, to, readFrom],
      [...[covered, text.length, 0, text.length, 0]],
    );
  });

  it('are looked for among the variables and in the range that are asked for', () => {
    const request = { ...all, variables: ['s'], from: 20, to: 90 };
    const { units, inside, outside } = finish(findUnits(makeReading(text), request, 100_000));
    assert.ok(units.every(({ variable }) => variable === 'layer1.s'));
    assert.equal(inside + outside, 70);
  });

  it('are looked for in so much of a range as memory holds, which is told', () => {
    const { inside, outside, to } = finish(findUnits(makeReading(text), all, 50));
    assert.deepEqual([inside + outside, to], [50, 50]);
  });

  it('do not exist where there is nothing to tell apart', () => {
    const ask = (own: UnitsRequest['spans']) => () =>
      finish(findUnits(makeReading(text), { ...all, spans: own }, 1000));
    assert.throws(ask([]), /No token is inside the spans/);
    assert.throws(ask([{ from: 0, to: text.length }]), /All tokens are inside the spans/);
  });
});
