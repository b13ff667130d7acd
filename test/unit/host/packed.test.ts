import assert from 'node:assert/strict';
import { packed } from '../../../src/host/panel/packed';
import { evaluationsOf, metricsOf } from '../../../src/protocol/history';
import { decodeToPanel, type Observation, type ToPanel } from '../../../src/protocol/panel';

interface Reference {
  readonly index: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

function isReference(value: unknown): value is { readonly $$: Reference } {
  return typeof value === 'object' && value !== null && '$$' in value;
}

/**
 * What becomes of a message between an extension and its webview: JSON with references to buffers, each of
 * which is an argument of a call beside handle and JSON; their number is written as one byte
 * (`serializeWebviewMessage` and `MessageBuffer.writeMixedArray` of VS Code 1.100 to 1.139).
 */
function throughVSCode(message: unknown): unknown {
  const buffers: ArrayBufferLike[] = [];
  const json = JSON.stringify(message, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const { buffer, byteOffset, byteLength } = value;
    if (!buffers.includes(buffer)) buffers.push(buffer);
    return { $$: { index: buffers.indexOf(buffer), byteOffset, byteLength } };
  });
  const received = buffers
    .slice(0, ((buffers.length + 2) % 256) - 2)
    .map((buffer) => buffer.slice());
  return JSON.parse(json, (_, value: unknown) => {
    if (!isReference(value)) return value;
    const { index, byteOffset, byteLength } = value.$$;
    const buffer = received[index];
    return buffer ? new Float64Array(buffer, byteOffset, byteLength / 8) : new Float64Array();
  });
}

/** As a diverging run has it: with numbers that JSON does not know. */
function observationOf(step: number): Observation {
  const histogram = { least: NaN, greatest: NaN, counts: Float64Array.of() };
  return {
    step,
    seconds: step / 10,
    gradientNorm: Float64Array.of(step, Infinity, NaN),
    weightNorm: Float64Array.of(1, 2, step),
    updateRatio: Float64Array.of(0.1, NaN, 0.3),
    weights: [{ least: -step, greatest: step, counts: Float64Array.of(step, 0, 1) }],
    gradients: [histogram],
    lags: [{ variable: 'layer1.s', norms: Float64Array.from({ length: 64 }, (_, k) => step / k) }],
    saturation: [{ variable: 'layer1.s', share: NaN }],
  };
}

describe('a message to the panel', () => {
  const messages: ToPanel[] = Array.from({ length: 240 }, (_, i) => {
    const nothing = { metrics: metricsOf([]), evaluations: evaluationsOf([]), samples: [] };
    return { type: 'append', id: 'run', ...nothing, observations: [observationOf(i + 1)] };
  });

  it('arrives as it was sent, however many columns are in it', () => {
    const received = throughVSCode(packed(messages)) as unknown[];
    assert.deepEqual(received.map(decodeToPanel), messages);
  });

  it('has one buffer, with nothing in it twice', () => {
    const shared = Float64Array.of(1, 2, 3);
    const { a, b, c } = packed({ a: shared, b: [shared, null], c: { text: 'x', part: shared } });
    assert.equal(a.buffer.byteLength, 24);
    assert.equal(b[0], a);
    assert.deepEqual(c, { text: 'x', part: shared });
    assert.notEqual(a.buffer, shared.buffer);
  });

  it('would lose columns if each had a buffer of its own', () => {
    const received = throughVSCode(messages) as { observations: Observation[] }[];
    assert.equal(received.at(-1)!.observations[0]!.weightNorm.length, 0);
  });
});
