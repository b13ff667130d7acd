import assert from 'node:assert/strict';
import { buildModel } from '../../../src/core/engine/model';
import { readParameter, writeParameter } from '../../../src/core/engine/parameters';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { structureOf } from '../../../src/core/engine/structure';
import { parseCell } from '../../../src/core/equations/parse';
import { derivative } from '../../../src/core/inspection/differences';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import { createLagProbe } from '../../../src/core/inspection/lag-probe';
import { chooseWindows } from '../../../src/core/inspection/windows';
import { isSaturated, type LagCurve } from '../../../src/core/inspection/observation';
import { finish } from '../../../src/core/training/evaluate';
import { createNetwork, type Network } from '../../../src/core/engine/network';
import { random } from '../engine/tools';

const [length, vocabulary, hidden] = [12, 16, 4];

/**
 * Each state is pushed by `P x[t]` with a matrix of zeros: as every token comes once in a window, an entry
 * of P pushes one unit at one step, and nothing else.
 */
const cells = {
  vanilla: { source: 's[t] = tanh(U x[t] + W s[t-1] + b) + P x[t]', push: { s: 'P' } },
  gru: {
    source: `z[t] = sigmoid(A x[t] + B h[t-1])
      r[t] = sigmoid(C x[t] + D h[t-1])
      h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(U x[t] + W (r[t] * h[t-1])) + P x[t]`,
    push: { h: 'P' },
  },
  lstm: {
    source: `i[t] = sigmoid(A x[t] + B h[t-1])
      f[t] = sigmoid(C x[t] + D h[t-1] + k)
      g[t] = tanh(U x[t] + W h[t-1])
      c[t] = f[t] * c[t-1] + i[t] * g[t] + P x[t]
      h[t] = sigmoid(O x[t] + M h[t-1]) * tanh(c[t]) + Q x[t]`,
    push: { c: 'P', h: 'Q' },
  },
  'two lags': {
    source: 's[t] = tanh(U x[t] + W s[t-1] + A s[t-3]) + P x[t]',
    push: { s: 'P' },
  },
  Jordan: {
    source: 's[t] = tanh(U x[t] + W y[t-1] + R s[t-1]) + P x[t]\ny[t] = softmax(V s[t] + c)',
    push: { s: 'P' },
  },
} as const;

