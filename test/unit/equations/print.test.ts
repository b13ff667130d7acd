import assert from 'node:assert/strict';
import fc from 'fast-check';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import { parseCell } from '../../../src/core/equations/parse';
import { printCell, printExpression } from '../../../src/core/equations/print';
import { cells } from './arbitrary-cells';
import { models } from './arbitrary-models';
import { plainCell } from './plain';

describe('printing a cell', () => {
  it('gives back what was read, for random cells', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const text = printCell(cell);
        const again = parseCell(text, cell.name);
        assert.deepEqual(plainCell(again), plainCell(cell), text);
        assert.equal(printCell(again), text);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back what was read, for random models of a source and an answer', () => {
    fc.assert(
      fc.property(models, (cell) => {
        const text = printCell(cell);
        const again = parseCell(text, cell.name);
        assert.deepEqual(plainCell(again), plainCell(cell), text);
        assert.equal(printCell(again), text);
      }),
      { numRuns: 500 },
    );
  });

  it('gives back the built-in cells, but for their comments', () => {
    for (const [name, source] of builtinCells) {
      assert.equal(printCell(loadCell(name)), source.replaceAll(/^#.*\n/gm, ''));
    }
  });

  it('normalises spaces, brackets, numbers and directives', () => {
    const source = `
      h[ t ]=((U x[t])+(W (h[t-1])))*(1.0-(2*(-b)))/(b) # comment
      p[t] = h [t] - (b - (b*b))
      size p = hidden*0.50
      output h
      init W = identity
      init b=-1e-2
      `;
    assert.equal(
      printCell(parseCell(source, 'test')),
      `h[t] = (U x[t] + W h[t-1]) * (1 - 2 * -b) / b
p[t] = h[t] - (b - b * b)
size p = 0.5 hidden
init W = identity(1)
init b = -0.01
output h
`,
    );
  });

  it('writes only the brackets that matter', () => {
    for (const text of [
      'a - (b + c)',
      'a / (b * c)',
      '-(a + b) * c',
      'W (a + b) - c',
      'W -a'.replace('-a', '(-a)'),
      'A B tanh(a)',
    ]) {
      const { equations } = parseCell(`s[t] = ${text}`, 'test');
      assert.equal(printExpression(equations[0]!.expression), text);
    }
  });
});
