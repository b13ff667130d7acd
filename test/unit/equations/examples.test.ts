/** One model for each input/output shape, as files. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { builtinCells } from '../../../src/core/cells';
import { loadCell } from '../../../src/core/equations/load-cell';
import {
  responseOf,
  shapeOfModel,
  usesAnswer,
  type ResponseKind,
} from '../../../src/core/equations/model-shape';
import type { ModelShape } from '../../../src/core/model-shapes';
import { parseCell } from '../../../src/core/equations/parse';
import { printCell } from '../../../src/core/equations/print';
import { inferShapes } from '../../../src/core/equations/shapes';
import { ownPredictionOf, type Cell } from '../../../src/core/equations/syntax';
import { requireTextModel } from '../../../src/core/equations/text-model';
import { plainCell } from './plain';

const folder = path.resolve('test/fixtures/models');
const sizes = { input: 11, answer: 14, hidden: 8, output: 13 };

interface Example {
  readonly shape: ModelShape;
  readonly response: ResponseKind;
  readonly usesAnswer: boolean;
  /** Shapes of some matrices, and lengths of some variables. */
  readonly matrices: Readonly<Record<string, readonly [number, number]>>;
  readonly variables: Readonly<Record<string, number>>;
  /** Why a text cannot train it. */
  readonly refusal: string | undefined;
}

const examples: Readonly<Record<string, Example>> = {
  sentiment: {
    ...{ shape: 'many to one', response: 'softmax', usesAnswer: false },
    matrices: { 'h.Wz': [8, 11], 'h.Rn': [8, 8], V: [13, 8] },
    variables: { h: 8, 'h.z': 8, y: 13 },
    refusal:
      'sentiment:3:1: This model gives one answer for a whole sequence, and a text has no label to predict. On a text each step predicts the next token: write y[t] = softmax(…), or leave y to the model.',
  },
  tagger: {
    ...{ shape: 'many to many, synced', response: 'softmax', usesAnswer: false },
    matrices: { 'f.Wi': [8, 11], 'b.Ro': [8, 8], V: [13, 16] },
    variables: { f: 8, 'b.c': 8, y: 13 },
    refusal:
      'tagger:3:1: b[t+1] is in the future, and on a text the future is the answer. Read this step or earlier ones, as in x[t] and h[t-1].',
  },
  captions: {
    ...{ shape: 'one to many', response: 'softmax', usesAnswer: true },
    matrices: { 's.Wz': [8, 14], P: [8, 11], V: [13, 8] },
    variables: { s: 8, x: 11, y: 13 },
    refusal:
      'captions:4:17: x is one vector for a whole example, and a text has a token at each step. Read this step or earlier ones, as in x[t] and h[t-1].',
  },
  translation: {
    ...{ shape: 'many to many, delayed', response: 'softmax', usesAnswer: true },
    matrices: { 's.Wi': [8, 11], 'd.Wi': [8, 14], A: [8, 8], K: [8, 16], V: [13, 8] },
    variables: { s: 8, d: 8, a: 8, k: 8, y: 13 },
    refusal:
      'translation:3:1: This model answers with a sequence of its own, and a text has no answer beside itself. On a text all steps are of one sequence: write [t] for all of them.',
  },
  series: {
    ...{ shape: 'many to many, synced', response: 'none', usesAnswer: false },
    matrices: { 'h.Wz': [8, 11], V: [13, 8] },
    variables: { h: 8, y: 13 },
    // On a text, where only softmax makes y the answer, it is a layer like any other.
    refusal: undefined,
  },
  plain: {
    ...{ shape: 'one to one', response: 'softmax', usesAnswer: false },
    matrices: { A: [8, 11], V: [13, 8] },
    variables: { h: 8, y: 13 },
    refusal:
      'plain:3:1: This model gives one answer for a whole sequence, and a text has no label to predict. On a text each step predicts the next token: write y[t] = softmax(…), or leave y to the model.',
  },
};

