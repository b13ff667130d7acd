/**
 * Products of Jacobians ∂s_t/∂s_{t-k} = ∏ diag(1 - s²) W, which make gradients vanish or explode with the
 * distance k: whole, from backpropagation through time, and from the formula.
 */
import type { Backend } from '../../../src/core/engine/backend';
import { buildModel, type Model } from '../../../src/core/engine/model';
import { writeParameter } from '../../../src/core/engine/parameters';
import type { View } from '../../../src/core/engine/program';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { parseCell } from '../../../src/core/equations/parse';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { createNetwork } from '../../../src/core/engine/network';
import { createRandom, type Random } from '../../../src/core/random/random';
import { atMost, type Check, type Finding } from '../check';
import {
  difference,
  identity,
  multiply,
  norm,
  scaleRows,
  spectralNorm,
  type Matrix,
} from './matrices';

const hidden = 100;
const lags = [1, 5, 10, 20, 50] as const;
/** On the float32 kernels; a few also in float64, where both ways must agree to the last digits. */
const draws = 100;
const exactDraws = 3;
/** Seen elsewhere in one draw, for W uniform in ± gain / √H. */
const seen = {
  1: [1.13, 0.235, 0.022, 2.7e-4, 5.3e-10],
  5: [3.6, 13, 35, 510, 3.6e6],
} as const;

/** One network's product for each lag, both ways. */
interface Draw {
  readonly norms: readonly number[];
  /** Largest ‖by backpropagation - by the formula‖ / ‖by the formula‖ over the lags. */
  readonly error: number;
  /** Largest norm of a single factor. */
  readonly factor: number;
}

function draw(gain: number, random: Random, createBackend: (model: Model) => Backend): Draw {
  const weights = Float64Array.from({ length: hidden * hidden }, () => {
    return (gain * (2 * random.uniform() - 1)) / Math.sqrt(hidden);
  });
  const begin = Array.from({ length: hidden }, () => 2 * random.uniform() - 1);
  const { states, products } = backpropagate(weights, begin, createBackend);
  const last = states.length - 1;
  const factors = states.map((s) =>
    scaleRows(
      weights,
      s.map((value) => 1 - value * value),
    ),
  );
  let formula = identity(hidden);
  let error = 0;
  for (let lag = 1; lag <= last; lag++) {
    formula = multiply(formula, factors[last - lag + 1]!, hidden);
    const index = (lags as readonly number[]).indexOf(lag);
    if (index >= 0)
      error = Math.max(error, norm(difference(products[index]!, formula)) / norm(formula));
  }
  return {
    norms: products.map((product) => spectralNorm(product, hidden)),
    error,
    factor: Math.max(...factors.slice(1).map((factor) => spectralNorm(factor, hidden))),
  };
}

/**
 * Jacobians out of gradients of a loss. Every row of the batch goes through the same states; the output layer
 * is the identity with a row of zeros below, so that row i's loss, of class i, has the gradient
 * (Σ p_j J_j) - J_i, and the last row's, of the class without weights, the same without J_i.
 */
function backpropagate(
  weights: Matrix,
  begin: readonly number[],
  createBackend: (model: Model) => Backend,
) {
  const classes = hidden + 1;
  const cell = parseCell('s[t] = tanh(U x[t] + W s[t-1])\ny[t] = softmax(V s[t])', 'cell');
  const sizes = { hidden, layers: 1, vocabulary: classes, embedding: 0, dropout: 0 };
  const model = buildModel({ cell, ...sizes });
  const network = createNetwork(model, createBackend(model));
  const { backend } = network;
  const sequence = Math.max(...lags) + 1;
  const program = network.program('inspect', { batch: classes, sequence });
  const values = {
    U: new Float64Array(hidden * classes),
    W: weights,
    V: identity(hidden, classes),
  };
  for (const parameter of model.parameters) {
    const own = values[parameter.symbol as keyof typeof values];
    writeParameter(backend.floats(), model.layout.parameters, parameter, own);
  }
  backend.parametersChanged();
  program.writeState(Float64Array.from(Array.from({ length: classes }, () => begin).flat()));
  program.targets.fill(-1);
  for (let row = 0; row < classes; row++) program.targets[(sequence - 1) * classes + row] = row;
  program.run(0);
  const floats = backend.floats();
  const rowOf = (name: string, t: number, row: number): Float64Array => {
    const view: View = program.program.probes.get(name)!;
    const from = view.offset + t * view.timeStride + row * view.rowStride;
    return Float64Array.from(floats.subarray(from, from + hidden));
  };
  const products = lags.map((lag) => {
    const t = sequence - 1 - lag;
    const base = rowOf('d layer1.s', t, hidden);
    const rows = Array.from({ length: hidden }, (_, i) =>
      // The engine's loss is the mean over the batch.
      rowOf('d layer1.s', t, i).map((value, j) => (base[j]! - value) * classes),
    );
    return Float64Array.from(rows.flatMap((row) => [...row]));
  });
  const states = Array.from({ length: sequence }, (_, t) => rowOf('layer1.s', t, 0));
  backend.close();
  return { states, products };
}

function* ofGain(gain: 1 | 5): Generator<Finding> {
  const random = createRandom(gain);
  const all = Array.from({ length: draws }, () => draw(gain, random, float32));
  for (const [index, lag] of lags.entries()) {
    const norms = all.map((one) => one.norms[index]!).sort((a, b) => a - b);
    const [least, median, most] = [norms[0]!, norms[draws >> 1]!, norms.at(-1)!];
    const once = seen[gain][index]!;
    yield {
      what: `gain ${String(gain)}, distance ${String(lag)}: seen in one draw, and in ours`,
      expected: short(once),
      got: `${short(least)} … ${short(most)}, median ${short(median)} (${String(draws)} draws)`,
      passed: once >= least && once <= most,
    };
  }
  const exact = Array.from({ length: exactDraws }, () => draw(gain, random, float64));
  const [rough, fine] = [all, exact].map((some) => Math.max(...some.map(({ error }) => error)));
  const what = `gain ${String(gain)}: backpropagation against the formula`;
  yield atMost(`${what}, float32`, rough!, 1e-3);
  yield atMost(`${what}, float64`, fine!, 1e-12);
  if (gain === 1) {
    const factor = Math.min(...all.map((one) => one.factor));
    yield {
      what: 'gain 1: the norm of a single factor is not bounded by 1, in any draw',
      expected: '> 1',
      got: short(factor),
      passed: factor > 1,
    };
  }
}

const float32 = ({ layout }: Model): Backend => createWasmBackend({ layout });
const float64 = ({ layout }: Model): Backend => createReferenceBackend(layout);

const short = (value: number): string => String(Number(value.toPrecision(3)));

export const jacobians: Check = {
  name: 'jacobians',
  title: 'Jacobian products ‖∂s_t/∂s_{t-k}‖₂ against the distance, 100 units',
  source: 'Pascanu, Mikolov & Bengio 2013; the values seen with NumPy in one draw of W',
  *run() {
    yield* ofGain(1);
    yield* ofGain(5);
  },
};
