import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtinCells } from '../../../src/core/cells/index';
import { shapeOf } from '../../../src/core/engine/parameters';
import { writePyTorch } from '../../../src/core/exports/pytorch/write';
import { randomModel } from './text-models';

const modelOf = (source: string, layers = 1, embedding = 0): string =>
  writePyTorch(randomModel(source, layers, embedding), undefined)['model.py']!;

/** The entries of a table of model.py. */
function tableOf(code: string, name: string): Map<string, (string | number)[]> {
  const table = new RegExp(`^${name} = \\{\\n([^]*?)^\\}`, 'm').exec(code)?.[1] ?? '';
  return new Map(
    [...table.matchAll(/^ {4}("[^"]*"): \((.*)\),$/gm)].map(([, key, values]) => [
      JSON.parse(key!) as string,
      JSON.parse(`[${values!}]`) as (string | number)[],
    ]),
  );
}

/** Recorded models; `npm run verify -- --only=exported` trains such ones in PyTorch. */
const recorded: readonly (readonly [name: string, source: string, layers: number])[] = [
  ['gru', builtinCells.get('gru')!, 2],
  ['min-lstm', builtinCells.get('min-lstm')!, 1],
  ['peephole-lstm', builtinCells.get('peephole-lstm')!, 1],
  ['jordan', builtinCells.get('jordan')!, 2],
  [
    'lags',
    'k[t] = sigmoid(K x[t-1] + a)\nh[t] = k[t-1] * tanh(U x[t] + W h[t-2] + b)\ng[t] = relu(G h[t-1])',
    1,
  ],
];

describe('an export to PyTorch', () => {
  for (const [name, source, layers] of recorded) {
    it(`writes the equations as the recorded code: ${name}`, () => {
      const code = modelOf(source, layers);
      const file = path.resolve('test/fixtures/pytorch-models', `${name}.py`);
      if (process.env['RNN_LAB_RECORD'] !== undefined) fs.writeFileSync(file, code);
      assert.equal(code, fs.readFileSync(file, 'utf8'));
    });
  }

  it('is made of PyTorch’s own layers where the cell is one of them', () => {
    for (const [cell, layer] of [
      ['lstm', 'nn.LSTM('],
      ['gru', 'nn.GRU('],
      ['vanilla', 'nn.RNN('],
      ['vanilla-nobias', 'nn.RNN('],
    ] as const) {
      assert.ok(modelOf(builtinCells.get(cell)!).includes(layer), cell);
    }
    for (const cell of ['min-gru', 'peephole-lstm', 'layernorm-lstm']) {
      assert.doesNotMatch(modelOf(builtinCells.get(cell)!), /nn\.(LSTM|GRU|RNN)\(/, cell);
    }
    // An LSTM whose output is c is none of PyTorch's.
    assert.doesNotMatch(modelOf(`${builtinCells.get('lstm')!}\noutput c`), /nn\.LSTM/);
  });

  it('has a place of its own for each row of each parameter', () => {
    for (const [cell, source] of builtinCells) {
      for (const [layers, embedding] of [
        [1, 0],
        [2, 3],
      ] as const) {
        const checkpoint = randomModel(source, layers, embedding);
        const places = tableOf(modelOf(source, layers, embedding), 'PARAMETERS');
        const taken = new Set<string>();
        for (const parameter of checkpoint.model.parameters) {
          const [attribute, first, rows] = places.get(parameter.name) as [string, number, number];
          assert.equal(rows, shapeOf(parameter)[0], parameter.name);
          for (let row = first; row < first + rows; row++) {
            const place = `${attribute} ${String(row)}`;
            assert.ok(!taken.has(place), `${cell}: ${place}`);
            taken.add(place);
          }
        }
        assert.equal(places.size, checkpoint.model.parameters.length, cell);
      }
    }
  });

  it('computes outside the loop what does not need it', () => {
    const code = modelOf('s[t] = tanh(U x[t] + W s[t-1] + b)\nq[t] = relu(Q s[t])');
    const loop = /for t in range\(steps\):\n((?: {12}.*\n)+)/.exec(code)![1]!;
    assert.equal(loop.match(/F\.linear/g)?.length, 1);
    assert.doesNotMatch(modelOf(builtinCells.get('min-gru')!), /F\.linear\(x.*\[t\]/);
  });

  it('says what the states are and how they start', () => {
    const states = tableOf(modelOf('h[t] = tanh(U x[t] + W h[t-3])\ninit h = 0.5'), 'STATES');
    assert.deepEqual([...states], [['layer1.h', [3, 4, 0.5, 'layer1.h']]]);
  });

  it('names what Python has a word for otherwise', () => {
    const code = modelOf('lambda[t] = tanh(U x[t] + W lambda[t-1] + training)');
    assert.match(code, /lambda_2 = torch\.tanh/);
    assert.match(code, /self\.training_2 = nn\.Parameter/);
  });
});
