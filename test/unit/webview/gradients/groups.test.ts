import assert from 'node:assert/strict';
import { structureOf, structureOfExamples } from '../../../../src/core/engine/structure';
import { parseCell } from '../../../../src/core/equations/parse';
import { entriesOf, groupsOf, parameterEntries } from '../../../../webview/views/gradients/groups';
import { nameIn } from '../../../../webview/views/names';
import { lstm, vanilla } from './evidence';

const names = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);

describe('the parameters of the gradients’ pictures', () => {
  it('begin with recurrent matrices', () => {
    const entries = parameterEntries(vanilla);
    assert.deepEqual(names(entries), ['layer1.W', 'layer1.U', 'layer1.b', 'output.V', 'output.c']);
    assert.deepEqual(
      entries.map(({ index }) => index),
      [1, 0, 2, 3, 4],
    );
  });

  it('are all shown where they are few', () => {
    const entries = parameterEntries(vanilla);
    const groups = groupsOf(entries);
    assert.deepEqual(groups, [{ kind: 'all' }]);
    assert.equal(entriesOf(entries, groups[0]!).length, 5);
  });

  it('are chosen by layer where they are many', () => {
    const entries = parameterEntries(lstm(2));
    const groups = groupsOf(entries);
    assert.deepEqual(groups, [
      { kind: 'recurrent' },
      { kind: 'layer', layer: 1 },
      { kind: 'layer', layer: 2 },
      { kind: 'output' },
    ]);
    assert.deepEqual(
      names(entriesOf(entries, groups[0]!)),
      [1, 2].flatMap((layer) => ['Ri', 'Rf', 'Ro', 'Rg'].map((R) => `layer${layer}.${R}`)),
    );
    assert.equal(entriesOf(entries, groups[1]!).length, 12);
    assert.deepEqual(names(entriesOf(entries, groups[3]!)), ['output.V', 'output.c']);
  });

  it('are chosen by what they belong to in a model of examples', () => {
    const symbols = { kind: 'symbols', width: 4 } as const;
    const cell = parseCell(
      `s[t] = lstm(x[t], s[t-1])
       d[u] = gru(x[u], d[u-1])
       init d = tanh(P s[T] + p)
       y[u] = softmax(V d[u] + c)`,
      'model',
    );
    const sizes = { input: symbols, answer: symbols, output: 4, hidden: 2, dropout: 0 };
    const network = structureOfExamples({ ...sizes, cell });
    const entries = parameterEntries(network);
    const groups = groupsOf(entries);
    assert.deepEqual(groups, [
      { kind: 'recurrent' },
      { kind: 'owner', owner: 's' },
      { kind: 'owner', owner: 'd' },
      { kind: 'others' },
    ]);
    assert.ok(names(entriesOf(entries, groups[0]!)).every((name) => /^[sd]\.[RW]/.test(name)));
    assert.deepEqual(names(entriesOf(entries, groups[3]!)).sort(), ['P', 'V', 'c', 'p']);
    assert.equal(entries.find(({ name }) => name === 'V')!.role, 'output');
    const name = nameIn(network);
    assert.deepEqual(['s.c', 'd.Wz', 'V'].map(name), ['s.c', 'd.Wz', 'V']);
  });

  it('know a recurrent matrix behind a product with a gate, and behind a call within brackets', () => {
    const source =
      'r[t] = sigmoid(A x[t])\nn[t] = U x[t] + W (r[t] * n[t-1]) + Q (r[t] * tanh(n[t-1]))';
    const cell = parseCell(source, 'cell');
    const sizes = { hidden: 2, layers: 1, vocabulary: 5, embedding: 0, dropout: 0 };
    const entries = parameterEntries(structureOf({ ...sizes, cell }));
    const roles = entries.map(({ symbol, role }) => `${symbol} ${role}`);
    assert.deepEqual(roles.slice(0, 4), ['W recurrent', 'Q recurrent', 'A input', 'U input']);
  });

  it('are called by their symbol where there is one layer, else with their layer', () => {
    const one = nameIn(vanilla);
    assert.deepEqual(['layer1.W', 'output.V', 'layer1.s'].map(one), ['W', 'V', 's']);
    const two = nameIn(lstm(2));
    assert.deepEqual(['layer2.Rf', 'output.V', 'layer1.c'].map(two), [
      'Rf, layer 2',
      'V',
      'c, layer 1',
    ]);
    // The state of an LSTM has the letter that the output layer's bias has elsewhere.
    assert.deepEqual(['layer1.c', 'output.c'].map(nameIn(lstm(1))), ['c', 'by']);
  });
});
