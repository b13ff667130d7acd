import assert from 'node:assert/strict';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import { buildModel } from '../../../src/core/engine/model';
import { structureOf, type Structure } from '../../../src/core/engine/structure';
import { parseCell } from '../../../src/core/equations/parse';

const sizes = { hidden: 6, layers: 1, vocabulary: 9, embedding: 0, dropout: 0 };

/** `layer1.s 6 state tanh` */
function variableLines({ variables }: Structure): string[] {
  return variables.map(({ name, symbol, layer, width, isState, activation }) => {
    assert.equal(name, `layer${String(layer)}.${symbol}`);
    return [name, width, isState ? 'state' : '', activation ?? '']
      .join(' ')
      .replace(/ +/g, ' ')
      .trim();
  });
}

/** `layer1.U 6×9`, and how it is written where that is not its name. */
function parameterLines({ parameters }: Structure): string[] {
  return parameters.map(({ name, symbol, shape, entries }) => {
    assert.equal(
      entries,
      shape.reduce((product, side) => product * side),
    );
    const own = name.split('.')[1];
    return `${name} ${shape.join('×')}${symbol === own ? '' : ` ${symbol}`}`;
  });
}

const gate = (symbol: string) => [
  `layer1.W${symbol} 6×9`,
  `layer1.R${symbol} 6×6`,
  `layer1.b${symbol} 6`,
];

