import assert from 'node:assert/strict';
import { buildModel } from '../../../src/core/engine/model';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { structureOf } from '../../../src/core/engine/structure';
import { parseCell } from '../../../src/core/equations/parse';
import { derivative } from '../../../src/core/inspection/differences';
import { createLagProbe } from '../../../src/core/inspection/lag-probe';
import { effectiveMemory, lookBack, type LookBack } from '../../../src/core/inspection/look-back';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { finish } from '../../../src/core/training/evaluate';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { random } from '../engine/tools';

const [length, vocabulary, hidden] = [12, 16, 4];

/**
 * `Z` stands wherever `W` does, behind a gate that `G` opens for one token alone, and is zero: the loss's
 * derivative with respect to it is W's term at the one step that reads this token.
 */
const cells = {
  vanilla: 's[t] = tanh(U x[t] + W s[t-1] + b + Z (G x[t] * s[t-1]))',
  'gated operand': `r[t] = sigmoid(C x[t] + D h[t-1])
    h[t] = 0.5 * h[t-1] + 0.5 * tanh(U x[t] + W (r[t] * h[t-1]) + Z (G x[t] * (r[t] * h[t-1])))`,
  lstm: `i[t] = sigmoid(A x[t] + B h[t-1])
    f[t] = sigmoid(C x[t] + D h[t-1] + k)
    g[t] = tanh(U x[t] + W h[t-1] + Z (G x[t] * h[t-1]))
    c[t] = f[t] * c[t-1] + i[t] * g[t]
    h[t] = sigmoid(O x[t] + M h[t-1]) * tanh(c[t])`,
  'one matrix, two lags':
    's[t] = tanh(U x[t] + W s[t-1] + W s[t-2] + Z (G x[t] * s[t-1]) + Z (G x[t] * s[t-2]))',
} as const;

