import assert from 'node:assert/strict';
import { buildModel } from '../../../src/core/engine/model';
import { readParameter, writeParameter, type Parameter } from '../../../src/core/engine/parameters';
import { parseCell } from '../../../src/core/equations/parse';
import { lookAtParameter, type ParameterLook } from '../../../src/core/inspection/parameter-look';
import { finish } from '../../../src/core/training/evaluate';
import { random } from '../engine/tools';

// Five rows lie in eight floats; U and V share a storage with nothing, A and B one with each other.
const model = buildModel({
  cell: parseCell('z[t] = sigmoid(A x[t] + W s[t-1])\ns[t] = tanh(B x[t] + z[t] + b)', 'cell'),
  hidden: 5,
  layers: 1,
  vocabulary: 7,
  embedding: 0,
  dropout: 0,
});
const { parameters, gradients, parameterFloats, free } = model.layout;

/** An arena whose padding holds what nobody may read. */
function makeArena(precision: typeof Float32Array | typeof Float64Array, seed: number) {
  const next = random(seed);
  const floats = new precision(free).fill(1e9);
  for (const block of [parameters, gradients]) {
    for (const parameter of model.parameters) {
      const values = Array.from({ length: parameter.rows * parameter.columns }, () => next() - 0.3);
      writeParameter(floats, block, parameter, values);
    }
  }
  return floats;
}

function look(floats: Float32Array | Float64Array, before: typeof floats, parameter: Parameter) {
  return finish(lookAtParameter(() => floats, model.layout, before, parameter));
}

/** Counts by the definition: bin j holds least + j w ≤ value < least + (j + 1) w, the last one its end too. */
function naiveCounts(values: Float64Array, bins: number): number[] {
  const least = Math.min(...values);
  const width = (Math.max(...values) - least) / bins;
  return Array.from({ length: bins }, (_, bin) => {
    const isIn = (value: number): boolean =>
      value >= least + bin * width && (bin === bins - 1 || value < least + (bin + 1) * width);
    return values.filter(isIn).length;
  });
}

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), String(actual));
}

describe('a look at a parameter', () => {
  for (const precision of [Float32Array, Float64Array]) {
    it(`finds norms, the update and histograms, without padding: ${precision.name}`, () => {
      const old = makeArena(precision, 1);
      const floats = makeArena(precision, 2);
      const before = old.subarray(parameters, parameters + parameterFloats);
      for (const parameter of model.parameters) {
        const found = look(floats, before, parameter);
        const was = readParameter(old, parameters, parameter);
        const values = readParameter(floats, parameters, parameter);
        const gradient = readParameter(floats, gradients, parameter);
        near(found.weightNorm, Math.hypot(...values), 1e-12);
        near(found.gradientNorm, Math.hypot(...gradient), 1e-12);
        const change = Math.hypot(...values.map((value, i) => value - was[i]!));
        near(found.updateRatio, change / Math.hypot(...was), 1e-12);
        assert.equal(found.weights.least, Math.min(...values));
        assert.equal(found.weights.greatest, Math.max(...values));
        assert.deepEqual([...found.weights.counts], naiveCounts(values, 40));
        assert.deepEqual([...found.gradients.counts], naiveCounts(gradient, 40));
      }
    });
  }

  const W = model.parameters.find(({ symbol }) => symbol === 'W')!;

  function lookAt(values: number[], before?: number[]): ParameterLook {
    const floats = makeArena(Float32Array, 3);
    const old = floats.slice(parameters, parameters + parameterFloats);
    const padded = (some: number[]) => Array.from({ length: 25 }, (_, i) => some[i] ?? 0.5);
    writeParameter(floats, gradients, W, padded(values));
    if (before !== undefined) writeParameter(old, 0, W, padded(before));
    return look(floats, old, W);
  }

  it('leaves what is not finite out of the histogram, and tells of it in the norm', () => {
    const { gradients: found, gradientNorm } = lookAt([NaN, Infinity, -Infinity, 1.5, -0.5]);
    assert.deepEqual([found.least, found.greatest], [-0.5, 1.5]);
    assert.equal(
      found.counts.reduce((sum, count) => sum + count),
      22,
    );
    assert.equal(found.counts[0], 1);
    assert.equal(found.counts[20], 20);
    assert.equal(found.counts[39], 1);
    assert.ok(Number.isNaN(gradientNorm));
    assert.equal(lookAt([Infinity]).gradientNorm, Infinity);
    const none = lookAt(new Array<number>(25).fill(NaN)).gradients;
    assert.ok(Number.isNaN(none.least) && Number.isNaN(none.greatest) && none.counts.length === 0);
  });

  it('has one bin where all values are equal', () => {
    const { gradients: found, gradientNorm } = lookAt([]);
    assert.deepEqual(found, { least: 0.5, greatest: 0.5, counts: Float64Array.of(25) });
    assert.equal(gradientNorm, 2.5);
  });

  it('has no update ratio where all values were zero', () => {
    assert.ok(Number.isNaN(lookAt([], new Array<number>(25).fill(0)).updateRatio));
  });
});