describe('the structure of a model', () => {
  it('says how many tokens the lags of all layers reach back together', () => {
    const reach = (source: string, layers = 1): number => {
      const spec = { ...sizes, layers, cell: parseCell(source, 'cell') };
      return structureOf(spec).reach;
    };
    assert.equal(reach('s[t] = tanh(U x[t] + b)'), 0);
    assert.equal(reach('s[t] = tanh(U x[t-300] + b)'), 300);
    assert.equal(reach('s[t] = tanh(U x[t-300] + b)', 3), 900);
    assert.equal(reach('s[t] = tanh(U x[t] + Q x[t-2] + W s[t-1] + A s[t-3])'), 5);
    assert.equal(reach('a[t] = U x[t-5]\nb[t] = tanh(W a[t-7] + Q a[t-3] + R x[t-5])'), 12);
    assert.equal(structureOf({ ...sizes, layers: 2, cell: loadCell('lstm') }).reach, 4);
  });

  it('of the vanilla cell is one tanh state and an added output layer', () => {
    const structure = structureOf({ ...sizes, cell: loadCell('vanilla') });
    assert.deepEqual(structure.equations, [
      {
        name: 's',
        text: 's[t] = tanh(U x[t] + W s[t-1] + b)',
        tex: structure.equations[0]!.tex,
        place: 'cell',
        names: ['s', 'U', 'x', 'W', 'b'],
        products: [
          { matrix: 'U', operand: 'x[t]', reads: [{ name: 'x', lag: 0 }] },
          { matrix: 'W', operand: 's[t-1]', reads: [{ name: 's', lag: 1 }] },
        ],
      },
      {
        name: 'y',
        text: 'y[t] = softmax(V s[t] + c)',
        tex: structure.equations[1]!.tex,
        place: 'output',
        names: ['y', 'V', 's', 'c'],
        products: [{ matrix: 'V', operand: 's[t]', reads: [{ name: 's', lag: 0 }] }],
      },
    ]);
    assert.match(structure.equations[0]!.tex, /^s_t = \\tanh.*U x_t \+ W s_\{t-1\} \+ b/);
    assert.equal(structure.output, 's');
    assert.deepEqual(variableLines(structure), ['layer1.s 6 state tanh']);
    assert.deepEqual(parameterLines(structure), [
      'layer1.U 6×9',
      'layer1.W 6×6',
      'layer1.b 6',
      'output.V 9×6',
      'output.c 9',
    ]);
  });

  it('of the LSTM has two states, three gates and a candidate', () => {
    const structure = structureOf({ ...sizes, cell: loadCell('lstm') });
    assert.equal(structure.output, 'h');
    assert.deepEqual(variableLines(structure), [
      'layer1.i 6 sigmoid',
      'layer1.f 6 sigmoid',
      'layer1.o 6 sigmoid',
      'layer1.g 6 tanh',
      'layer1.c 6 state',
      'layer1.h 6 state',
    ]);
    assert.deepEqual(parameterLines(structure), [
      ...['i', 'f', 'o', 'g'].flatMap(gate),
      'output.V 9×6',
      'output.c 9 by',
    ]);
    // The bias that the model adds is not written as the state is.
    assert.deepEqual(structure.equations.at(-1)!.names, ['y', 'V', 'h', 'by']);
    assert.equal(structure.equations.at(-1)!.text, 'y[t] = softmax(V h[t] + by)');
  });

  it('of two GRU layers with an embedding names each layer’s own', () => {
    const structure = structureOf({ ...sizes, cell: loadCell('gru'), layers: 2, embedding: 4 });
    const layer = (number: number) =>
      ['z 6 sigmoid', 'r 6 sigmoid', 'n 6 tanh', 'h 6 state'].map(
        (line) => `layer${String(number)}.${line}`,
      );
    assert.deepEqual(variableLines(structure), [...layer(1), ...layer(2)]);
    const parameters = parameterLines(structure);
    assert.equal(parameters[0], 'embedding.E 4×9');
    assert.ok(parameters.includes('layer1.Wz 6×4') && parameters.includes('layer2.Wz 6×6'));
  });

  it('of a cell with its own output layer has that once, in the top layer', () => {
    const cell = parseCell('s[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])', 'cell');
    const structure = structureOf({ ...sizes, cell, layers: 2 });
    assert.deepEqual(
      structure.equations.map(({ name, place }) => [name, place]),
      [
        ['s', 'cell'],
        ['y', 'output'],
      ],
    );
    assert.equal(structure.output, 's');
    assert.deepEqual(variableLines(structure), [
      'layer1.s 6 state tanh',
      'layer2.s 6 state tanh',
      'layer2.y 9',
    ]);
    assert.deepEqual(
      parameterLines(structure).filter((line) => line.includes('V')),
      ['layer2.V 9×6'],
    );
  });

  it('of Jordan’s network has the prediction for a state, in every layer', () => {
    const cell = parseCell(
      's[t] = tanh(U x[t] + W y[t-1] + b)\ny[t] = softmax(V s[t] + c)',
      'cell',
    );
    const structure = structureOf({ ...sizes, cell, layers: 2 });
    assert.deepEqual(variableLines(structure), [
      'layer1.s 6 tanh',
      'layer1.y 9 state',
      'layer2.s 6 tanh',
      'layer2.y 9 state',
    ]);
  });

  it('knows a state only where a later step reads it', () => {
    const cell = parseCell(
      'z[t] = tanh(A x[t])\ns[t] = tanh(U z[t] + W s[t-2])\ny[t] = softmax(V s[t] + Q z[t-1])\nsize z = 3',
      'cell',
    );
    // z is read later by the output layer alone, which a lower layer has not.
    assert.deepEqual(variableLines(structureOf({ ...sizes, cell, layers: 2 })), [
      'layer1.z 3 tanh',
      'layer1.s 6 state tanh',
      'layer2.z 3 state tanh',
      'layer2.s 6 state tanh',
      'layer2.y 9',
    ]);
  });

  it('knows what each matrix multiplies, one product within another too', () => {
    const cell = parseCell(
      'h[t] = tanh(A B x[t] + W (U x[t] + R (h[t-1] * h[t-2])) + V relu(P h[t-1]) + -Q b)',
      'cell',
    );
    const { names, products } = structureOf({ ...sizes, cell }).equations[0]!;
    assert.equal(names.join(' '), 'h A B x W U R V P Q b');
    assert.deepEqual(
      products.map(({ matrix, operand, reads }) => {
        const read = reads.map(({ name, lag }) => `${name}${lag}`).join(' ');
        return `${matrix}: ${operand}: ${read}`;
      }),
      [
        'A: B x[t]: x0',
        'B: x[t]: x0',
        'W: U x[t] + R (h[t-1] * h[t-2]): x0 h1 h2',
        'U: x[t]: x0',
        'R: h[t-1] * h[t-2]: h1 h2',
        'V: relu(P h[t-1]): h1',
        'P: h[t-1]: h1',
        'Q: b: ',
      ],
    );
  });

  it('finds in the text what it says of it', () => {
    for (const name of builtinCells.keys()) {
      for (const equation of structureOf({ ...sizes, cell: loadCell(name) }).equations) {
        const words = equation.text.match(/[\p{L}_][\p{L}\p{N}_]*(?![\p{L}\p{N}_(])/gu) ?? [];
        assert.deepEqual(
          equation.names,
          [...new Set(words)].filter((word) => word !== 't'),
        );
        for (const { matrix, operand } of equation.products) {
          const written = [`${matrix} ${operand}`, `${matrix} (${operand})`];
          assert.ok(written.some((text) => equation.text.includes(text)));
        }
      }
    }
  });

  it('lists parameters in the order of the model, which observations keep', () => {
    for (const name of ['vanilla', 'gru', 'lstm']) {
      const spec = { ...sizes, cell: loadCell(name), layers: 3, embedding: 5 };
      assert.deepEqual(
        structureOf(spec).parameters.map((parameter) => parameter.name),
        buildModel(spec).parameters.map((parameter) => parameter.name),
      );
    }
  });
});