function makeNetwork(source: string, layers: number, embedding = 0): Network {
  const cell = parseCell(source, 'cell');
  const model = buildModel({ cell, hidden, layers, vocabulary, embedding, dropout: 0.5 });
  const backend = createReferenceBackend(model.layout);
  const next = random(7);
  for (const parameter of model.parameters) {
    const isGate = ['Z', 'G'].includes(parameter.symbol);
    const values = Array.from({ length: parameter.rows * parameter.columns }, () =>
      isGate ? 0 : 1.4 * next() - 0.7,
    );
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  return createNetwork(model, backend);
}

/** Tokens of which no two are the same; the last one is to be predicted. */
const ids = ((): number[] => {
  const next = random(8);
  return Array.from({ length: vocabulary }, (_, token) => ({ token, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, length + 1)
    .map(({ token }) => token);
})();

function look(network: Network): LookBack {
  const loaded = network.program('look', { batch: 1, sequence: length + 5 });
  loaded.resetState();
  loaded.tokens.set(ids.slice(0, length));
  loaded.runPart({ pass: 'forward', from: 0, to: length });
  const place = { first: 0, at: length - 1, target: ids[length]! };
  return finish(lookBack(network, structureOf(network.model.spec), loaded, place));
}

function parameterOf(network: Network, name: string) {
  const parameter = network.model.parameters.find((candidate) => candidate.name === name)!;
  const { parameters } = network.model.layout;
  return {
    values: readParameter(network.backend.floats(), parameters, parameter),
    write(values: ArrayLike<number>): void {
      writeParameter(network.backend.floats(), parameters, parameter, values);
    },
  };
}

function lossOf(network: Network): number {
  const loaded = network.program('evaluate', { batch: 1, sequence: length });
  loaded.tokens.set(ids.slice(0, length));
  loaded.targets.fill(-1);
  loaded.targets[length - 1] = ids[length]!;
  loaded.resetState();
  return loaded.run(0).lossSum;
}

/** ∂E/∂θ for some entries of a parameter, from central differences. */
function slopes(network: Network, name: string, entries: readonly number[]): number[] {
  const { values, write } = parameterOf(network, name);
  const loss = (): number => {
    write(values);
    return lossOf(network);
  };
  return entries.map((at) => {
    const own = values[at]!;
    const slope = derivative((h) => {
      values[at] = own + h;
      const higher = loss();
      values[at] = own - h;
      const lower = loss();
      return higher - lower;
    });
    values[at] = own;
    write(values);
    return slope;
  });
}

function close(found: number, expected: number, what: string): void {
  const error = Math.abs(found - expected) / (Math.abs(found) + Math.abs(expected));
  assert.ok(error < 1e-7, `${what}: ${String(found)}, not ${String(expected)}`);
}

const every = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a look back from a loss', () => {
  for (const [name, source] of Object.entries(cells)) {
    for (const layers of [1, 2]) {
      const what = `${name}, ${String(layers)} layers`;

      it(`finds each lag's term of a recurrent matrix's gradient: ${what}`, () => {
        const network = makeNetwork(source, layers);
        const { terms } = look(network);
        const found = terms.find(({ parameter }) => parameter === 'layer1.W')!;
        const gate = parameterOf(network, 'layer1.G');
        every(length).forEach((lag) => {
          const token = ids[length - 1 - lag]!;
          gate.write(Float64Array.from(gate.values, (_, at) => Number(at % vocabulary === token)));
          const term = slopes(network, 'layer1.Z', every(hidden * hidden));
          gate.write(gate.values);
          const expected = Math.hypot(...term);
          if (expected === 0) assert.equal(found.values[lag], 0);
          else close(found.values[lag]!, expected, `lag ${String(lag)}`);
        });
      });

      it(`finds the sum of all terms: ${what}`, () => {
        const network = makeNetwork(source, layers);
        for (const { parameter, sum } of look(network).terms) {
          if (parameter.endsWith('.Z')) continue;
          close(sum, Math.hypot(...slopes(network, parameter, every(hidden * hidden))), parameter);
        }
      });

      it(`finds the gradient by the embedded input: ${what}`, () => {
        const embedding = 3;
        const network = makeNetwork(source, layers, embedding);
        const found = look(network);
        const { values } = parameterOf(network, 'embedding.E');
        every(length).forEach((lag) => {
          const token = ids[length - 1 - lag]!;
          const entries = every(embedding).map((row) => row * vocabulary + token);
          const gradient = slopes(network, 'embedding.E', entries);
          close(found.saliency.values[lag]!, Math.hypot(...gradient), `lag ${String(lag)}`);
          const product = gradient.reduce((sum, slope, i) => sum + slope * values[entries[i]!]!, 0);
          close(found.gradientTimesInput.values[lag]!, product, `lag ${String(lag)}`);
        });
      });

      it(`finds the gradient by the one-hot input: ${what}`, () => {
        const network = makeNetwork(source, layers);
        // The same model with an embedding that changes nothing, whose columns are the inputs.
        const embedded = makeNetwork(source, layers, vocabulary);
        for (const { name: parameter } of network.model.parameters) {
          parameterOf(embedded, parameter).write(parameterOf(network, parameter).values);
        }
        const identity = every(vocabulary ** 2).map((at) =>
          Number(at % vocabulary === Math.floor(at / vocabulary)),
        );
        parameterOf(embedded, 'embedding.E').write(identity);
        const found = look(network);
        every(length).forEach((lag) => {
          const token = ids[length - 1 - lag]!;
          const entries = every(vocabulary).map((row) => row * vocabulary + token);
          const gradient = slopes(embedded, 'embedding.E', entries);
          close(found.saliency.values[lag]!, Math.hypot(...gradient), `lag ${String(lag)}`);
          close(found.gradientTimesInput.values[lag]!, gradient[token]!, `lag ${String(lag)}`);
        });
      });

      it(`finds the gradient with respect to states that the lag probe finds: ${what}`, () => {
        const network = makeNetwork(source, layers);
        const structure = structureOf(network.model.spec);
        const windows = { starts: [0], length, warmUp: 0 };
        const probe = createLagProbe(network, structure, Uint8Array.from(ids), windows, 1);
        const { lags } = finish(probe.measure());
        const { states } = look(network);
        assert.deepEqual(
          states.map(({ variable }) => variable),
          lags.map(({ variable }) => variable),
        );
        states.forEach(({ values }, i) => {
          assert.deepEqual([...values], [...lags[i]!.norms]);
        });
      });
    }
  }

  it('ends where nothing flows back any more', () => {
    const cell = parseCell('s[t] = tanh(U x[t] + W s[t-1])', 'cell');
    const model = buildModel({ cell, hidden, layers: 1, vocabulary, embedding: 0, dropout: 0 });
    const network = createNetwork(model, createReferenceBackend(model.layout));
    const next = random(9);
    for (const { name, rows, columns, symbol } of model.parameters) {
      const scale = symbol === 'W' ? 0.02 : 1;
      const values = Array.from({ length: rows * columns }, () => scale * (next() - 0.5));
      parameterOf(network, name).write(values);
    }
    const [state] = look(network).states;
    const probe = createLagProbe(
      network,
      structureOf(model.spec),
      Uint8Array.from(ids),
      { starts: [0], length, warmUp: 0 },
      1,
    );
    const { norms } = finish(probe.measure()).lags[0]!;
    const end = state!.values.indexOf(0);
    assert.ok(end > 2 && end < length);
    assert.deepEqual([...state!.values.slice(0, end)], [...norms.slice(0, end)]);
    assert.ok(norms[end]! < 1e-9 * Math.max(...norms));
    assert.ok(state!.values.slice(end).every((value) => value === 0));
  });

  it('is the same from the float32 kernels', () => {
    const network = makeNetwork(cells.lstm, 2);
    const { model, backend } = network;
    const { parameters, parameterFloats } = model.layout;
    const kernels = createWasmBackend({ layout: model.layout });
    kernels.floats().set(backend.floats().subarray(parameters, parameters + parameterFloats));
    kernels.parametersChanged();
    const exact = look(network);
    const found = look(createNetwork(model, kernels));
    const alike = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
      const largest = Math.max(...Array.from(b, Math.abs));
      assert.equal(a.length, b.length);
      every(a.length).forEach((i) => {
        assert.ok(Math.abs(a[i]! - b[i]!) <= 1e-5 * largest);
      });
    };
    found.states.forEach(({ values }, i) => {
      alike(values, exact.states[i]!.values);
    });
    found.terms.forEach(({ values, sum }, i) => {
      alike(values, exact.terms[i]!.values);
      assert.ok(Math.abs(sum - exact.terms[i]!.sum) <= 1e-5 * sum);
    });
    alike(found.saliency.values, exact.saliency.values);
    alike(found.gradientTimesInput.values, exact.gradientTimesInput.values);
  });
});

describe('effective memory', () => {
  it('is the smallest lag from which less than 1 % of the largest comes', () => {
    assert.equal(effectiveMemory([1, 0.5, 0.02, 0.009, 0.001]), 3);
    assert.equal(effectiveMemory([0.001, 5, 0.04, 0.06, 0.04]), 4);
    assert.equal(effectiveMemory([-1, 0.5, -0.02, 0]), 3);
    assert.equal(effectiveMemory([1, 0.5, 0.01]), null);
    assert.equal(effectiveMemory([0, 0]), 0);
    assert.equal(effectiveMemory([]), 0);
  });
});
