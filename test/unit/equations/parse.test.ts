import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCell } from '../../../src/core/equations/parse';
import { EquationError } from '../../../src/core/equations/errors';
import { diagnoseCell } from '../../../src/core/equations/parse';
import { evaluationOrder } from '../../../src/core/equations/order';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import { plainExpression } from './plain';

/** The first equation's right side. */
function read(source: string): unknown {
  const [first] = parseCell(source, 'test').equations;
  assert.ok(first);
  return plainExpression(first.expression);
}

describe('reading a cell', () => {
  it('tells matrices, biases, variables and functions apart', () => {
    assert.deepEqual(read('s[t] = tanh(U x[t] + W s[t-1] + b)'), [
      'tanh',
      ['+', ['+', ['U', 'x[t-0]'], ['W', 's[t-1]']], 'b'],
    ]);
  });

  it('reads an uppercase left side as a variable everywhere', () => {
    assert.deepEqual(read('H[t] = W H[t-1] + U x[t]'), ['+', ['W', 'H[t-1]'], ['U', 'x[t-0]']]);
  });

  const precedence: readonly (readonly [string, unknown])[] = [
    ['a + b * c', ['+', 'a', ['*', 'b', 'c']]],
    ['a * b + c', ['+', ['*', 'a', 'b'], 'c']],
    ['a - b - c', ['-', ['-', 'a', 'b'], 'c']],
    ['a - (b - c)', ['-', 'a', ['-', 'b', 'c']]],
    ['a / b / c', ['/', ['/', 'a', 'b'], 'c']],
    ['a / b * c', ['*', ['/', 'a', 'b'], 'c']],
    ['-a * b', ['*', ['negate', 'a'], 'b']],
    ['-(a * b)', ['negate', ['*', 'a', 'b']]],
    ['a * -b', ['*', 'a', ['negate', 'b']]],
    ['a - -b', ['-', 'a', ['negate', 'b']]],
    ['--a', ['negate', ['negate', 'a']]],
    ['A b * c', ['*', ['A', 'b'], 'c']],
    ['b * A c', ['*', 'b', ['A', 'c']]],
    ['-A b', ['negate', ['A', 'b']]],
    ['A B C d', ['A', ['B', ['C', 'd']]]],
    ['A (B c + d)', ['A', ['+', ['B', 'c'], 'd']]],
    ['A(b)', ['A', 'b']],
    ['A tanh(b)', ['A', ['tanh', 'b']]],
    ['A tanh(B relu(c))', ['A', ['tanh', ['B', ['relu', 'c']]]]],
    ['A (-b)', ['A', ['negate', 'b']]],
    ['A b - c', ['-', ['A', 'b'], 'c']],
    ['1 - b', ['-', 1, 'b']],
    ['((a))', 'a'],
  ];
  for (const [text, expected] of precedence) {
    it(`reads ${text}`, () => {
      assert.deepEqual(read(`s[t] = ${text}`), expected);
    });
  }

  it('reads numbers in all their forms', () => {
    for (const [text, value] of [
      ['0', 0],
      ['12.5', 12.5],
      ['.5', 0.5],
      ['3.', 3],
      ['1e-3', 1e-3],
      ['2E+2', 200],
      ['1e21', 1e21],
    ] as const) {
      assert.deepEqual(read(`s[t] = b * ${text}`), ['*', 'b', value]);
    }
  });

  it('reads lags with any spaces', () => {
    assert.deepEqual(read('s[t] = s[ t - 8 ] + s [t-1] + x[t-0]'), [
      '+',
      ['+', 's[t-8]', 's[t-1]'],
      'x[t-0]',
    ]);
  });

  it('takes letters, digits and underscores of every script in names', () => {
    const cell = parseCell('α_1[t] = Ω 状态[t-1] + 偏\n状态[t] = Éa α_1[t]', 'test');
    assert.deepEqual(
      cell.equations.map(({ name }) => name),
      ['α_1', '状态'],
    );
    assert.deepEqual(plainExpression(cell.equations[0]!.expression), [
      '+',
      ['Ω', '状态[t-1]'],
      '偏',
    ]);
  });

  it('takes composed and decomposed letters for the same name', () => {
    const cell = parseCell('e\u0301[t] = W \u00e9[t-1]', 'test');
    const [equation] = cell.equations;
    assert.equal(equation?.name, '\u00e9');
    assert.deepEqual(equation.nameSpan, { line: 1, column: 1, start: 0, end: 2 });
  });

  it('reads CRLF, CR, a byte order mark, comments, blank lines and no last line end', () => {
    const unix = '# one\n\ns[t] = b # two\nr[t] = s[t]\ninit b = 1';
    for (const text of [
      unix,
      `${unix}\n`,
      unix.replaceAll('\n', '\r\n'),
      unix.replaceAll('\n', '\r'),
      `\uFEFF${unix}`,
    ]) {
      const cell = parseCell(text, 'test');
      assert.deepEqual(
        cell.equations.map(({ name, span }) => [name, span.line, span.column]),
        [
          ['s', 3, 1],
          ['r', 4, 1],
        ],
      );
      assert.equal(cell.source, text);
    }
  });

  it('lets a line break around operators and inside brackets', () => {
    const text = 's[t] = tanh(\n  U x[t] # input\n  + W s[t-1]\n) *\n  b\nr[t] = s[t]';
    assert.deepEqual(read(text), ['*', ['tanh', ['+', ['U', 'x[t-0]'], ['W', 's[t-1]']]], 'b']);
    assert.equal(parseCell(text, 'test').equations.length, 2);
  });

  it('gives every node its place', () => {
    const source = 's[t] = b\r\nh[t] = (s[t] + b) * tanh(W h[t-1])';
    const { equations } = parseCell(source, 'test');
    const expression = equations[1]?.expression;
    assert.ok(expression?.kind === 'binary' && expression.right.kind === 'call');
    const text = ({ start, end }: { start: number; end: number }): string =>
      source.slice(start, end);
    assert.equal(text(equations[1]!.span), 'h[t] = (s[t] + b) * tanh(W h[t-1])');
    assert.equal(text(expression.span), '(s[t] + b) * tanh(W h[t-1])');
    assert.equal(text(expression.left.span), 's[t] + b');
    assert.equal(text(expression.right.span), 'tanh(W h[t-1])');
    assert.equal(text(expression.right.operand.span), 'W h[t-1]');
    assert.deepEqual(expression.right.span, { line: 2, column: 21, start: 30, end: 44 });
    assert.ok(expression.right.operand.kind === 'product');
    assert.equal(text(expression.right.operand.matrixSpan), 'W');
  });

  it('reads directives', () => {
    const cell = parseCell(
      `z[t] = sigmoid(Wz x[t] + Rz h[t-1] + bz)
       q[t] = U x[t]
       r[t] = V q[t]
       h[t] = z[t] * h[t-1] + Q q[t] + r[t]
       p[t] = h[t]
       init bz = -2.5
       init Wz = uniform(0.1)
       init Rz = orthogonal
       init U = normal()
       init V = identity(0.5)
       init Q = uniform
       init h = .5
       size q = 64
       size z = hidden
       size r = hidden * 2
       output h`,
      'test',
    );
    assert.deepEqual(
      [...cell.initials].map(([name, { initial }]) => [name, initial]),
      [
        ['bz', { kind: 'constant', value: -2.5 }],
        ['Wz', { kind: 'uniform', scale: 0.1 }],
        ['Rz', { kind: 'orthogonal', scale: 1 }],
        ['U', { kind: 'normal', scale: 0.01 }],
        ['V', { kind: 'identity', scale: 0.5 }],
        ['Q', { kind: 'uniform', scale: 0.08 }],
        ['h', { kind: 'constant', value: 0.5 }],
      ],
    );
    assert.deepEqual(
      [...cell.sizes].map(([name, { size }]) => [name, size]),
      [
        ['q', { kind: 'number', value: 64 }],
        ['z', { kind: 'hidden', factor: 1 }],
        ['r', { kind: 'hidden', factor: 2 }],
      ],
    );
    assert.equal(cell.output, 'h');
  });

  it('reads every way to write a multiple of the hidden size', () => {
    for (const [text, factor] of [
      ['2 hidden', 2],
      ['2hidden', 2],
      ['2 * hidden', 2],
      ['hidden * 2', 2],
      ['hidden/4', 0.25],
      ['0.5 hidden', 0.5],
    ] as const) {
      const { sizes } = parseCell(`s[t] = b\nsize s = ${text}`, 'test');
      assert.deepEqual(sizes.get('s')?.size, { kind: 'hidden', factor });
    }
  });

  it('lets init, size and output be names too', () => {
    const { equations } = parseCell('size[t] = init * output[t-1]\noutput [t] = size[t]', 'test');
    assert.deepEqual(
      equations.map(({ name }) => name),
      ['size', 'output'],
    );
  });

  it('outputs the last left side but an own prediction', () => {
    assert.equal(parseCell('h[t] = U x[t]\ny[t] = softmax(V h[t])', 'test').output, 'h');
    assert.equal(parseCell('y[t] = softmax(V h[t])\nh[t] = U x[t] + W y[t-1]', 'test').output, 'h');
    assert.equal(parseCell('h[t] = U x[t]\ny[t] = C h[t]', 'test').output, 'y');
  });

  it('keeps the written order and finds one that can be computed', () => {
    const { equations } = parseCell(
      'c[t] = a[t] * b[t]\nb[t] = tanh(a[t])\na[t] = W c[t-1]',
      'test',
    );
    assert.deepEqual(
      equations.map(({ name }) => name),
      ['c', 'b', 'a'],
    );
    assert.deepEqual(
      evaluationOrder(equations).map(({ name }) => name),
      ['a', 'b', 'c'],
    );
  });

  it('reads the built-in cells', () => {
    assert.deepEqual(
      [...builtinCells.keys()],
      [
        'vanilla',
        'vanilla-nobias',
        'gru',
        'lstm',
        'peephole-lstm',
        'layernorm-lstm',
        'min-gru',
        'min-lstm',
        'irnn',
        'jordan',
        'ugrnn',
        'indrnn',
        'long-lag',
      ],
    );
    for (const name of builtinCells.keys()) assert.equal(loadCell(name).name, name);
    assert.equal(loadCell('lstm').output, 'h');
    assert.throws(() => loadCell('ltsm'), {
      name: 'InputError',
      message:
        'There is no cell ltsm. Did you mean lstm? Use vanilla, vanilla-nobias, gru, lstm, peephole-lstm, layernorm-lstm, min-gru, min-lstm, irnn, jordan, ugrnn, indrnn or long-lag, or a file that ends in .rnn.',
    });
  });

  it('answers every text with a cell or with errors that have places in it', () => {
    const pieces = fc.constantFrom(
      ...[
        'h',
        'W',
        'x',
        't',
        'tanh',
        'init',
        'size',
        'output',
        '[t]',
        '[t-1]',
        '(',
        ')',
        '+',
        '-',
        '*',
        '/',
        '=',
        ' ',
        '\n',
        '\r\n',
        '1',
        '.5',
        '#',
        ',',
        '[',
        ']',
        'é',
        '状',
        '😀',
      ],
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { cell, problems } = diagnoseCell(text, 'test');
        assert.equal(cell === undefined, problems.length > 0);
        const lines = text.split(/\r\n|\r|\n/);
        for (const problem of problems) {
          assert.ok(problem instanceof EquationError);
          const { line, column, start, end } = problem.span;
          assert.ok(start >= 0 && start <= end && end <= text.length);
          assert.ok(
            column >= 1 && column <= (lines[line - 1] ?? '').length + 1,
            JSON.stringify(problem),
          );
        }
      }),
      { numRuns: 2000 },
    );
  });
});
