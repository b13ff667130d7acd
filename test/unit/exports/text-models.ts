import { buildModel } from '../../../src/core/engine/model';
import { parseCell } from '../../../src/core/equations/parse';
import { createRandom } from '../../../src/core/random/random';
import { parseSettings } from '../../../src/core/settings/settings';
import { notBegun, type Checkpoint } from '../../../src/core/training/checkpoint';
import { createTokenizer } from '../data/tools';

/** The made-up cell: lags above 1 of the input and of a state, a start, whole-vector functions, awkward names. */
const odd = `new[t] = softmax(P x[t-2] + Q s[t-1] / 2)
k[t] = sigmoid(K (new[t] * s[t-3]) - -i) * 0.5
s[t] = layernorm(tanh(U x[t] + W s[t-2] + b) * k[t] + 0.1 * -s[t-1]) - (b - (1 - softplus(i)))
s_1[t] = relu(s[t]) + abs(new[t]) / sqrt(1 + exp(-s_1[t-1]) * log(2 + k[t] * k[t]))
init s = 0.5
init b = uniform(0.3)
init i = normal(0.2)`;

/** Models of texts that cover what an export has to write. */
export const models: readonly (readonly [
  name: string,
  cell: string,
  settings: Record<string, unknown>,
])[] = [
  ['vanilla', 'vanilla', {}],
  ['gru', 'gru', {}],
  ['lstm in 2 layers', 'lstm', { 'model.layers': 2 }],
  ['gru in 3 layers on an embedding', 'gru', { 'model.layers': 3, 'model.embedding': 5 }],
  ['an odd cell', odd, {}],
  ['an odd cell in 2 layers', odd, { 'model.layers': 2 }],
  [
    'a prediction that is fed back',
    'h[t] = tanh(U x[t] + W y[t-1] + b)\ny[t] = softmax(V h[t] + c)',
    { 'model.layers': 2 },
  ],
  [
    'an output layer of its own',
    'h[t] = tanh(U x[t] + W h[t-1])\ny[t] = softmax(V h[t] + D x[t-1])',
    { 'model.layers': 2 },
  ],
  [
    'an upper layer that reads the past of a state with a start',
    'init s = 0.25\ns[t] = tanh(U x[t] + D x[t-2] + W s[t-1] + b)',
    { 'model.layers': 2 },
  ],
  ['no state', 'h[t] = tanh(U x[t] + b)', {}],
];

/** A model with random weights. */
export function randomModel(source: string, layers: number, embedding: number): Checkpoint {
  const tokenizer = createTokenizer('char', 'abcd', 0);
  const cell = parseCell(source, 'random');
  const sizes = { hidden: 4, layers, vocabulary: 4, embedding, dropout: 0 };
  const model = buildModel({ cell, ...sizes });
  const random = createRandom(layers);
  const tensors = new Map(
    model.parameters.map(({ name, rows, columns }) => [
      name,
      Float32Array.from({ length: rows * columns }, () => 0.5 * random.normal()),
    ]),
  );
  const settings = parseSettings({});
  return { model, tokenizer, settings, training: notBegun(settings), tensors };
}
