import assert from 'node:assert/strict';
import type { LookBack } from '../../../../src/protocol/engine';
import type { CursorMessage } from '../../../../src/protocol/panel';
import {
  backContent,
  farthestMemory,
  shares,
  termContent,
} from '../../../../webview/views/cursor/curves';
import { backCsv, termCsv } from '../../../../webview/views/cursor/rows';
import { sliceOf } from '../../../../webview/views/cursor/slice';
import { format } from '../loss/run';

const writing = { format, name: (name: string) => name };

/** Gradients that halve with each lag, and next to nothing from lag 30 on. */
function halving(lags: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: lags }, (_, lag) => (lag < 30 ? 4 * 0.5 ** lag : 0));
}

const back: LookBack = {
  states: [
    { variable: 'layer1.c', norms: halving(50), memory: 7 },
    { variable: 'layer1.h', norms: halving(50), memory: 5 },
  ],
  saliency: { norms: halving(50), memory: 6 },
  gradientTimesInput: { values: new Float64Array(50), memory: 0 },
  terms: [{ parameter: 'layer1.W', norms: halving(50), sum: 8, memory: 7 }],
};

describe('how far back the loss at the cursor depends on what was read', () => {
  it('is drawn as shares of the greatest, down to a hundred-millionth', () => {
    const of = shares(halving(50));
    assert.equal(of[0], 1);
    assert.equal(of[3], 1 / 8);
    // 2⁻²⁶ is 1.5e-8, 2⁻²⁷ is 7.5e-9.
    assert.equal(of[26], 2 ** -26);
    assert.ok(Number.isNaN(of[27]));
  });

  it('ends where nothing is left, with the farthest memory marked', () => {
    const { lines, marks, references } = backContent(back, writing);
    assert.deepEqual(
      lines.map(({ id }) => id),
      ['layer1.c', 'layer1.h', 'x'],
    );
    for (const { x, y } of lines) assert.deepEqual([x.length, y.length], [27, 27]);
    assert.deepEqual(
      marks?.map(({ x }) => x),
      [7],
    );
    assert.deepEqual(
      references?.map(({ value }) => value),
      [0.01],
    );
  });

  it('is without end where a state matters through the whole window', () => {
    assert.equal(farthestMemory(back.states), 7);
    assert.equal(farthestMemory([...back.states, { ...back.states[0]!, memory: null }]), null);
  });

  it('has the terms of a matrix with the norm of their sum', () => {
    const { lines, references } = termContent(back.terms[0]!, writing);
    assert.equal(lines[0]!.y[2], 1);
    assert.deepEqual(
      references?.map(({ value }) => value),
      [8],
    );
  });

  it('is saved whole', () => {
    const rows = backCsv(back).trim().split('\r\n');
    assert.equal(rows[0], 'lag,layer1.c,layer1.h,x,gradient times input');
    assert.equal(rows.length, 51);
    assert.equal(rows[3], '2,1,1,1,0');
    assert.equal(termCsv(back).trim().split('\r\n').at(-1), 'sum,8');
  });
});

describe('the tokens before the cursor', () => {
  const look = {
    tokens: ['a', 'b', 'c', 'd'],
    starts: Float64Array.of(10, 11, 12, 13),
    ends: Float64Array.of(11, 12, 13, 14),
    loss: Float64Array.of(NaN, 1, 2, 3),
    variables: [{ name: 'layer1.s', width: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) }],
    target: { at: 3 },
    gradients: { saliency: { norms: Float64Array.of(2, 4, 1, 0) } },
  } as unknown as NonNullable<CursorMessage['result']>;
  const network = {
    variables: [{ name: 'layer1.s', symbol: 's', layer: 1, activation: 'tanh' }],
  } as unknown as Parameters<typeof sliceOf>[1];

  it('are the last ones for which there is room, each with its values and its saliency', () => {
    const slice = sliceOf(look, network, 'layer1.s', 3)!;
    assert.deepEqual(slice.tokens, ['b', 'c', 'd']);
    assert.deepEqual([...slice.activations.values], [3, 4, 5, 6, 7, 8]);
    assert.deepEqual([...slice.starts], [11, 12, 13]);
    // Lag 0 is the token that was read last.
    assert.deepEqual([...slice.saliency], [0.25, 1, 0.5]);
  });

  it('have no saliency where nothing is predicted', () => {
    const slice = sliceOf({ ...look, target: null }, network, 'layer1.s', 4)!;
    assert.ok(slice.saliency.every(Number.isNaN));
    assert.equal(sliceOf(look, network, 'layer1.q', 4), undefined);
  });
});
