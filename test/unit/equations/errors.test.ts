import assert from 'node:assert/strict';
import { EquationError } from '../../../src/core/equations/errors';
import { diagnoseCell, parseCell } from '../../../src/core/equations/parse';
import { toEnglish } from '../../../src/core/sentence';
import { directiveMistakes } from './directive-mistakes';
import { mistakes } from './mistakes';
import { shapeMistakes } from './shape-mistakes';

const groups = [mistakes, directiveMistakes, shapeMistakes].flatMap((all) => Object.entries(all));

describe('errors in a cell', () => {
  for (const [group, entries] of groups) {
    describe(group, () => {
      for (const [source, error] of entries) {
        it(JSON.stringify(source).slice(0, 60), () => {
          assert.throws(() => parseCell(source, 'c.rnn'), {
            name: 'EquationError',
            message: `c.rnn:${error}`,
          });
        });
      }
    });
  }

  it('covers exactly what is wrong', () => {
    const marked = (source: string): string => {
      const [problem] = diagnoseCell(source, 'c').problems;
      assert.ok(problem);
      return source.slice(problem.span.start, problem.span.end);
    };
    assert.equal(marked('s[t] = tanh(U x[t] + Q[t-1])'), 'Q[t-1]');
    assert.equal(marked('s[t] = tanh(s[t+1] + s[t-1])'), 's[t+1]');
    assert.equal(marked('y = softmax(V h[T])\nh[t] = b + h[t+1]'), 'h[T]');
    assert.equal(marked('h[t] = x[t]\nd[u] = d[u-1] + h[t]'), 'h[t]');
    assert.equal(marked('h[t] = gru(x[t], h[t])'), 'h[t]');
    assert.equal(marked('s[t] = (A + B) x[t] + b'), '(A + B) x[t]');
    assert.equal(marked('s[t] = b\n\r\ns [t] = b'), 's [t]');
    assert.equal(marked('s[t] = b\ninit b = orthogonal ( 2 ) # no'), 'orthogonal ( 2 )');
    assert.equal(marked('s[t] = b + 😀'), '😀');
    assert.equal(marked('s[t] = W * x[t]'), 'W * x[t]');
  });

  it('finds all mistakes in one reading, from top to bottom', () => {
    const source = 'init q = 1\ns[t] = W * x[t] + z[t]\ns[t] = Tanh(W)\r\nsize r = 2';
    const { cell, problems } = diagnoseCell(source, 'c');
    assert.equal(cell, undefined);
    assert.deepEqual(
      problems.map(({ problem, span }) => [span.line, span.column, toEnglish(problem)]),
      [
        [1, 6, 'Nothing is called q.'],
        [2, 8, 'W is a matrix, and * multiplies vectors elementwise.'],
        [2, 19, 'No equation defines z.'],
        [3, 1, 's is defined twice.'],
        [3, 8, 'There is no function Tanh.'],
        [3, 13, 'The matrix W has no operand.'],
        [4, 6, 'No equation defines r.'],
      ],
    );
  });

  it('finds every loop', () => {
    const { problems } = diagnoseCell('p[t] = q[t]\nq[t] = p[t]\nr[t] = q[t] + r[t]', 'c');
    assert.deepEqual(
      problems.map(({ problem }) => toEnglish(problem)),
      ['p[t] needs itself: p[t] → q[t] → p[t].', 'r[t] needs itself: r[t] → r[t].'],
    );
  });

  it('answers thousands of brackets, signs or terms without exhausting the stack', () => {
    for (const text of [
      '('.repeat(1e5),
      `${'-'.repeat(1e5)}b`,
      `b${' + b'.repeat(1e5)}`,
      `${'A '.repeat(1e5)}b`,
    ]) {
      const { problems } = diagnoseCell(`s[t] = ${text}`, 'c');
      assert.ok(problems.length > 0);
      assert.match(toEnglish(problems[0]?.problem), /nested too deeply/);
    }
  });

  it('carries its parts apart', () => {
    const [error] = diagnoseCell('s[t] = q[t]', 'my.rnn').problems;
    assert.ok(error instanceof EquationError);
    assert.equal(error.source, 'my.rnn');
    assert.equal(toEnglish(error.problem), 'No equation defines q.');
    assert.match(toEnglish(error.hint), /^Add an equation q\[t\]/);
    assert.deepEqual(error.span, { line: 1, column: 8, start: 7, end: 11 });
  });
});