function load(name: string): Cell {
  return parseCell(fs.readFileSync(path.join(folder, `${name}.rnn`), 'utf8'), name);
}

describe('models of every shape', () => {
  it('are all there', () => {
    const files = fs.readdirSync(folder).map((file) => file.replace(/\.rnn$/, ''));
    assert.deepEqual(files.sort(), Object.keys(examples).sort());
  });

  for (const [name, example] of Object.entries(examples)) {
    describe(name, () => {
      const cell = load(name);

      it('has its shape read from its indices', () => {
        assert.equal(shapeOfModel(cell), example.shape);
        assert.equal(responseOf(cell)?.kind, example.response);
        assert.equal(usesAnswer(cell), example.usesAnswer);
      });

      it('has the widths of its channels', () => {
        const shapes = inferShapes(cell, sizes);
        for (const [matrix, shape] of Object.entries(example.matrices)) {
          assert.deepEqual(shapes.matrices.get(matrix), shape, matrix);
        }
        for (const [variable, width] of Object.entries(example.variables)) {
          assert.equal(shapes.variables.get(variable), width, variable);
        }
        assert.equal(shapes.answer, sizes.answer);
      });

      it('prints as equations that read as the same model', () => {
        const text = printCell(cell);
        const again = parseCell(text, name);
        assert.deepEqual(plainCell(again), plainCell(cell), text);
        assert.equal(printCell(again), text);
        assert.doesNotMatch(text, /gru|lstm/);
      });

      it('is trained by a text only if a text has what it needs', () => {
        if (example.refusal === undefined) assert.equal(requireTextModel(cell), cell);
        else assert.throws(() => requireTextModel(cell), { message: example.refusal });
      });
    });
  }
});

describe('a cell applied by name', () => {
  it('stands for its equations with names of its own', () => {
    const cell = parseCell('h[t] = gru(x[t], h[t-1])\n', 'applied');
    assert.equal(
      printCell(cell),
      `h.z[t] = sigmoid(h.Wz x[t] + h.Rz h[t-1] + h.bz)
h.r[t] = sigmoid(h.Wr x[t] + h.Rr h[t-1] + h.br)
h.n[t] = tanh(h.Wn x[t] + h.bn + h.r[t] * (h.Rn h[t-1] + h.cn))
h[t] = (1 - h.z[t]) * h.n[t] + h.z[t] * h[t-1]
`,
    );
  });

  it('is its cell, but for names', () => {
    for (const name of builtinCells.keys()) {
      const cell = loadCell(name);
      if (ownPredictionOf(cell.equations)) continue;
      const { output } = cell;
      const word = name.replaceAll('-', '_');
      const applied = parseCell(`${output}[t] = ${word}(x[t], ${output}[t-1])`, name);
      assert.equal(printCell(applied).replaceAll(`${output}.`, ''), printCell(cell), name);
    }
  });

  it('runs as its second argument says', () => {
    const backwards = printCell(parseCell('b[t] = lstm(x[t], b[t+1])', 'b'));
    assert.match(backwards, /^b\.c\[t\] = b\.f\[t\] \* b\.c\[t\+1\] \+ b\.i\[t\] \* b\.g\[t\]$/m);
    assert.match(backwards, /^init b\.bf = 1$/m);
    const dilated = printCell(parseCell('h[u] = vanilla(x[u-2], h[u-4])', 'h'));
    assert.equal(dilated, 'h[u] = tanh(h.U x[u-2] + h.W h[u-4] + h.b)\n');
  });

  it('gives an argument that is no name an equation of its own', () => {
    const cell = parseCell('h[t] = vanilla([x[t]; x[t-1]], h[t-1])\ninit h.b = 2\nsize h = 3', 'h');
    assert.equal(
      printCell(cell),
      `h.x[t] = [x[t]; x[t-1]]
h[t] = tanh(h.U h.x[t] + h.W h[t-1] + h.b)
size h = 3
init h.b = 2
`,
    );
    const { matrices } = inferShapes(cell, { input: 5, hidden: 3, vocabulary: 5 });
    assert.deepEqual(matrices.get('h.U'), [3, 10]);
  });

  it('has initial values that a line may replace', () => {
    const { initials } = parseCell('h[t] = lstm(x[t], h[t-1])\ninit h.bf = 3', 'h');
    assert.deepEqual(initials.get('h.bf')?.initial, { kind: 'constant', value: 3 });
    assert.equal(initials.size, 1);
  });
});