function makeNetwork(source: string, layers: number): Network {
  const cell = parseCell(source, 'cell');
  const model = buildModel({ cell, hidden, layers, vocabulary, embedding: 0, dropout: 0.5 });
  const backend = createReferenceBackend(model.layout);
  const next = random(7);
  for (const parameter of model.parameters) {
    const isPush = ['P', 'Q'].includes(parameter.symbol);
    const values = Array.from({ length: parameter.rows * parameter.columns }, () =>
      isPush ? 0 : 1.4 * next() - 0.7,
    );
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  return createNetwork(model, backend);
}

/** Tokens of which no two within a window are the same. */
function shuffledTokens(windows: number): Uint8Array {
  const next = random(8);
  const all = Array.from({ length: windows }, () => {
    const tokens = Array.from({ length: vocabulary }, (_, i) => i);
    return tokens
      .map((token) => ({ token, key: next() }))
      .sort((a, b) => a.key - b.key)
      .slice(0, length + 1)
      .map(({ token }) => token);
  });
  return Uint8Array.from(all.flat());
}

/** ‖∂E_t/∂s_{t-k}‖ from central differences, of the window that begins at `start`. */
function numericNorms(network: Network, push: string, ids: Uint8Array, start: number): number[] {
  const { model, backend } = network;
  const loaded = network.program('evaluate', { batch: 1, sequence: length });
  const parameter = model.parameters.find(({ name }) => name === push)!;
  const values = readParameter(backend.floats(), model.layout.parameters, parameter);
  const loss = (): number => {
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
    loaded.tokens.set(ids.subarray(start, start + length));
    loaded.targets.fill(-1);
    loaded.targets[length - 1] = ids[start + length]!;
    loaded.resetState();
    return loaded.run(0).lossSum;
  };
  return Array.from({ length }, (_, lag) => {
    const token = ids[start + length - 1 - lag]!;
    const slopes = Array.from({ length: hidden }, (_, unit) => {
      const at = unit * vocabulary + token;
      const slope = derivative((h) => {
        values[at] = h;
        const higher = loss();
        values[at] = -h;
        const lower = loss();
        values[at] = 0;
        return higher - lower;
      });
      loss();
      return slope;
    });
    return Math.hypot(...slopes);
  });
}

function lagsOf(network: Network, ids: Uint8Array, starts: number[], batch: number): LagCurve[] {
  const structure = structureOf(network.model.spec);
  const probe = createLagProbe(network, structure, ids, { starts, length, warmUp: 0 }, batch);
  return [...finish(probe.measure()).lags];
}

describe('gradients by lag', () => {
  const ids = shuffledTokens(3);
  const starts = [0, length + 1, 2 * (length + 1)];

  for (const layers of [1, 2]) {
    for (const [name, { source, push }] of Object.entries(cells)) {
      it(`are those of central differences: ${name}, ${String(layers)} layers`, () => {
        const network = makeNetwork(source, layers);
        const lags = lagsOf(network, ids, starts, 2);
        for (const [state, matrix] of Object.entries(push)) {
          const curve = lags.find(({ variable }) => variable === `layer1.${state}`)!;
          const windows = starts.map((start) =>
            numericNorms(network, `layer1.${matrix}`, ids, start),
          );
          curve.norms.forEach((norm, lag) => {
            const squares = windows.reduce((sum, norms) => sum + norms[lag]! ** 2, 0);
            const expected = Math.sqrt(squares / starts.length);
            const error = Math.abs(norm - expected) / (norm + expected);
            assert.ok(error < 1e-7, `lag ${String(lag)}: ${String(norm)}, not ${String(expected)}`);
          });
        }
        assert.equal(
          lags.filter(({ variable }) => variable.startsWith('layer1')).length * layers,
          lags.length,
        );
      });
    }
  }

  it('do not depend on how many windows are read side by side', () => {
    const network = makeNetwork(cells.lstm.source, 2);
    const [one, two, three] = [1, 2, 3].map((batch) => lagsOf(network, ids, starts, batch));
    one!.forEach(({ variable, norms }, i) => {
      norms.forEach((norm, lag) => {
        assert.ok(Math.abs(two![i]!.norms[lag]! / norm - 1) < 1e-12, variable);
        assert.ok(Math.abs(three![i]!.norms[lag]! / norm - 1) < 1e-12, variable);
      });
    });
  });

  it('are the same from the float32 kernels', () => {
    const network = makeNetwork(cells.lstm.source, 2);
    const { model, backend } = network;
    const { parameters, parameterFloats } = model.layout;
    const kernels = createWasmBackend({ layout: model.layout });
    const values = backend.floats().subarray(parameters, parameters + parameterFloats);
    kernels.floats().set(values, parameters);
    kernels.parametersChanged();
    const exact = lagsOf(network, ids, starts, 2);
    lagsOf(createNetwork(model, kernels), ids, starts, 2).forEach(({ variable, norms }, i) => {
      assert.equal(variable, exact[i]!.variable);
      norms.forEach((norm, lag) => {
        assert.ok(Math.abs(norm / exact[i]!.norms[lag]! - 1) < 1e-4);
      });
    });
  });

  /**
   * Norms of Jacobian products ∂s_t/∂s_{t-k} of a tanh network of 100 units are known to fall from 1.1 to .02
   * in 20 steps and 5e-10 in 50 with weights of gain 1, and to rise to 500 and 4e6 with gain 5.
   */
  it('vanish at gain 1 and explode at gain 5', () => {
    const ratios = [1, 5].map((gain) => {
      const cell = parseCell('s[t] = tanh(W s[t-1] + U x[t])', 'cell');
      const spec = { cell, hidden: 100, layers: 1, vocabulary, embedding: 0, dropout: 0 };
      const model = buildModel(spec);
      const backend = createReferenceBackend(model.layout);
      const next = random(9);
      const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      for (const parameter of model.parameters) {
        const scale = parameter.symbol === 'W' ? gain / 10 : 0.5;
        const values = Array.from(
          { length: parameter.rows * parameter.columns },
          () => scale * normal(),
        );
        writeParameter(backend.floats(), model.layout.parameters, parameter, values);
      }
      const network = createNetwork(model, backend);
      const long = Uint8Array.from({ length: 400 }, () => Math.floor(next() * vocabulary));
      const windows = { starts: [0, 60, 120, 180, 240, 300], length: 64, warmUp: 0 };
      const probe = createLagProbe(network, structureOf(spec), long, windows, 6);
      const { norms } = finish(probe.measure()).lags[0]!;
      return [norms[20]! / norms[0]!, norms[50]! / norms[0]!] as const;
    });
    const [[vanished, gone], [grown, exploded]] = ratios as [
      readonly [number, number],
      readonly [number, number],
    ];
    assert.ok(vanished < 0.1 && gone < 1e-4, `${String(vanished)}, ${String(gone)}`);
    assert.ok(grown > 10 && exploded > 1e3, `${String(grown)}, ${String(exploded)}`);
  });
});

describe('a lag longer than the window that is asked for', () => {
  const lag = 30;
  const source = `s[t] = tanh(U x[t] + b)\nh[t] = tanh(W s[t-${String(lag)}] + k)`;
  const network = makeNetwork(source, 1);
  const { model, backend } = network;
  const matrix = (symbol: string): number[] => {
    const parameter = model.parameters.find((p) => p.symbol === symbol)!;
    return [...readParameter(backend.floats(), model.layout.parameters, parameter)];
  };
  for (const [symbol, scale] of [
    ['U', 2],
    ['W', 4],
  ] as const) {
    const parameter = model.parameters.find((p) => p.symbol === symbol)!;
    const values = matrix(symbol).map((value) => scale * value);
    writeParameter(backend.floats(), model.layout.parameters, parameter, values);
  }
  const next = random(12);
  const ids = Uint8Array.from({ length: 400 }, () => Math.floor(next() * vocabulary));
  const windows = chooseWindows(
    [{ from: 1, to: ids.length }],
    8,
    structureOf(model.spec).reach,
    100,
  );
  const look = finish(createLagProbe(network, structureOf(model.spec), ids, windows, 4).measure());
  /** The model written out, from the text's beginning on. */
  const [U, b, W, k, V, c] = ['U', 'b', 'W', 'k', 'V', 'c'].map(matrix);
  const times = (M: number[], vector: readonly number[], rows: number): number[] =>
    Array.from({ length: rows }, (_, i) =>
      vector.reduce((sum, value, j) => sum + M[i * vector.length + j]! * value, 0),
    );
  const s = Array.from(ids, (id) =>
    b!.map((bias, i) => Math.tanh(U![i * vocabulary + id]! + bias)),
  );
  const h = s.map((_, t) => {
    const sums = times(W!, s[t - lag] ?? [0, 0, 0, 0], hidden);
    return sums.map((sum, i) => Math.tanh(sum + k![i]!));
  });

  it('is followed to where it reaches, and only there the gradient is not 0', () => {
    const { norms } = look.lags.find(({ variable }) => variable === 'layer1.s')!;
    const squares = windows.starts.map((start) => {
      const t = start + windows.length - 1;
      const powers = times(V!, h[t]!, vocabulary).map((value, i) => Math.exp(value + c![i]!));
      const total = powers.reduce((sum, power) => sum + power, 0);
      const error = powers.map((power, i) => power / total - (i === ids[t + 1] ? 1 : 0));
      const inner = h[t]!.map((value, i) => {
        const back = error.reduce((sum, e, row) => sum + e * V![row * hidden + i]!, 0);
        return (1 - value ** 2) * back;
      });
      return inner
        .map((_, j) => inner.reduce((sum, d, i) => sum + d * W![i * hidden + j]!, 0))
        .reduce((sum, slope) => sum + slope ** 2, 0);
    });
    const expected = Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / squares.length);
    assert.ok(expected > 0.01 && Math.abs(norms[lag]! / expected - 1) < 1e-10);
    assert.ok(norms.every((norm, k) => k === lag || norm === 0));
  });

  it('is not behind the beginning of what saturation is counted on', () => {
    const read = windows.starts.flatMap((start) =>
      h.slice(start + windows.warmUp, start + windows.length).flat(),
    );
    const share = read.filter((value) => 1 - value ** 2 < 0.05).length / read.length;
    const found = look.saturation.find(({ variable }) => variable === 'layer1.h')!;
    assert.ok(share > 0.05 && share < 0.95, String(share));
    assert.ok(Math.abs(found.share - share) < 1e-12);
  });
});

