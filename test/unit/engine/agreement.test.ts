import assert from 'node:assert/strict';
import gru from '../../../src/core/cells/gru.rnn';
import lstm from '../../../src/core/cells/lstm.rnn';
import vanilla from '../../../src/core/cells/vanilla.rnn';
import type { Backend, Update } from '../../../src/core/engine/backend';
import { compileProgram } from '../../../src/core/engine/compile';
import { buildModel } from '../../../src/core/engine/model';
import type { ModelSpec } from '../../../src/core/graph/model-spec';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { initialise } from '../../../src/core/engine/initialise';
import { createRandom } from '../../../src/core/random/random';

const adam: Update = {
  optimizer: 'adam',
  learningRate: 2e-3,
  clip: 5,
  clipValue: 0,
  momentum: 0.9,
  alpha: 0.95,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  step: 1,
};

/** A text with structure to learn: each token mostly decides the next. */
function fill(tokens: Int32Array, targets: Int32Array, chunk: number, spec: ModelSpec): void {
  const random = createRandom(chunk + 1);
  for (let i = 0; i < tokens.length; i++) {
    tokens[i] = random.integer(spec.vocabulary);
    targets[i] =
      random.uniform() < 0.8
        ? (tokens[i]! * 3 + 1) % spec.vocabulary
        : random.integer(spec.vocabulary);
  }
}

/** Losses of 100 training steps with carried state. */
function losses(
  spec: ModelSpec,
  make: (model: ReturnType<typeof buildModel>) => Backend,
): number[] {
  const model = buildModel(spec);
  const backend = make(model);
  const program = compileProgram(model, {
    batch: 5,
    sequence: 11,
    mode: 'train',
    base: model.layout.free,
  });
  const loaded = backend.load(program);
  initialise(model, backend.floats(), createRandom(3));
  backend.parametersChanged();
  const result = Array.from({ length: 100 }, (_, index) => {
    fill(loaded.tokens, loaded.targets, index, spec);
    return loaded.train(index + 1, { ...adam, step: index + 1 }).loss;
  });
  backend.close();
  return result;
}

describe('float32 kernels against the float64 reference', () => {
  const cases: Record<string, Omit<ModelSpec, 'cell'> & { source: string }> = {
    vanilla: { source: vanilla, hidden: 20, layers: 1, vocabulary: 13, embedding: 0, dropout: 0 },
    'gru, two layers': {
      source: gru,
      hidden: 20,
      layers: 2,
      vocabulary: 13,
      embedding: 0,
      dropout: 0,
    },
    'lstm, embedding': {
      source: lstm,
      hidden: 17,
      layers: 1,
      vocabulary: 13,
      embedding: 6,
      dropout: 0,
    },
    'lstm, dropout': {
      source: lstm,
      hidden: 16,
      layers: 2,
      vocabulary: 9,
      embedding: 0,
      dropout: 0.3,
    },
    'layernorm and lags': {
      source: 's[t] = tanh(g * layernorm(U x[t] + W s[t-1] + A s[t-3]) + b)\ninit g = 1',
      hidden: 12,
      layers: 1,
      vocabulary: 9,
      embedding: 0,
      dropout: 0,
    },
  };
  for (const [name, { source, ...sizes }] of Object.entries(cases)) {
    it(`${name}: losses of 100 steps within 1e-4`, () => {
      const spec = { cell: parseCell(source, name), ...sizes };
      const exact = losses(spec, ({ layout }) => createReferenceBackend(layout));
      const fast = losses(spec, ({ layout }) => createWasmBackend({ layout }));
      const worst = Math.max(...exact.map((loss, i) => Math.abs(fast[i]! - loss) / loss));
      assert.ok(worst < 1e-4, `largest relative difference ${String(worst)}`);
      assert.ok(
        exact[99]! < 0.9 * exact[0]!,
        'the model learnt, so the comparison means something',
      );
    });
  }
});
