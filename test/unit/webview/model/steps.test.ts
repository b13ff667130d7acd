import assert from 'node:assert/strict';
import type { WindowResult } from '../../../../src/protocol/panel';
import { outputsOf, readSteps } from '../../../../webview/views/model/steps';
import { lstm } from '../gradients/evidence';

const network = lstm(2);
const tokens = ['a', 'b', 'c', 'd'];
const outputs = ['layer1.h', 'layer2.h'];
const result: WindowResult = {
  tokens,
  probability: Float64Array.of(NaN, 0.5, 0.25, 0.125),
  loss: new Float64Array(4),
  variables: outputs.map((name, layer) => ({
    name,
    width: 4,
    values: Float64Array.from({ length: 16 }, (_, i) => 100 * layer + i),
  })),
  top: tokens.map((token) => [{ token: token.toUpperCase(), probability: 0.9 }]),
};

describe('steps of the unrolled network', () => {
  it('have their token, what is expected and what comes, and each layer’s output', () => {
    assert.deepEqual(outputsOf(network), outputs);
    const steps = readSteps({ result }, network, 10)!;
    assert.deepEqual(
      steps.map(({ token, next }) => [token, next.token, next.probability]),
      [
        ['a', 'b', 0.5],
        ['b', 'c', 0.25],
        ['c', 'd', 0.125],
      ],
    );
    assert.deepEqual(steps[1]!.expected, { token: 'B', probability: 0.9 });
    const values = steps[2]!.outputs.map((output) => Array.from(output));
    assert.deepEqual(values, [
      [8, 9, 10, 11],
      [108, 109, 110, 111],
    ]);
  });

  it('are as many as are asked for, and none of the last token, after which nothing is known', () => {
    assert.equal(readSteps({ result }, network, 2)?.length, 2);
    assert.equal(readSteps({ result }, network, 9)?.length, 3);
    const one = { ...result, tokens: ['a'] };
    assert.equal(readSteps({ result: one }, network, 9)?.length, 0);
  });

  it('need every layer’s output', () => {
    const partial = { ...result, variables: result.variables.slice(0, 1) };
    assert.equal(readSteps({ result: partial }, network, 9), undefined);
    assert.equal(readSteps({ result: null }, network, 9), undefined);
  });
});
