/** Models of every input/output shape, as graphs. */
import { attend, maxOverSteps, meanOverSteps, stack, stepSum } from '../../../src/core/graph/steps';
import type { Drawing } from './sketch';

/** Symbols of the inputs and of the outputs. */
const C = 4;
const K = 3;

export const drawings: Readonly<Record<string, Drawing>> = {
  'sentiment: mean of a GRU': {
    draw: (s) => {
      const h = s.gru('h', s.onehot('t', C), 5);
      return s.affine('y', K, meanOverSteps(s.graph, h));
    },
  },
  'sentiment: last state of an LSTM': {
    draw: (s) => {
      const { h } = s.lstm('h', s.onehot('t', C), 5);
      return s.affine('y', K, stepSum(s.graph, h, -1));
    },
  },
  'maximum of two directions': {
    draw: (s) => {
      const x = s.numbers('t', 3);
      const both = stack(s.graph, [s.gru('f', x, 4), s.gru('b', x, 3, -1)]);
      return s.affine('y', K, maxOverSteps(s.graph, both));
    },
  },
  'tagger: two directions, stacked': {
    draw: (s) => {
      const x = s.onehot('t', C);
      const [f, b] = [s.lstm('f', x, 4).h, s.lstm('b', x, 5, -1).h];
      return s.affine('y', K, stack(s.graph, [f, b]));
    },
  },
  'tagger of two layers, neighbours of the input': {
    draw: (s) => {
      const x = s.numbers('t', 3);
      const [before, after] = [s.delay('t', 3, 1), s.delay('t', 3, -2, { initial: 0.3 })];
      s.close(before, x);
      s.close(after, x);
      const near = s.apply('tanh', s.affine('near', 6, stack(s.graph, [before, x, after])));
      const f = s.gru('f', near, 4, 2, { start: s.bias('f0', 4) });
      const b = s.gru('b', s.add(f, s.matrix('skip', near, 4)), 4, -2, { initial: 0.2 });
      return s.affine('y', K, f, b);
    },
  },
  'captions: a vector begins the answer': {
    draw: (s) => {
      const start = s.apply('tanh', s.affine('p', 5, s.numbers('example', 6)));
      return s.affine('y', K, s.gru('s', s.onehot('u', C), 5, 1, { start }));
    },
  },
  'captions: the vector at every step': {
    draw: (s) => {
      const image = s.apply('relu', s.affine('p', 4, s.numbers('example', 6)));
      const h = s.loop('u', 4, 1, (h) =>
        s.apply('tanh', s.add(s.affine('s', 4, s.onehot('u', C), h), image)),
      );
      return s.affine('y', K, h, image);
    },
  },
  'translation: dot attention': {
    draw: (s) => {
      const source = s.lstm('s', s.onehot('t', C), 5);
      const last = (state: number) => ({ start: stepSum(s.graph, state, -1) });
      const starts = { h: last(source.h), c: last(source.c) };
      const { h: d } = s.lstm('d', s.onehot('u', C), 5, 1, starts);
      const query = s.matrix('A', d, 5);
      const a = attend(s.graph, { query, keys: source.h, values: source.h }).output;
      const k = s.apply('tanh', s.affine('k', 6, stack(s.graph, [a, d])));
      return s.affine('y', K, k);
    },
  },
  'translation: additive attention with input feeding': {
    draw: (s) => {
      const source = s.gru('s', s.onehot('t', C), 4);
      const back = s.gru('r', s.onehot('t', C), 4, -1);
      const values = stack(s.graph, [source, back]);
      const keys = s.matrix('Q', values, 5);
      const x = s.onehot('u', C);
      const d = s.loop('u', 5, 1, (previous) => {
        const vector = s.bias('v', 5);
        const query = s.matrix('A', previous, 5);
        const { output } = attend(s.graph, { query, keys, values, vector });
        return s.apply('tanh', s.affine('d', 5, x, previous, output));
      });
      return s.affine('y', K, d);
    },
  },
  'a learnt query pools': {
    draw: (s) => {
      const h = s.gru('h', s.onehot('t', C), 4);
      const query = s.copy(s.bias('q', 4), 'example');
      const { output } = attend(s.graph, { query, keys: h, values: h });
      return s.affine('y', K, output);
    },
  },
  'every step attends to all steps': {
    draw: (s) => {
      const x = s.numbers('t', 3);
      const [query, keys, values] = ['q', 'k', 'v'].map((name) => s.matrix(name, x, 4));
      const { output } = attend(s.graph, { query: query!, keys: keys!, values: values! });
      return s.affine('y', K, output, x);
    },
  },
  'series: squared error': {
    draw: (s) => s.affine('y', 2, s.gru('h', s.numbers('t', 2), 5)),
    response: 'none',
  },
  'number of a sequence': {
    draw: (s) => s.affine('y', 1, stepSum(s.graph, s.gru('h', s.numbers('t', 2), 5, -1), 1)),
    response: 'none',
  },
  'any of the symbols at each step': {
    draw: (s) => s.affine('y', 5, s.lstm('h', s.numbers('t', 3), 4).h),
    response: 'sigmoid',
  },
  'plain: one layer': {
    draw: (s) => s.affine('y', K, s.apply('tanh', s.affine('h', 6, s.numbers('example', 4)))),
  },
  'plain: a symbol in, several out': {
    draw: (s) => s.affine('y', 5, s.apply('sigmoid', s.affine('h', 6, s.onehot('example', C)))),
    response: 'sigmoid',
  },
  'one matrix on both sides, stacked and alone': {
    draw: (s) => {
      const [x, z] = [s.numbers('t', 4), s.onehot('t', C)];
      const h = s.loop('t', 7, 1, (h) => {
        const pair = stack(s.graph, [s.matrix('E', x, 4), s.matrix('F', z, 3)]);
        return s.apply('tanh', s.add(s.matrix('W', pair, 7), s.matrix('W', h, 7)));
      });
      const swapped = stack(s.graph, [s.matrix('F', z, 3), x]);
      return s.affine('y', K, s.apply('tanh', s.matrix('W', swapped, 7)), h);
    },
  },
};
