import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { builtinCells } from '../../../../src/core/cells';
import { structureOf } from '../../../../src/core/engine/structure';
import { parseCell } from '../../../../src/core/equations/parse';
import { requireTextModel } from '../../../../src/core/equations/text-model';
import { inferShapes } from '../../../../src/core/equations/shapes';
import { ownPredictionOf, type Cell } from '../../../../src/core/equations/syntax';
import { carriersOf, operandsOf, shortNames } from '../../../../webview/views/model/carriers';
import { sizesIn } from '../../../../webview/views/model/shapes';
import { commentsOf } from '../../../../webview/views/model/equations';

const page = readFileSync(path.join(process.cwd(), 'docs/equations.md'), 'utf8');
/** Those of the examples that no error is shown for. */
const documented = [...page.matchAll(/```rnn\n(.*?)```\n(\n```text)?/gs)]
  .filter(([, , error]) => error === undefined)
  .map(([, source = '']) => source);
const cells: Cell[] = [
  ...[...builtinCells].map(([name, source]) => parseCell(source, name)),
  ...documented.map((source, i) => parseCell(source, `example ${String(i + 1)}`)).filter(isOfText),
  parseCell(
    'h[t] = tanh(A B x[t] + W (U x[t] + R (h[t-1] * h[t-2])) + V relu(P h[t-1]) + -Q b)',
    'odd',
  ),
];

/** Models of examples have no network of this kind. */
function isOfText(cell: Cell): boolean {
  try {
    requireTextModel(cell);
    return true;
  } catch {
    return false;
  }
}

function structure(cell: Cell, { layers = 2, embedding = 0 } = {}) {
  return structureOf({ cell, hidden: 12, layers, vocabulary: 7, embedding, dropout: 0 });
}

describe('what a matrix multiplies', () => {
  it('is known of every matrix, that of the output layer too', () => {
    const network = structure(parseCell(builtinCells.get('gru')!, 'gru'));
    const operands = operandsOf(network);
    assert.deepEqual([...operands.get('Wz')!], ['x[t]']);
    assert.deepEqual([...operands.get('Rn')!], ['h[t-1]']);
    assert.deepEqual([...operands.get('V')!], ['h[t]']);
    assert.equal(operands.get('bz'), undefined);
  });

  it('says which matrices stand on which arrow of the unrolled network', () => {
    const carriers = (name: string) => {
      const found = carriersOf(structure(parseCell(builtinCells.get(name)!, name)));
      return {
        input: [...found.input],
        recurrent: [...found.recurrent],
        output: [...found.output],
      };
    };
    assert.deepEqual(carriers('vanilla'), { input: ['U'], recurrent: ['W'], output: ['V'] });
    assert.deepEqual(carriers('lstm'), {
      input: ['Wi', 'Wf', 'Wo', 'Wg'],
      recurrent: ['Ri', 'Rf', 'Ro', 'Rg'],
      output: ['V'],
    });
  });

  it('is written short where there are many', () => {
    assert.equal(shortNames([]), '');
    assert.equal(shortNames(['U']), 'U');
    assert.equal(shortNames(['Wi', 'Wf', 'Wo', 'Wg']), 'W∗');
    assert.equal(shortNames(['U', 'E']), 'U, E');
    assert.equal(shortNames(['Win', 'Uin', 'Vin']), 'Win, …');
  });
});

describe('sizes in an equation', () => {
  for (const cell of cells) {
    it(`are those that shape inference finds: ${cell.name}`, () => {
      const vocabulary = 7;
      const network = structure(cell);
      const layers = [vocabulary, 12].map((input) =>
        inferShapes(cell, { input, hidden: 12, vocabulary }),
      );
      for (const equation of network.equations) {
        // An output layer that the model adds is none of the cell's.
        if (equation.place === 'output' && !ownPredictionOf(cell.equations)) continue;
        for (const { symbol, sizes } of sizesIn(equation, { network, vocabulary })) {
          layers.forEach(({ variables, matrices, biases }, i) => {
            const layer = i + 1;
            const { shape } = sizes.findLast(({ from }) => from <= layer)!;
            const width = variables.get(symbol) ?? biases.get(symbol);
            const wanted = matrices.get(symbol) ?? (width === undefined ? undefined : [width]);
            assert.deepEqual(shape, wanted, `${symbol} of layer ${String(layer)}`);
          });
        }
      }
    });
  }

  it('tell the c of an LSTM from that of the output layer', () => {
    const network = structure(parseCell(builtinCells.get('lstm')!, 'lstm'));
    const sizeOf = (name: string, symbol: string) => {
      const equation = network.equations.find((other) => other.name === name)!;
      const found = sizesIn(equation, { network, vocabulary: 7 });
      return found.find((size) => size.symbol === symbol)?.sizes;
    };
    assert.deepEqual(sizeOf('c', 'c'), [{ from: 1, shape: [12] }]);
    assert.deepEqual(sizeOf('y', 'by'), [{ from: 1, shape: [7] }]);
    assert.deepEqual(sizeOf('i', 'Wi'), [
      { from: 1, shape: [12, 7] },
      { from: 2, shape: [12, 12] },
    ]);
  });

  it('of an embedded token are those of the embedding', () => {
    const network = structure(parseCell(builtinCells.get('vanilla')!, 'vanilla'), { embedding: 5 });
    const [s, , x] = sizesIn(network.equations[0]!, { network, vocabulary: 7 });
    assert.deepEqual([s?.symbol, x?.symbol], ['s', 'x']);
    assert.deepEqual(x?.sizes[0], { from: 1, shape: [5] });
  });
});

describe('comments of a cell', () => {
  it('are the lines before its first equation', () => {
    assert.equal(commentsOf('# Elman 1990\n#  second\ns[t] = b # not this'), 'Elman 1990  second');
    assert.equal(commentsOf('s[t] = b'), '');
    assert.equal(commentsOf('# only'), 'only');
  });
});
