import assert from 'node:assert/strict';
import fc from 'fast-check';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import { occurrencesOf, unreadEquations } from '../../../src/core/equations/occurrences';
import { parseCell } from '../../../src/core/equations/parse';
import { printCell } from '../../../src/core/equations/print';
import { ownPredictionOf } from '../../../src/core/equations/syntax';
import { cells } from './arbitrary-cells';

/** Every word of a text, comments, numbers and time indices left out, with its place. */
function wordsOf(source: string): { word: string; start: number }[] {
  const others = /#.*|\[[^\]]*\]|\b\d[\d.]*(?:e[+-]?\d+)?/g;
  const bare = source.replace(others, (other) => ' '.repeat(other.length));
  return [...bare.matchAll(/[\p{L}_][\p{L}\p{M}\p{Nd}_]*/gu)].map((match) => ({
    word: match[0],
    start: match.index,
  }));
}

describe('names in a cell’s text', () => {
  for (const [name, source] of builtinCells) {
    it(`are found, all of them: ${name}`, () => {
      const found = occurrencesOf(loadCell(name));
      assert.deepEqual(
        found.map(({ start, end }) => ({ word: source.slice(start, end), start })),
        wordsOf(source),
      );
    });
  }

  it('stand for what the language says', () => {
    const source =
      'p[t] = relu(U x[t])\nh[t] = A p[t] * h[t-3] + b\nsize p = 2 hidden\ninit A = normal(1)\noutput h';
    const found = occurrencesOf(parseCell(source, 'cell'));
    const told = found.map(({ meaning, start, defines }) => [
      source.slice(start, start + 1),
      meaning.kind,
      meaning.kind === 'variable' ? meaning.lag : undefined,
      defines,
    ]);
    assert.deepEqual(told, [
      ['p', 'variable', 0, true],
      ['r', 'function', undefined, false],
      ['U', 'matrix', undefined, false],
      ['x', 'variable', 0, false],
      ['h', 'variable', 0, true],
      ['A', 'matrix', undefined, false],
      ['p', 'variable', 0, false],
      ['h', 'variable', 3, false],
      ['b', 'bias', undefined, false],
      ['s', 'directive', undefined, false],
      ['p', 'variable', 0, false],
      ['i', 'directive', undefined, false],
      ['A', 'matrix', undefined, false],
      ['n', 'start', undefined, false],
      ['o', 'directive', undefined, false],
      ['h', 'variable', 0, false],
    ]);
  });

  it('do not overlap and spell what they stand for, whatever the cell', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        const source = printCell(cell);
        let last = 0;
        for (const { meaning, start, end } of occurrencesOf(parseCell(source, 'cell'))) {
          assert.ok(start >= last && end > start);
          assert.equal(source.slice(start, end), meaning.name);
          last = end;
        }
      }),
    );
  });

  it('are right after a byte order mark, Windows line ends and letters beyond the basic plane', () => {
    const source = '\uFEFFh[t] = tanh(U x[t] + W h[t-1])\r\ninit W = identity # 𝛼\r\n';
    for (const { meaning, start, end } of occurrencesOf(parseCell(source, 'cell'))) {
      assert.equal(source.slice(start, end), meaning.name);
    }
  });
});

describe('equations that nothing reads', () => {
  const unread = (source: string) => {
    const cell = parseCell(source, 'cell');
    return unreadEquations(cell, ownPredictionOf(cell.equations)).map(({ name }) => name);
  };

  it('are those without which the output is the same', () => {
    assert.deepEqual(unread('z[t] = U x[t] + z[t-1]\nh[t] = V x[t]'), ['z']);
    assert.deepEqual(unread('z[t] = U x[t]\nh[t] = z[t]'), []);
    assert.deepEqual(unread('h[t] = U x[t]\ny[t] = softmax(V h[t])'), []);
    assert.deepEqual(unread('h[t] = U x[t]\ng[t] = V x[t]\noutput h'), ['g']);
  });

  it('are none in the built-in cells', () => {
    for (const source of builtinCells.values()) assert.deepEqual(unread(source), []);
  });
});
