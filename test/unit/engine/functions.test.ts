/** Every function and operator of the language, differentiated by the engine and by central differences. */
import assert from 'node:assert/strict';
import { parseCell } from '../../../src/core/equations/parse';
import { functionNames, type FunctionName } from '../../../src/core/equations/syntax';
import { checkGradients } from '../../../src/core/inspection/gradient-check';
import { finish } from '../../../src/core/training/evaluate';
import { often } from '../often';

const inner = 'U x[t] + W s[t-1] + b';

/** Those that are not defined everywhere, and those with a kink, which is seen from both of its sides. */
const special: Partial<Record<FunctionName, string>> = {
  log: `log(1.5 + tanh(${inner}))`,
  sqrt: `sqrt(1.5 + tanh(${inner}))`,
  abs: `abs(1.5 + tanh(${inner})) * abs(tanh(${inner}) - 1.5)`,
  relu: `relu(1.5 + tanh(${inner})) * (1 + relu(tanh(${inner}) - 1.5))`,
};

const operations: Readonly<Record<string, string>> = {
  'a sum': `(${inner}) + A s[t-2]`,
  'a difference': `(${inner}) - A s[t-2]`,
  'a product': `(${inner}) * (1 + A s[t-2])`,
  'a quotient': `(${inner}) / (2 + tanh(A s[t-2]))`,
  'a number over a vector': `3 / (2 + tanh(${inner}))`,
  'a number less a vector': `1 - (${inner})`,
  'a minus': `-(${inner})`,
  'a vector with itself': `(${inner}) * (0.5 + s[t-1]) * (0.5 + s[t-1])`,
  'a matrix of a function': `A sigmoid(${inner})`,
  'a bias that scales': `b * (U x[t] + W s[t-1])`,
  'a far lag': `U x[t] + W s[t-5] + b`,
};

function largestError(expression: string, layers: number): number {
  const cell = parseCell(`s[t] = tanh(${expression})`, 'cell');
  const sizes = { hidden: 6, vocabulary: 5, batch: 2, sequence: 13, layers, entries: often(5) };
  const { rows, maxRelativeError } = finish(checkGradients({ cell, ...sizes, seed: 3 }));
  for (const { name, live } of rows) assert.ok(live > 0, `no live entry of ${name}`);
  return maxRelativeError;
}

describe('derivatives by backpropagation through time', () => {
  const cases = {
    ...Object.fromEntries(
      functionNames.map((name) => [name, special[name] ?? `${name}(${inner})`]),
    ),
    ...operations,
  };
  for (const [name, expression] of Object.entries(cases)) {
    it(`of ${name} agree with central differences to 1e-7`, () => {
      for (const layers of [1, 2]) {
        const error = largestError(expression, layers);
        assert.ok(error < 1e-7, `${String(layers)} layers: ${String(error)}`);
      }
    });
  }
});
