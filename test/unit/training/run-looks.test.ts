import assert from 'node:assert/strict';
import type { Observation } from '../../../src/core/inspection/observation';
import {
  decodeObservations,
  decodeSamples,
  encodeObservation,
  encodeSample,
} from '../../../src/core/training/run-looks';

function observation(step: number): Observation {
  return {
    step,
    seconds: 1.5,
    gradientNorm: Float64Array.of(0.125, Infinity),
    weightNorm: Float64Array.of(1.23456789e-30, 2),
    updateRatio: Float64Array.of(NaN, 0.001),
    weights: [
      { least: -1, greatest: 1, counts: Float64Array.of(1, 0, 123_456_789) },
      { least: 0, greatest: 0, counts: Float64Array.of(4) },
    ],
    gradients: [
      { least: NaN, greatest: NaN, counts: new Float64Array(0) },
      { least: -1e-9, greatest: 1e9, counts: Float64Array.of(2, 2) },
    ],
    lags: [{ variable: 'layer1.s', norms: Float64Array.of(0.5, 1e-40, -Infinity) }],
    saturation: [{ variable: 'layer1.s', share: 0.25 }],
  };
}

describe('the files of looks', () => {
  it('hold observations to six digits, numbers that are not finite too', () => {
    const line = encodeObservation(observation(1_234_567));
    assert.match(line, /^\{.*\}\n$/);
    const expected = {
      ...observation(1_234_567),
      weightNorm: Float64Array.of(1.23457e-30, 2),
      weights: [
        { least: -1, greatest: 1, counts: Float64Array.of(1, 0, 123_457_000) },
        observation(1).weights[1]!,
      ],
    };
    assert.deepEqual(decodeObservations(line), [expected]);
  });

  it('hold texts as they are', () => {
    const sample = { step: 3, seconds: 0.5, temperature: 0.8, text: 'Ünïcode\n"\u2028' };
    assert.deepEqual(decodeSamples(encodeSample(sample)), [sample]);
    assert.equal(encodeSample(sample).split('\n').length, 2);
  });

  it('leave out lines that are damaged', () => {
    const good = [1, 2, 3].map((step) => encodeObservation(observation(step)));
    const missing = encodeObservation({ ...observation(9), weights: [] });
    const text = `${good[0]!}{}\n\n${good[1]!}${missing}nonsense\n${good[2]!.slice(0, 80)}`;
    assert.deepEqual(
      decodeObservations(text).map(({ step }) => step),
      [1, 2],
    );
    assert.deepEqual(decodeSamples('{"step":-1,"seconds":0,"temperature":1,"text":""}'), []);
    assert.deepEqual(decodeSamples(''), []);
  });

  it('give the later of what was written twice', () => {
    const lines = [1, 5, 9, 5, 6].map((step, i) =>
      encodeSample({ step, seconds: i, temperature: 1, text: String(i) }),
    );
    assert.deepEqual(
      decodeSamples(lines.join('')).map(({ step, text }) => [step, text]),
      [
        [1, '0'],
        [5, '3'],
        [6, '4'],
      ],
    );
  });
});