describe('saturation', () => {
  it('is the share of values near the ends of their function', () => {
    const source = 'g[t] = sigmoid(A x[t] + B s[t-1])\ns[t] = tanh(g[t] * (U x[t] + W s[t-1]))';
    const network = makeNetwork(source, 1);
    const { model, backend } = network;
    for (const symbol of ['A', 'U']) {
      const parameter = model.parameters.find((p) => p.symbol === symbol)!;
      const next = random(10);
      const values = Array.from({ length: hidden * vocabulary }, () => 8 * next() - 4);
      writeParameter(backend.floats(), model.layout.parameters, parameter, values);
    }
    const matrix = (symbol: string): Float64Array => {
      const parameter = model.parameters.find((p) => p.symbol === symbol)!;
      return readParameter(backend.floats(), model.layout.parameters, parameter);
    };
    const [A, B, U, W] = ['A', 'B', 'U', 'W'].map(matrix);
    const ids = shuffledTokens(2);
    const starts = [0, length + 1];
    const shares = { s: 0, g: 0 };
    for (const start of starts) {
      let state = new Array<number>(hidden).fill(0);
      for (let t = 0; t < length; t++) {
        const token = ids[start + t]!;
        const sum = (input: Float64Array, recurrent: Float64Array, i: number): number =>
          state.reduce(
            (total, value, j) => total + recurrent[i * hidden + j]! * value,
            input[i * vocabulary + token]!,
          );
        const gates = state.map((_, i) => 1 / (1 + Math.exp(-sum(A!, B!, i))));
        state = state.map((_, i) => Math.tanh(gates[i]! * sum(U!, W!, i)));
        shares.g += gates.filter((gate) => gate < 0.1 || gate > 0.9).length;
        shares.s += state.filter((value) => 1 - value ** 2 < 0.05).length;
      }
    }
    const total = starts.length * length * hidden;
    const structure = structureOf(model.spec);
    const probe = createLagProbe(network, structure, ids, { starts, length, warmUp: 0 }, 2);
    const found = new Map(
      finish(probe.measure()).saturation.map(({ variable, share }) => [variable, share]),
    );
    assert.ok(shares.g > 0 && shares.s > 0 && shares.g < total && shares.s < total);
    assert.deepEqual(
      found,
      new Map([
        ['layer1.g', shares.g / total],
        ['layer1.s', shares.s / total],
      ]),
    );
  });

  it('is not of values that are no numbers', () => {
    assert.ok(!isSaturated('tanh', NaN) && !isSaturated('sigmoid', NaN));
    assert.ok(isSaturated('tanh', -1) && isSaturated('sigmoid', 0) && isSaturated('sigmoid', 1));
    assert.ok(!isSaturated('tanh', 0.97) && isSaturated('tanh', 0.975));
  });
});