describe('indices', () => {
  const first = (source: string) => {
    const { kind, ...rest } = parseCell(source, 'i').equations[0]!.expression;
    return { kind, ...rest, span: undefined, nameSpan: undefined };
  };

  it('say what a name is read at', () => {
    const places = { span: undefined, nameSpan: undefined };
    const read = (text: string) => first(`r = ${text}\ns[t] = x[t]`);
    assert.deepEqual(read('s[1]'), { kind: 'end', name: 's', at: 'first', domain: 't', ...places });
    assert.deepEqual(read('s[T]'), { kind: 'end', name: 's', at: 'last', domain: 't', ...places });
    assert.deepEqual(read('max(s)'), {
      ...{ kind: 'pool', pool: 'max', name: 's', domain: 't', ...places },
    });
    assert.deepEqual(first('r[t] = s[t+2]\ns[t] = x[t]'), {
      ...{ kind: 'variable', name: 's', lag: -2, domain: 't', ...places },
    });
    assert.deepEqual(first('r = s\ns = b'), { kind: 'whole', name: 's', ...places });
  });

  it('leave new words free as names', () => {
    const cell = parseCell(
      'mean[t] = max * x[t] + u + T attend[t-1]\nattend[t] = dropout + gru',
      'n',
    );
    assert.equal(
      printCell(cell),
      'mean[t] = max * x[t] + u + T attend[t-1]\nattend[t] = dropout + gru\n',
    );
  });

  it('make a text with a single letter the same cell, whichever letter', () => {
    const [t, u] = ['t', 'u'].map((l) =>
      inferShapes(parseCell(`h[${l}] = tanh(U x[${l}] + W h[${l}-1])`, 'l'), {
        ...{ input: 5, hidden: 3, vocabulary: 5 },
      }),
    );
    assert.deepEqual(t!.matrices, u!.matrices);
  });
});

describe('widths', () => {
  const shapesOf = (source: string) => inferShapes(parseCell(source, 'w'), sizes);

  it('of a stack are the sum of its parts, found after them', () => {
    const { variables, matrices } = shapesOf(
      'p[t] = [C r[t-1]; q[t]; x[t]]\nq[t] = [A x[t]; b]\ny = softmax(V p[T])\nsize r = 2\nr[t] = B p[t]',
    );
    assert.equal(variables.get('q'), 16);
    assert.equal(variables.get('p'), 8 + 16 + 11);
    assert.deepEqual(matrices.get('V'), [13, 35]);
    assert.deepEqual(matrices.get('B'), [2, 35]);
    assert.deepEqual(matrices.get('C'), [8, 2]);
  });

  it('that do not add up are told with both shapes', () => {
    assert.throws(
      () => shapesOf('h[t] = W x[t]\nz[t] = b + [h[t]; x[t]]\nsize z = 3\ny = softmax(V z[T])'),
      {
        message:
          'w:2:12: [h[t]; x[t]] has shape [19], but its place has shape [3]. 19 because it stacks 8 + 11; 3 because line 3 gives the size of z. Change a part, a size line, or put a matrix before the stack.',
      },
    );
    assert.throws(() => shapesOf('h[t] = W x[t]\nsize h = 4\ny = softmax(V attend(x[T], h))'), {
      message:
        'w:3:15: x[T] has shape [11], but h has shape [4]. 11 because x is the input; 4 because line 2 gives the size of h. A matrix before a vector changes its width, as in W x[t].',
    });
  });
});
